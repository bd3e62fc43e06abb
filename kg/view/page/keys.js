// The keyboard on the picture.

const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Go to the drawn neighbour that lies most in the direction of the key.
function walk([dx, dy]) {
  const at = state.selected?.node ?? (state.selected ? LINES[state.selected.line].source : undefined);
  if (at === undefined) {
    const first = Math.min(...state.nodes);
    if (Number.isFinite(first)) select({ node: first }, { look: true });
    return;
  }
  const from = places.get(at);
  let best = null;
  for (const node of drawnNeighbours(at)) {
    const x = places.get(node).x - from.x;
    const y = places.get(node).y - from.y;
    const along = (x * dx + y * dy) / (Math.hypot(x, y) || 1);
    if (along > 0.2 && (best === null || along > best.along)) best = { node, along };
  }
  if (best === null) say("No neighbour in this direction");
  else select({ node: best.node }, { look: true });
}

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button")) return;
  const actions = {
    Enter: () => { if (state.selected?.node !== undefined) expand(state.selected.node); },
    Escape: () => (state.selected === null ? leaveFocus() : select(null)),
    "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: fit,
  };
  const action = event.key in DIRECTIONS ? () => walk(DIRECTIONS[event.key]) : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input")) {
    event.preventDefault();
    searchBox.focus();
  } else if (event.key === "Escape" && panel.contains(event.target) && state.selected !== null) {
    select(null);
    stage.focus();
  }
});
