// Names on the canvas: of constant size, with a halo, and never one on another.

const FONT = getComputedStyle(document.body).fontFamily;
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

// Return the drawn nodes, the ones whose names matter most first.
function byImportance(light) {
  const weight = (node) => {
    if (state.selected?.node === node) return -3;
    if (state.hovered?.node === node) return -2;
    return light !== null && light.nodes.has(node) ? -1 : 0;
  };
  const isShown = (node) => light === null || light.nodes.has(node) || state.hovered?.node === node;
  return [...state.nodes].filter(isShown).sort((a, b) => weight(a) - weight(b) || a - b);
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

// Whether a name would lie on the middle of another node.
function covers(box, node, positions) {
  return [...state.nodes].some((other) => other !== node
    && positions[other].x > box.left && positions[other].x < box.right
    && positions[other].y > box.top && positions[other].y < box.bottom);
}

function write(context, text, { x, y, pixels, bold, ink }, scale) {
  context.font = `${bold ? 600 : 400} ${pixels / scale}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5 / scale;
  context.strokeStyle = styled("--halo");
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function writeNames(context) {
  const scale = network.getScale();
  const positions = network.getPositions();
  const light = lit();
  const ink = styled("--ink");
  const boxes = [];
  for (const node of byImportance(light)) {
    const row = NODES[node];
    const isPicked = state.selected?.node === node || state.hovered?.node === node;
    const isPaper = "year" in row || "url" in row || row.size <= 5;
    if (isPaper && !isPicked && light === null && scale < 0.9) continue;
    const bold = isPicked || row.support >= 4;
    const pixels = Math.min(10.5 + 1.2 * Math.sqrt(row.support), 16) * Math.min(Math.max(scale, 1), 1.25);
    const text = shorten(row.name, isPicked ? 60 : 26);
    const { x, y } = positions[node];
    const half = { x: (widthOf(context, text, bold) * pixels) / 2 / scale, y: (pixels * 0.62) / scale };
    const gap = row.size + 2 / scale + half.y;
    const box = [y + gap, y - gap].map((middle) => boxAt(x, middle, half, 3 / scale))
      .find((spot) => isPicked || (!crosses(spot, boxes) && (bold || !covers(spot, node, positions))));
    if (!box) continue;
    boxes.push(box);
    write(context, text, { x, y: box.middle, pixels, bold, ink }, scale);
  }
}

function writeLineName(context) {
  const number = state.hovered?.line ?? state.selected?.line;
  if (number === undefined || !state.lines.has(number)) return;
  const line = LINES[number];
  const { x, y } = network.body.edges[`line${number}`].edgeType.getPoint(0.5);
  const text = `${line.type}${line.support > 1 ? ` · ${line.support} papers` : ""}`;
  write(context, text, { x, y, pixels: 12, bold: true, ink: styled("--accent") }, network.getScale());
}

network.on("afterDrawing", (context) => {
  context.save();
  writeNames(context);
  writeLineName(context);
  context.restore();
});
