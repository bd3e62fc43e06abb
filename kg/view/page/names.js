// Names on the canvas: of constant size, with a halo, and never one on another.

const FONT = getComputedStyle(document.body).fontFamily;
// The two dozen best supported names are bold.
const BOLD_FROM = Math.max(3, NODES[Math.min(24, NODES.length - 1)]?.support ?? 0);
const widths = new Map();

function shorten(name, length) {
  const letters = [...name];
  return letters.length <= length ? name : `${letters.slice(0, length - 1).join("").trimEnd()}…`;
}

function widthOf(context, text, bold) {
  const key = `${bold ? "b" : ""}${text}`;
  if (!widths.has(key)) {
    context.font = `${bold ? 600 : 400} 100px ${FONT}`;
    widths.set(key, context.measureText(text).width / 100);
  }
  return widths.get(key);
}

// Return the nodes that show when there is a selection: all of them where there is none.
function shownNodes(light) {
  const isShown = (node) => light === null || light.nodes.has(node) || state.hovered?.node === node;
  return [...state.nodes].filter(isShown);
}

// Return the nodes, the ones whose names matter most first.
function byImportance(nodes, light) {
  const weight = (node) => {
    if (state.selected?.node === node) return -3;
    if (state.hovered?.node === node) return -2;
    return light !== null && light.nodes.has(node) ? -1 : 0;
  };
  return [...nodes].sort((a, b) => weight(a) - weight(b) || a - b);
}

function boxAt(x, middle, half, margin) {
  return {
    middle, left: x - half.x - margin, right: x + half.x + margin, top: middle - half.y, bottom: middle + half.y,
  };
}

function crosses(box, others) {
  return others.some((other) => box.left < other.right && other.left < box.right
    && box.top < other.bottom && other.top < box.bottom);
}

// Whether a name would lie on the middle of a node.
function covers(box, points) {
  return points.some(({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom);
}

function write(context, text, { x, y, pixels, bold, ink, halo }, scale) {
  context.font = `${bold ? 600 : 400} ${pixels / scale}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5 / scale;
  context.strokeStyle = halo;
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

// Return how a node's name is written: small things of little support only from near.
function nameStyle(node, scale, light) {
  const row = NODES[node];
  const isPicked = state.selected?.node === node || state.hovered?.node === node;
  if (row.size <= 5 && !isPicked && light === null && scale < 0.9) return null;
  return {
    isPicked,
    bold: isPicked || row.support >= BOLD_FROM,
    pixels: (11.5 + Math.max(row.size - 9, 0) * 0.18) * Math.min(Math.max(scale, 1), 1.25),
    text: shorten(row.name, isPicked ? 60 : 26),
  };
}

function writeNames(context, scale, colours) {
  const positions = network.getPositions();
  const light = lit();
  const nodes = shownNodes(light).filter((node) => node in positions);
  const points = nodes.map((node) => positions[node]);
  const boxes = [];
  for (const node of byImportance(nodes, light)) {
    const style = nameStyle(node, scale, light);
    if (style === null) continue;
    const { x, y } = positions[node];
    const width = widthOf(context, style.text, style.bold) * style.pixels;
    const half = { x: width / 2 / scale, y: (style.pixels * 0.62) / scale };
    const gap = NODES[node].size + 2 / scale + half.y;
    const box = [y + gap, y - gap].map((middle) => boxAt(x, middle, half, 3 / scale)).find((spot) => (
      style.isPicked || (!crosses(spot, boxes) && (style.bold || !covers(spot, points)))));
    if (!box) continue;
    boxes.push(box);
    write(context, style.text, { ...style, ...colours, x, y: box.middle }, scale);
  }
}

function writeLineName(context, scale, halo) {
  const number = state.hovered?.line ?? state.selected?.line;
  if (!visEdges.get(`line${number}`)) return;
  const line = LINES[number];
  const { x, y } = network.body.edges[`line${number}`].edgeType.getPoint(0.5);
  const text = `${line.type}${line.support > 1 ? ` · ${line.support} papers` : ""}`;
  write(context, text, { x, y, pixels: 12, bold: true, ink: styled("--accent"), halo }, scale);
}

network.on("afterDrawing", (context) => {
  const scale = network.getScale();
  const halo = styled("--halo");
  context.save();
  writeNames(context, scale, { ink: styled("--ink"), halo });
  writeLineName(context, scale, halo);
  context.restore();
});
