// What a person does, and what follows.

const N_REVEALED = 12;

// Select a node or a line (null: nothing), show it in the panel, and bring it into view on `look`.
function select(selection, { look = false } = {}) {
  const node = selection?.node;
  if (node !== undefined && !state.nodes.has(node)) reveal(node);
  if (selection?.line !== undefined && !state.lines.has(selection.line)) revealLine(selection.line);
  const isWalk = panel.contains(document.activeElement);
  state.selected = selection;
  repaint();
  showPanel();
  if (isWalk) panel.focus();
  if (look && selection !== null) lookAt(node ?? LINES[selection.line].source);
  if (node !== undefined) say(`${NODES[node].label} ${NODES[node].name}, ${drawnNeighbours(node).length} neighbours drawn`);
  else say(selection === null ? "Nothing selected" : "Relationship selected");
}

// Draw a node that was not drawn, with the best supported of its neighbours.
function reveal(node) {
  if (state.centre !== null) leaveFocus();
  state.pinned.add(node);
  neighbours(node).filter((end) => state.labels.has(NODES[end].label)).slice(0, N_REVEALED)
    .forEach((end) => state.pinned.add(end));
  redraw();
}

function revealLine(number) {
  const line = LINES[number];
  if (state.centre !== null) leaveFocus();
  state.types.add(line.type);
  state.pinned.add(line.source).add(line.target);
  redraw();
  showFilters();
}

// Draw all neighbours of a node, as far as there is room.
function expand(node) {
  const hidden = hiddenNeighbours(node);
  state.pinned.add(node);
  hidden.slice(0, DATA.limit / 4).forEach((end) => state.pinned.add(end));
  if (state.centre !== null) { state.centre = null; places = overview; showFocusBar(); }
  redraw();
  select({ node });
  say(`${hidden.length} neighbours added`);
}

// Draw nothing but the neighbourhood of a node.
function focusOn(node, depth = 1) {
  state.centre = node;
  state.depth = depth;
  places = new Map();
  redraw();
  select({ node });
  showFocusBar();
  fit();
}

function leaveFocus() {
  if (state.centre === null) return;
  state.centre = null;
  places = overview;
  redraw();
  showFocusBar();
  select(state.selected);
  fit();
}

function savePicture() {
  const drawn = document.querySelector("#canvas canvas");
  const copy = document.createElement("canvas");
  copy.width = drawn.width;
  copy.height = drawn.height;
  const context = copy.getContext("2d");
  context.fillStyle = styled("--ground");
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(drawn, 0, 0);
  element("a", { href: copy.toDataURL("image/png"), download: "graph.png" }).click();
}

function changeTheme() {
  applyTheme();
  showFilters();
  repaint();
  showPanel();
}

network.on("click", ({ nodes, edges }) => {
  if (nodes.length > 0) select({ node: nodes[0] });
  else if (edges.length > 0) select({ line: Number(edges[0].slice(4)) });
  else select(null);
});
network.on("doubleClick", ({ nodes }) => { if (nodes.length > 0) expand(nodes[0]); });
network.on("hoverNode", ({ node }) => { state.hovered = { node }; network.redraw(); });
network.on("hoverEdge", ({ edge }) => { state.hovered = { line: Number(edge.slice(4)) }; network.redraw(); });
network.on("blurNode", () => { state.hovered = null; network.redraw(); });
network.on("blurEdge", () => { state.hovered = null; network.redraw(); });
network.on("dragEnd", ({ nodes }) => nodes.forEach((node) => places.set(node, network.getPosition(node))));

document.getElementById("zoom-in").addEventListener("click", () => zoom(1.25));
document.getElementById("zoom-out").addEventListener("click", () => zoom(0.8));
document.getElementById("fit").addEventListener("click", fit);
document.getElementById("save").addEventListener("click", savePicture);
document.getElementById("theme").addEventListener("click", () => {
  chosenTheme = isDark() ? "light" : "dark";
  changeTheme();
});
prefersDark.addEventListener("change", changeTheme);

showPanel();
fit();
if (DATA.seeds.length === 1) select({ node: DATA.seeds[0] });
