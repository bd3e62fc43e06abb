"""CITES, each of three kinds by itself: reference, mention, inferred.

`reference` comes from a paper's metadata. `mention`: the paper names what another one introduced.
`inferred`: it uses or extends something whose paper is known from the catalogue alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.identity import normalise_arxiv_id, paper_id, same_paper, title_key
from kg.records import Edge, Node, Paper, Reference
from kg.resolve.graph import edge_id
from kg.resolve.papers import PaperIndex, cited_paper, stub_node
from kg.schema import CitationKind, Label, RelationType

__all__ = ["Citations", "Named", "cite"]

_USING = frozenset({RelationType.USES, RelationType.EXTENDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """The edges, and the papers that are only cited."""

    edges: tuple[Edge, ...]
    stubs: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the papers state about entities, as far as it makes citations: ids of both.

    `catalogue` maps an entity to the arXiv id of the paper that introduced it, and its year.
    """

    introduced: Mapping[str, frozenset[str]]
    mentioned: Mapping[str, frozenset[str]]
    used: Mapping[str, frozenset[str]]
    catalogue: Mapping[str, tuple[str, int | None]]


def cite(papers: PaperIndex, named: Named) -> Citations:
    """Return the citations of all kinds, and a stub for each paper that is not in the corpus."""
    stubs = _Stubs(papers)
    pairs = [(*pair, CitationKind.REFERENCE) for pair in _references(papers, stubs)]
    pairs += [(*pair, CitationKind.MENTION) for pair in _mentions(papers, named)]
    pairs += [(*pair, CitationKind.INFERRED) for pair in _inferred(papers, named, stubs)]
    edges = (_edge(*pair) for pair in sorted(set(pairs)) if pair[0] != pair[1])
    nodes = (stub_node(paper) for paper in stubs.papers())
    return Citations(edges=tuple(edges), stubs=tuple(nodes))


class _Stubs:
    """The papers outside the corpus, one for all ids and spellings under which they are cited."""

    __slots__ = ("_by_key", "_by_title", "_papers")

    def __init__(self, papers: PaperIndex) -> None:
        self._papers: dict[str, Paper] = {}
        self._by_key: dict[str, str] = {}
        self._by_title: dict[str, list[str]] = {}
        cited = {
            (reference.id, reference.title or "")
            for group in papers.groups.values()
            for reference in group.paper.references
            if papers.find(reference) is None
        }
        for identifier, title in sorted(cited, key=_order):
            self._add(cited_paper(Reference(id=identifier, title=title or None)))

    def _add(self, paper: Paper) -> None:
        key = paper_id(paper)
        if key in self._by_key:
            return
        title = title_key(paper)
        for other in self._by_title.get(title or "", ()) if title else ():
            if same_paper(paper, self._papers[other]) is not None:
                self._by_key[key] = other
                return
        self._papers[key] = paper
        self._by_key[key] = key
        if title:
            self._by_title.setdefault(title, []).append(key)

    def find(self, reference: Reference) -> str:
        return self._by_key[paper_id(cited_paper(reference))]

    def for_arxiv(self, arxiv_id: str) -> str:
        self._add(cited_paper(Reference(id=arxiv_id)))
        return self._by_key[arxiv_id]

    def papers(self) -> Iterable[Paper]:
        return self._papers.values()


def _order(cited: tuple[str, str]) -> tuple[int, str, bool, str]:
    """Order as `paper_id` prefers ids; of one id, what has a title comes first."""
    paper = cited_paper(Reference(id=cited[0]))
    rank = 0 if paper.arxiv_id is not None else 1 if paper.doi is not None else 2
    return rank, paper.id, not cited[1], cited[1]


def _references(papers: PaperIndex, stubs: _Stubs) -> Iterator[tuple[str, str]]:
    for group in papers.groups.values():
        for reference in group.paper.references:
            yield group.id, papers.find(reference) or stubs.find(reference)


def _mentions(papers: PaperIndex, named: Named) -> Iterator[tuple[str, str]]:
    for entity, mentioning in sorted(named.mentioned.items()):
        introducing = named.introduced.get(entity, frozenset())
        for paper in sorted(mentioning - introducing):
            earlier = [other for other in introducing if _not_later(papers, other, paper)]
            if len(earlier) == 1:
                yield paper, earlier[0]


def _inferred(papers: PaperIndex, named: Named, stubs: _Stubs) -> Iterator[tuple[str, str]]:
    for entity, using in sorted(named.used.items()):
        known = named.catalogue.get(entity)
        arxiv_id = None if known is None else normalise_arxiv_id(known[0])
        if known is None or arxiv_id is None:
            continue
        introducing = named.introduced.get(entity, frozenset())
        target = papers.by_key.get(arxiv_id)
        for paper in sorted(using - introducing - {target}):
            year = papers.groups[paper].paper.year
            too_early = year is not None and known[1] is not None and year < known[1]
            told = any(_not_later(papers, other, paper) for other in introducing)
            if not too_early and not told:
                yield paper, target or stubs.for_arxiv(arxiv_id)


def _not_later(papers: PaperIndex, cited: str, citing: str) -> bool:
    first, second = papers.groups[cited].paper.year, papers.groups[citing].paper.year
    return first is None or second is None or first <= second


def _edge(source: str, target: str, kind: CitationKind) -> Edge:
    origin = {
        CitationKind.REFERENCE: "metadata",
        CitationKind.MENTION: "introduction",
        CitationKind.INFERRED: "catalogue",
    }[kind]
    return Edge(
        id=edge_id(RelationType.CITES, source, target, kind),
        type=RelationType.CITES,
        source=source,
        source_label=Label.PAPER,
        target=target,
        target_label=Label.PAPER,
        properties={"kind": str(kind), "source": origin},
    )
