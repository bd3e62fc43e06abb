// Where nodes stand: as computed before, or in a free spot near what they belong to.

const overview = new Map(DATA.network.nodes.map(({ id, x, y }) => [id, { x, y }]));
let places = overview;

const SHORE = {
  left: Math.min(0, ...DATA.network.nodes.map((node) => node.x)),
  right: Math.max(0, ...DATA.network.nodes.map((node) => node.x)),
  bottom: Math.max(0, ...DATA.network.nodes.map((node) => node.y)),
};
let nLone = 0;

const STEP_X = 112;
const STEP_Y = 50;

// Whether nothing stands so near to (x, y) that a node with its name, or a mere dot, would touch it.
function isFree(x, y, taken, isDot) {
  const column = Math.floor(x / STEP_X);
  const row = Math.floor(y / STEP_Y);
  for (let i = column - 1; i <= column + 1; i += 1) {
    for (let j = row - 1; j <= row + 1; j += 1) {
      for (const other of taken.get(`${i},${j}`) ?? []) {
        const room = isDot ? 0.35 : 1;
        if (Math.abs(other.x - x) < STEP_X * room && Math.abs(other.y - y) < STEP_Y * room) return false;
      }
    }
  }
  return true;
}

function take(place, taken) {
  const key = `${Math.floor(place.x / STEP_X)},${Math.floor(place.y / STEP_Y)}`;
  if (!taken.has(key)) taken.set(key, []);
  taken.get(key).push(place);
}

// Return the first free spot on a spiral around `anchor`.
function freeSpot(anchor, taken, isDot) {
  for (let turn = 0; turn < 4000; turn += 1) {
    const radius = 34 * Math.sqrt(turn);
    const angle = turn * 2.399963; // the golden angle: even in all directions
    const x = Math.round(anchor.x + 1.5 * radius * Math.cos(angle));
    const y = Math.round(anchor.y + radius * Math.sin(angle));
    if (isFree(x, y, taken, isDot)) return { x, y };
  }
  return { ...anchor };
}

// Return the middle of the neighbours that have a place, pushed outwards a little; null if none.
function anchorOf(node, ends) {
  const placed = ends(node).filter((end) => places.has(end)).map((end) => places.get(end));
  if (placed.length === 0) return null;
  const x = placed.reduce((sum, place) => sum + place.x, 0) / placed.length;
  const y = placed.reduce((sum, place) => sum + place.y, 0) / placed.length;
  const away = placed.length === 1 ? 1 + 60 / Math.max(60, Math.hypot(x, y)) : 1;
  return { x: x * away, y: y * away };
}

// Give every one of `nodes` a place, beginning with those next to a placed one.
function placeAll(nodes, lines) {
  const ends = (node) => linesOf[node].filter((line) => lines.has(line.number))
    .map((line) => otherEnd(line, node));
  const taken = new Map();
  nodes.forEach((node) => { if (places.has(node)) take(places.get(node), taken); });
  let waiting = [...nodes].filter((node) => !places.has(node));
  while (waiting.length > 0) {
    const ready = waiting.filter((node) => anchorOf(node, ends) !== null);
    const batch = ready.length > 0 ? ready : [waiting[0]];
    for (const node of batch) {
      const place = freeSpot(anchorOf(node, ends) ?? loneSpot(), taken, NODES[node].size <= 5);
      places.set(node, place);
      take(place, taken);
    }
    waiting = waiting.filter((node) => !places.has(node));
  }
}

// Return where something stands that belongs to nothing drawn: in rows below the picture.
function loneSpot() {
  const columns = Math.max(6, Math.floor((SHORE.right - SHORE.left) / 170));
  const spot = {
    x: SHORE.left + 170 * (nLone % columns), y: SHORE.bottom + 110 + 90 * Math.floor(nLone / columns),
  };
  nLone += 1;
  return spot;
}

// Start a picture of its own for the neighbourhood of `centre`: rings by label around it.
function placeRings(centre, nodes) {
  places = new Map([[centre, { x: 0, y: 0 }]]);
  const order = DATA.labels.map((label) => label.name);
  const ring = neighbours(centre).filter((node) => nodes.has(node) && node !== centre)
    .sort((a, b) => order.indexOf(NODES[a].label) - order.indexOf(NODES[b].label) || a - b);
  const nRings = Math.ceil(ring.length / 28);
  const onRing = Math.ceil(ring.length / nRings);
  ring.forEach((node, i) => {
    const angle = (2 * Math.PI * ((i % onRing) + 0.5)) / onRing - Math.PI / 2;
    const radius = Math.max(190, onRing * 10) + 110 * Math.floor(i / onRing);
    places.set(node, {
      x: Math.round(1.6 * radius * Math.cos(angle)), y: Math.round(radius * Math.sin(angle)),
    });
  });
}
