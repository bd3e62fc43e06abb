// The sentences behind a node or a line, paper by paper.

const FIRST_PAPERS = 15;

// Return [paper, [{ sentence, confidence, details }, ...]] for the given lines, most said first.
function evidenceOf(lines) {
  const papers = new Map();
  for (const line of lines) {
    for (const [paper, sentence, confidence, detail] of line.evidence) {
      if (paper < 0) continue;
      if (!papers.has(paper)) papers.set(paper, new Map());
      const said = papers.get(paper);
      if (!said.has(sentence)) said.set(sentence, { sentence, confidence, details: new Set() });
      const entry = said.get(sentence);
      entry.confidence = Math.max(entry.confidence, confidence);
      if (detail) entry.details.add(detail);
    }
  }
  return [...papers].map(([paper, said]) => [paper, [...said.values()]])
    .sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
}

// Return where `name` stands as whole words at or after `from`, or -1.
function wordAt(text, name, from) {
  const isLetter = (letter) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
  let at = text.indexOf(name, from);
  while (at >= 0 && (isLetter(text[at - 1]) || isLetter(text[at + name.length]))) {
    at = text.indexOf(name, at + 1);
  }
  return at;
}

// Return a sentence with the names in it marked.
function marked(sentence, names) {
  const folded = sentence.toLowerCase();
  const parts = [];
  let from = 0;
  while (from < sentence.length) {
    let next = null;
    for (const name of names) {
      const at = wordAt(folded, name, from);
      const isNext = next === null || at < next.at || (at === next.at && name.length > next.length);
      if (at >= 0 && isNext) next = { at, length: name.length };
    }
    if (next === null || folded.length !== sentence.length) break;
    parts.push(sentence.slice(from, next.at));
    parts.push(element("mark", {}, sentence.slice(next.at, next.at + next.length)));
    from = next.at + next.length;
  }
  return [...parts, sentence.slice(from)];
}

function namesOf(nodes) {
  return nodes.flatMap((node) => [NODES[node].name, ...(NODES[node].aliases ?? [])])
    .filter((name) => name.length > 1).map((name) => name.toLowerCase());
}

function paperTitle(paper) {
  const row = DATA.papers[paper];
  const title = row.year ? `${row.title} (${row.year})` : row.title;
  if (!row.url || !/^https?:\/\//i.test(row.url)) return title;
  return element("a", { href: row.url, target: "_blank", rel: "noopener noreferrer" }, title);
}

function paperBlock([paper, said], names) {
  const quotes = said.filter((entry) => entry.sentence >= 0).map((entry) => {
    const details = [...entry.details, ...(entry.confidence < 1 ? [`confidence ${entry.confidence}`] : [])];
    return element("blockquote", {},
      ...marked(DATA.sentences[entry.sentence], names),
      details.length > 0 ? element("span", { class: "soft" }, details.join(" · ")) : "");
  });
  return element("li", { class: "paper" }, element("p", {}, paperTitle(paper)), ...quotes);
}

// Return the part of the panel that quotes the papers.
function evidencePart(lines, nodes) {
  const papers = evidenceOf(lines);
  if (papers.length === 0) {
    const sources = [...new Set(lines.flatMap((line) => line.evidence.map((entry) => entry[3])))].filter(Boolean);
    return [element("p", { class: "soft" }, `No sentence says so. Source: ${sources.join(", ") || "metadata"}`)];
  }
  const names = namesOf(nodes);
  const list = element("ul", {}, ...papers.slice(0, FIRST_PAPERS).map((entry) => paperBlock(entry, names)));
  const heading = `${papers.length} ${papers.length === 1 ? "paper says" : "papers say"}`;
  if (papers.length <= FIRST_PAPERS) return [element("h3", {}, heading), list];
  const more = button(`Show all ${papers.length} papers`, () => {
    list.append(...papers.slice(FIRST_PAPERS).map((entry) => paperBlock(entry, names)));
    more.remove();
  });
  return [element("h3", {}, heading), list, more];
}
