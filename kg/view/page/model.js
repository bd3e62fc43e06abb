// What the page holds, what is drawn of it, and the choice between the two.

const DATA = JSON.parse(document.getElementById("graph-data").textContent);
const NODES = DATA.nodes;
const LINES = DATA.lines.map(([source, target, type, support, evidence], number) => (
  { number, source, target, type, support, evidence }
));
const DASHED = new Set(DATA.types.filter((type) => type.dashed).map((type) => type.name));
const LABELS = new Map(DATA.labels.map((label) => [label.name, label]));

const linesOf = NODES.map(() => []);
for (const line of LINES) {
  linesOf[line.source].push(line);
  if (line.target !== line.source) linesOf[line.target].push(line);
}

const state = {
  labels: new Set(DATA.labels.filter((label) => label.shown).map((label) => label.name)),
  types: new Set(DATA.types.filter((type) => type.shown).map((type) => type.name)),
  pinned: new Set(), // nodes that somebody asked for: drawn before all others
  wished: new Set(), // labels and types that were switched on: drawn before the others
  centre: null, // the node whose neighbourhood alone is drawn, or null
  depth: 1,
  unlinked: false, // draw nodes without a drawn line too
  selected: null, // { node } or { line }, by number
  hovered: null,
  nodes: new Set(),
  lines: new Set(),
};

function otherEnd(line, node) {
  return line.source === node ? line.target : line.source;
}

// Return what a node has relationships of the shown types with, the best supported first.
function neighbours(node) {
  const lines = linesOf[node].filter((line) => state.types.has(line.type));
  return [...new Set(lines.map((line) => otherEnd(line, node)))].filter((end) => end !== node);
}

function isWanted(node) {
  return state.pinned.has(node) || state.labels.has(NODES[node].label);
}

// Return the nodes within `depth` drawable lines of `centre`.
function around(centre, depth) {
  const seen = new Set([centre]);
  let front = [centre];
  for (let step = 0; step < depth; step += 1) {
    const next = [];
    for (const node of front) {
      for (const line of linesOf[node]) {
        const end = otherEnd(line, node);
        if (seen.has(end) || !state.types.has(line.type) || !isWanted(end)) continue;
        seen.add(end);
        next.push(end);
      }
    }
    front = next;
  }
  return seen;
}

// Return what to draw: what was asked for, then lines with their ends, the best supported first.
function choose() {
  const within = state.centre === null ? null : around(state.centre, state.depth);
  const nodes = new Set(state.centre === null ? state.pinned : [state.centre]);
  const lines = new Set();
  let limit = state.unlinked ? 0.75 * DATA.limit : DATA.limit;
  const room = () => limit - nodes.size - lines.size;
  const add = (line) => {
    const fresh = [line.source, line.target].filter((end) => !nodes.has(end));
    if (lines.has(line.number) || room() < 1 + new Set(fresh).size) return;
    fresh.forEach((end) => nodes.add(end));
    lines.add(line.number);
  };
  const usable = LINES.filter((line) => state.types.has(line.type)
    && [line.source, line.target].every((end) => isWanted(end) && (!within || within.has(end))));
  usable.filter((line) => nodes.has(line.source) && nodes.has(line.target)).forEach(add);
  const isWished = (line) => [line.type, NODES[line.source].label, NODES[line.target].label]
    .some((name) => state.wished.has(name));
  usable.filter(isWished).forEach((line) => { if (room() > DATA.limit / 2) add(line); });
  usable.forEach(add);
  limit = DATA.limit;
  if ((state.unlinked || nodes.size === 0) && !within) {
    for (let node = 0; node < NODES.length && room() > 0; node += 1) {
      if (isWanted(node)) nodes.add(node);
    }
  }
  return { nodes, lines };
}

// Return the drawn neighbours of a node.
function drawnNeighbours(node) {
  const ends = linesOf[node].filter((line) => state.lines.has(line.number))
    .map((line) => otherEnd(line, node));
  return [...new Set(ends)].filter((end) => end !== node);
}

function hiddenNeighbours(node) {
  return neighbours(node).filter((end) => !state.nodes.has(end));
}
