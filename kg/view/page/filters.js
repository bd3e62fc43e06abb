// The legend, which filters, and the bar of a neighbourhood.

function toggle(set, value) {
  const isOn = !set.delete(value);
  if (isOn) set.add(value);
  if (isOn) state.wished.add(value);
  else state.wished.delete(value);
}

function chip(text, count, isOn, onClick) {
  const made = button("", () => {
    onClick();
    refresh();
    made.setAttribute("aria-pressed", String(isOn()));
  }, { class: "chip", "aria-pressed": String(isOn()) });
  made.append(element("span", {}, text));
  if (count !== null) made.append(element("span", { class: "count" }, count.toLocaleString("en")));
  return made;
}

function showFilters() {
  document.getElementById("labels").replaceChildren(...DATA.labels.map((label) => {
    const made = chip(label.name, label.count, () => state.labels.has(label.name),
      () => toggle(state.labels, label.name));
    made.prepend(sign(label.name));
    return made;
  }));
  document.getElementById("types").replaceChildren(
    ...DATA.types.map((type) => {
      const made = chip(type.name, type.count, () => state.types.has(type.name),
        () => toggle(state.types, type.name));
      made.dataset.type = type.name;
      return made;
    }),
    chip("unlinked nodes too", null, () => state.unlinked, () => { state.unlinked = !state.unlinked; }),
  );
  showTypes();
}

// Offer the relationship types that join shown labels, and no others.
function showTypes() {
  const possible = new Set(LINES.filter((line) => isWanted(line.source) && isWanted(line.target))
    .map((line) => line.type));
  document.querySelectorAll("[data-type]").forEach((made) => {
    made.hidden = !possible.has(made.dataset.type);
  });
}

// Draw what the filters now ask for; a selection that is gone is given up.
function refresh() {
  showTypes();
  redraw();
  const { node, line } = state.selected ?? {};
  if ((node !== undefined && !state.nodes.has(node)) || (line !== undefined && !state.lines.has(line))) {
    state.selected = null;
    repaint();
  }
  showPanel();
}

function showFocusBar() {
  const bar = document.getElementById("focus-bar");
  bar.hidden = state.centre === null;
  if (state.centre === null) return;
  const depths = [1, 2, 3].map((depth) => button(String(depth), () => {
    state.depth = depth;
    focusOn(state.centre, depth);
  }, { "aria-pressed": String(state.depth === depth), "aria-label": `Depth ${depth}` }));
  bar.replaceChildren(element("span", { class: "name" }, `Around ${NODES[state.centre].name}`), ...depths,
    button("Whole picture", leaveFocus, { id: "whole" }));
}
