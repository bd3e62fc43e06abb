// The canvas: vis-network with what is drawn, and how a selection shows on it.

const stage = document.getElementById("stage");
applyTheme();
const visNodes = new vis.DataSet(DATA.network.nodes.map((node) => ({ ...node, ...nodeLook(node.id) })));
const visEdges = new vis.DataSet(DATA.network.edges.map((edge) => ({
  ...edge, ...lineLook(Number(edge.id.slice(4))),
})));
DATA.network.nodes.forEach((node) => state.nodes.add(node.id));
DATA.network.edges.forEach((edge) => state.lines.add(Number(edge.id.slice(4))));
visEdges.update([...state.lines].map(visEdge));

// What stands above the canvas takes its room before the canvas is measured.
showFilters();
showCounts();

const network = new vis.Network(
  document.getElementById("canvas"),
  { nodes: visNodes, edges: visEdges },
  DATA.network.options,
);

// Whether the whole picture is the neighbourhood of this node: then all of it stays lit.
function isMiddle(node) {
  return node !== undefined && (state.centre === node || (state.centre === null && DATA.seeds.includes(node)));
}

document.querySelector(".vis-network").tabIndex = -1; // the stage takes the keys

// Return the nodes and lines that a selection lights up; null when nothing is selected.
function lit() {
  if (state.selected === null || isMiddle(state.selected.node)) return null;
  if ("line" in state.selected) {
    const line = LINES[state.selected.line];
    return { nodes: new Set([line.source, line.target]), lines: new Set([line.number]) };
  }
  const node = state.selected.node;
  const lines = linesOf[node].filter((line) => state.lines.has(line.number));
  return {
    nodes: new Set([node, ...lines.map((line) => otherEnd(line, node))]),
    lines: new Set(lines.map((line) => line.number)),
  };
}

function nodeLook(node, light = lit()) {
  const colour = colourOf(NODES[node].label);
  const isSelected = state.selected?.node === node;
  return {
    color: { background: colour, border: isSelected ? styled("--ink") : styled("--halo") },
    borderWidth: isSelected ? 3 : 1.5,
    opacity: light === null || light.nodes.has(node) ? 1 : 0.16,
  };
}

function lineLook(number, light = lit()) {
  const line = LINES[number];
  const isLit = light !== null && light.lines.has(number);
  const opacity = light === null ? 0.5 : isLit ? 0.95 : 0.07;
  return {
    color: { color: colourOf(NODES[line.target].label), opacity, inherit: false },
    width: Math.min(1.8 + 1.2 * (Math.max(line.support, 1) - 1), 7),
    dashes: DASHED.has(line.type) ? [4, 4] : false,
  };
}

function visNode(node) {
  const row = NODES[node];
  const { x, y } = places.get(node);
  return { id: node, x, y, size: row.size, shape: LABELS.get(row.label).shape, ...nodeLook(node) };
}

// Lines between the same two nodes fan out.
function bend(line) {
  const between = linesOf[line.source].filter((other) => state.lines.has(other.number)
    && otherEnd(other, line.source) === otherEnd(line, line.source));
  if (between.length < 2) return false;
  const turn = between.indexOf(line) - (between.length - 1) / 2;
  const side = line.source < line.target ? turn : -turn;
  return { enabled: true, type: side < 0 ? "curvedCCW" : "curvedCW", roundness: Math.abs(side) * 0.22 };
}

function visEdge(number) {
  const line = LINES[number];
  return {
    id: `line${number}`, from: line.source, to: line.target, arrows: "to", smooth: bend(line),
    ...lineLook(number),
  };
}

// Bring the canvas up to what `state` asks for.
function redraw() {
  const { nodes, lines } = choose();
  state.nodes = nodes;
  state.lines = lines;
  if (state.centre !== null && !places.has(state.centre)) placeRings(state.centre, nodes);
  placeAll(nodes, lines);
  const edgeIds = new Set([...lines].map((line) => `line${line}`));
  visEdges.remove(visEdges.getIds().filter((id) => !edgeIds.has(id)));
  visNodes.remove(visNodes.getIds().filter((id) => !nodes.has(id)));
  visNodes.update([...nodes].map(visNode));
  visEdges.update([...lines].map(visEdge));
  showCounts();
}

// Colour what is drawn anew: after a selection or a change of theme.
function repaint() {
  const light = lit();
  visNodes.update([...state.nodes].map((id) => ({ id, ...nodeLook(id, light) })));
  visEdges.update([...state.lines].map((line) => ({ id: `line${line}`, ...lineLook(line, light) })));
}

function showCounts() {
  const number = (count) => count.toLocaleString("en");
  document.getElementById("counts").textContent = `${number(state.nodes.size)} of `
    + `${number(NODES.length)} nodes, ${number(state.lines.size)} of ${number(LINES.length)} lines drawn`;
}

// Show everything that is drawn, with room for the names at the border.
function fit() {
  const drawn = [...state.nodes].map((node) => places.get(node));
  if (drawn.length === 0) return;
  const [left, right] = [Math.min(...drawn.map(({ x }) => x)), Math.max(...drawn.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...drawn.map(({ y }) => y)), Math.max(...drawn.map(({ y }) => y))];
  const scale = Math.min(
    (stage.clientWidth - 150) / Math.max(right - left, 1),
    (stage.clientHeight - 110) / Math.max(bottom - top, 1),
    1.6,
  );
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale: Math.max(scale, 0.05) });
}

function zoom(factor) {
  network.moveTo({ scale: Math.min(8, Math.max(0.05, network.getScale() * factor)) });
}

// Bring a node into view without changing more than is needed.
function lookAt(node) {
  const { x, y } = network.canvasToDOM(places.get(node));
  const inside = x > 60 && y > 40 && x < stage.clientWidth - 60 && y < stage.clientHeight - 40;
  if (!inside || network.getScale() < 0.35) {
    network.moveTo({ position: places.get(node), scale: Math.max(network.getScale(), 0.7) });
  }
}
