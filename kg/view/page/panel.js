// The panel beside the picture: the list of what is drawn, or one node or line in detail.

const panel = document.getElementById("panel");

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

function button(text, onClick, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", onClick);
  return made;
}

function say(text) {
  document.getElementById("said").textContent = text;
}

function nodeButton(node) {
  const made = button("", () => select({ node }, { look: true }), { class: "plain grow" });
  made.append(sign(NODES[node].label), element("span", {}, NODES[node].name));
  return made;
}

function papersText(count) {
  return `${count} ${count === 1 ? "paper" : "papers"}`;
}

function kindLine(label, count) {
  const text = count > 0 ? `${label} · ${papersText(count)}` : label;
  return element("p", { class: "kind" }, sign(label), text);
}

// The picture in words: every drawn node, by label.
function listPart() {
  const parts = [element("h2", {}, "What is drawn"), element("p", { class: "soft" },
    "Pick a node or a line to read the sentences behind it. A double click brings in its neighbours.")];
  for (const label of DATA.labels) {
    const nodes = [...state.nodes].filter((node) => NODES[node].label === label.name).sort((a, b) => a - b);
    if (nodes.length === 0) continue;
    const rows = nodes.map((node) => element("li", { class: "row" }, nodeButton(node),
      element("span", { class: "quiet" }, NODES[node].support > 0 ? papersText(NODES[node].support) : "")));
    parts.push(element("h3", {}, `${label.name} (${nodes.length})`), element("ul", {}, ...rows));
  }
  return parts;
}

function relationRow(line, node) {
  const other = otherEnd(line, node);
  const arrow = line.source === node ? "→" : "←";
  const evidence = button(line.support > 0 ? papersText(line.support) : line.evidence[0][3] || "derived",
    () => select({ line: line.number }, { look: true }), {
      class: "plain quiet",
      "aria-label": `Sentences behind ${line.type} ${NODES[other].name}`,
    });
  return element("li", { class: "row" }, element("span", { "aria-hidden": "true" }, arrow),
    nodeButton(other), evidence);
}

function relationsPart(node) {
  const parts = [];
  for (const type of DATA.types) {
    const lines = linesOf[node].filter((line) => line.type === type.name);
    if (lines.length === 0) continue;
    const list = element("ul", {}, ...lines.slice(0, 30).map((line) => relationRow(line, node)));
    parts.push(element("h3", {}, `${type.name} (${lines.length})`), list);
    if (lines.length <= 30) continue;
    const more = button(`Show all ${lines.length}`, () => {
      list.append(...lines.slice(30).map((line) => relationRow(line, node)));
      more.remove();
    });
    parts.push(more);
  }
  return parts;
}

function nodePart(node) {
  const row = NODES[node];
  const hidden = hiddenNeighbours(node).length;
  const actions = [button("Only its neighbourhood", () => focusOn(node))];
  if (hidden > 0) actions.unshift(button(`Show ${hidden} more neighbours`, () => expand(node), { id: "expand" }));
  const parts = [kindLine(row.label, row.support), element("h2", {}, row.name)];
  if (row.aliases) parts.push(element("p", { class: "soft" }, `also: ${row.aliases.join(", ")}`));
  if (row.url || row.year) parts.push(element("p", {}, paperTitle(DATA.papers.findIndex((paper) => paper.node === node))));
  parts.push(element("div", { class: "actions" }, ...actions));
  return [...parts, ...relationsPart(node), ...evidencePart(linesOf[node], [node])];
}

function linePart(number) {
  const line = LINES[number];
  return [
    element("p", { class: "kind" }, line.support > 0 ? `Relationship · ${papersText(line.support)}` : "Relationship"),
    element("h2", {}, `${NODES[line.source].name} ${line.type} ${NODES[line.target].name}`),
    element("ul", {}, element("li", {}, nodeButton(line.source)), element("li", {}, nodeButton(line.target))),
    ...evidencePart([line], [line.source, line.target]),
  ];
}

function showPanel() {
  if (state.selected === null) {
    panel.replaceChildren(...listPart());
  } else {
    const back = button("‹ All that is drawn", () => select(null), { class: "plain soft", id: "back" });
    const part = "node" in state.selected ? nodePart(state.selected.node) : linePart(state.selected.line);
    panel.replaceChildren(back, ...part);
  }
  panel.scrollTop = 0;
}
