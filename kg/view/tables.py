"""The tables that a page carries: nodes, lines between them, papers and sentences."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from kg.records import Edge, Node
from kg.schema import Label, RelationType
from kg.text import collapse_spaces, strip_controls
from kg.view.palette import LOOKS
from kg.view.select import Part, display_name

__all__ = ["Line", "Tables", "build_tables"]

_USUAL_TOP = 20
"""The support of the largest node; in a larger graph that of its best supported node."""
_DETAILS = ("role", "margin", "kind", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """All relationships of one type from one node to another, drawn as one line.

    `evidence` holds `[paper, sentence, confidence, detail]`, the first two as places in the
    tables or -1; `support` counts the papers behind it.
    """

    source: int
    target: int
    type: str
    support: int
    evidence: tuple[tuple[int, int, float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What is in a page: `nodes` best supported first, `lines` in the order of drawing."""

    nodes: tuple[dict[str, Any], ...]
    lines: tuple[Line, ...]
    papers: tuple[dict[str, Any], ...]
    sentences: tuple[str, ...]
    numbers: Mapping[str, int]
    """The place of each node by its id."""


def build_tables(part: Part, papers: Iterable[Node]) -> Tables:
    """Return the part with all its things numbered and its relationships gathered into lines.

    `papers` are the Paper nodes of the whole graph: the part may quote others than its own. The
    order of the input leaves no trace. Text loses what has no glyph (controls, direction
    overrides, halves of characters), and addresses that are not of the web are left out.
    """
    by_id = {node.id: node for node in sorted(part.nodes, key=lambda node: node.id)}
    edges = sorted(
        (e for e in part.edges if e.source in by_id and e.target in by_id), key=lambda e: e.id
    )
    support = _support(edges)
    degree = Counter(end for edge in edges for end in (edge.source, edge.target))
    order = sorted(by_id, key=lambda i: (-support[i], -degree[i], i))
    place = {node_id: i for i, node_id in enumerate(order)}
    top = max(support.values(), default=1)
    numbers, sentences = _number_evidence(edges)
    known = {paper.id: paper for paper in papers}
    return Tables(
        nodes=tuple(_node_row(by_id[i], support[i], top) for i in order),
        lines=_lines(edges, place, numbers, sentences),
        papers=tuple(_paper_row(known.get(paper), paper, place) for paper in numbers),
        sentences=tuple(_clean(text) for text in sentences),
        numbers=place,
    )


def _support(edges: Iterable[Edge]) -> Counter[str]:
    papers: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        paper = edge.properties.get("paper")
        if isinstance(paper, str):
            papers[edge.source].add(paper)
            papers[edge.target].add(paper)
    return Counter({node: len(found) for node, found in papers.items()})


def _number_evidence(edges: Iterable[Edge]) -> tuple[dict[str, int], dict[str, int]]:
    papers: dict[str, int] = {}
    sentences: dict[str, int] = {}
    for edge in edges:
        paper, sentence = edge.properties.get("paper"), edge.properties.get("sentence")
        if isinstance(paper, str):
            papers.setdefault(paper, len(papers))
        if isinstance(sentence, str):
            sentences.setdefault(sentence, len(sentences))
    return papers, sentences


def _lines(
    edges: Iterable[Edge], place: dict[str, int], papers: dict[str, int], sentences: dict[str, int]
) -> tuple[Line, ...]:
    groups: dict[tuple[int, int, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        groups[place[edge.source], place[edge.target], edge.type].append(edge)
    lines = [
        Line(
            source=source,
            target=target,
            type=relation,
            support=len({e.properties["paper"] for e in group if "paper" in e.properties}),
            evidence=tuple(sorted((_evidence(e, papers, sentences) for e in group), key=_first)),
        )
        for (source, target, relation), group in groups.items()
    ]
    ranks = {str(relation): i for i, relation in enumerate(RelationType)}
    return tuple(
        sorted(
            lines,
            key=lambda x: (-max(x.support, 1), x.source + x.target, x.source, ranks[x.type]),
        )
    )


def _first(evidence: tuple[int, int, float, str]) -> tuple[float, int, int, str]:
    paper, sentence, confidence, detail = evidence
    return -confidence, paper, sentence, detail


def _evidence(
    edge: Edge, papers: dict[str, int], sentences: dict[str, int]
) -> tuple[int, int, float, str]:
    values = edge.properties
    confidence = values.get("confidence")
    detail = ", ".join(_clean(str(values[key])) for key in _DETAILS if values.get(key))
    return (
        papers.get(str(values.get("paper")), -1),
        sentences.get(str(values.get("sentence")), -1),
        round(confidence, 3) if isinstance(confidence, int | float) else 1.0,
        detail,
    )


def _node_row(node: Node, support: int, top: int) -> dict[str, Any]:
    name = _clean(display_name(node))
    row: dict[str, Any] = {"label": node.label, "name": name, "support": support}
    aliases = node.properties.get("aliases")
    if isinstance(aliases, tuple):
        others = sorted({_clean(alias) for alias in aliases} - {name, ""})
        row |= {"aliases": others} if others else {}
    if node.label == Label.PAPER:
        row |= _about_paper(node)
    row["size"] = _size(node.label, support, top)
    return row


def _paper_row(node: Node | None, paper: str, place: dict[str, int]) -> dict[str, Any]:
    if node is None:
        return {"title": _clean(paper)}
    here = {"node": place[node.id]} if node.id in place else {}
    return {"title": _clean(display_name(node)), **here, **_about_paper(node)}


def _about_paper(node: Node) -> dict[str, Any]:
    values = node.properties
    url = _address(values.get("arxiv_id"), values.get("doi"), values.get("url"))
    year = values.get("year")
    return ({"url": url} if url else {}) | ({"year": year} if isinstance(year, int) else {})


def _address(arxiv_id: object, doi: object, url: object) -> str | None:
    if isinstance(arxiv_id, str) and arxiv_id.strip():
        return "https://arxiv.org/abs/" + quote(arxiv_id.strip(), safe="/.")
    if isinstance(doi, str) and doi.strip():
        return "https://doi.org/" + quote(doi.strip(), safe="/.();:-_")
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return quote(url.strip(), safe=":/?#[]@!$&'()*+,;=%-._~") if is_web else None


def _size(label: str, support: int, top: int) -> float:
    """Return the radius: by the root of the support, so that the area says how many papers."""
    if label not in LOOKS or label in {Label.PAPER, Label.AUTHOR, Label.RESULT}:
        return 5.0
    share = (max(support, 1) - 1) / (max(top, _USUAL_TOP) - 1)
    size = 9 + 25 * share**0.5
    scaled: float = round(size * LOOKS[Label(label)].scale, 1)
    return scaled


def _clean(text: str) -> str:
    return collapse_spaces(strip_controls(text))
