// Search over all names in the page, drawn or not.

const searchBox = document.getElementById("search");
const results = document.getElementById("results");
const N_RESULTS = 30;

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const searchable = NODES.map((row) => [row.name, ...(row.aliases ?? [])].map(fold));

// Return 0 for a whole name, 1 for its beginning, 2 for a word's, 3 for inside; null for none.
function quality(names, query) {
  let best = null;
  for (const name of names) {
    const at = name.indexOf(query);
    if (at < 0) continue;
    const isWord = at > 0 && !/[\p{L}\p{N}]/u.test(name[at - 1]);
    const found = name === query ? 0 : at === 0 ? 1 : isWord ? 2 : 3;
    if (best === null || found < best) best = found;
  }
  return best;
}

// Whether a node's label is not shown at first: such as papers, which come after what they name.
function isAside(node) {
  return LABELS.get(NODES[node].label).shown ? 0 : 1;
}

function find(text) {
  const query = fold(text.trim());
  if (query === "") return [];
  return searchable.map((names, node) => [quality(names, query), node])
    .filter(([found]) => found !== null)
    .sort((a, b) => a[0] - b[0] || isAside(a[1]) - isAside(b[1]) || a[1] - b[1])
    .slice(0, N_RESULTS).map(([, node]) => node);
}

function closeResults() {
  results.hidden = true;
  results.replaceChildren();
  searchBox.setAttribute("aria-expanded", "false");
  searchBox.removeAttribute("aria-activedescendant");
}

function markResult(step) {
  const items = [...results.children];
  if (items.length === 0) return;
  const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  const next = (now + step + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === next)));
  searchBox.setAttribute("aria-activedescendant", items[next].id);
  items[next].scrollIntoView({ block: "nearest" });
}

function openNode(node) {
  closeResults();
  searchBox.value = "";
  if (!state.nodes.has(node)) reveal(node);
  select({ node }, { look: true });
  stage.focus();
}

function showResults() {
  const found = find(searchBox.value);
  results.replaceChildren(...found.map((node, i) => {
    const item = element("li", { role: "option", id: `result${i}`, "aria-selected": "false" },
      sign(NODES[node].label), element("span", { class: "name" }, NODES[node].name));
    item.addEventListener("mousedown", (event) => { event.preventDefault(); openNode(node); });
    item.dataset.node = String(node);
    return item;
  }));
  results.hidden = found.length === 0;
  searchBox.setAttribute("aria-expanded", String(found.length > 0));
  say(searchBox.value.trim() === "" ? "" : `${found.length} names found`);
  if (found.length > 0) markResult(1);
}

searchBox.addEventListener("input", showResults);
searchBox.addEventListener("blur", closeResults);
searchBox.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    markResult(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const marked = results.querySelector("[aria-selected='true']");
    if (marked) openNode(Number(marked.dataset.node));
  } else if (event.key === "Escape") {
    searchBox.value = "";
    closeResults();
  }
});
