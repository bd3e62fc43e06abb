"""The most cited papers, and the names that most papers state something about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.query.measures import citation_counts, citation_graph, page_rank
from kg.query.narrowing import Narrowing
from kg.schema import CitationKind, Label
from kg.store.base import Store

__all__ = ["By", "RankedEntity", "RankedPaper", "rank_entities", "rank_papers"]

By = Literal["pagerank", "support"]

_DIGITS = 9
"""PageRank is rounded to so many, so that papers in like places tie."""

_MENTIONED = """MATCH (p:Paper)-[r:MENTIONS]->(n:{label})
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
RETURN n.id, n.name, count(DISTINCT p.id)"""
_USED = """MATCH ()-[r:USES|ADDRESSES]->(n:{label})
WHERE r.confidence >= $min_confidence AND r.paper IS NOT NULL
MATCH (p:Paper {{id: r.paper}})
WHERE ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
RETURN n.id, count(DISTINCT p.id)"""
_INTRODUCED = "MATCH (p:Paper)-[:INTRODUCES]->(n:{label}) RETURN DISTINCT n.id, p.id"


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPaper:
    """A paper with its PageRank; `citing` papers cite it, `by_kind` counts each kind apart.

    `stub` marks a paper that is only cited.
    """

    id: str
    title: str | None
    year: int | None
    stub: bool
    pagerank: float
    citing: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedEntity:
    """A name that `papers` papers state something about, and `using` ones use or address.

    `pagerank` is the highest one of the papers that introduce it, None where none does.
    """

    id: str
    name: str
    papers: int
    using: int
    introduced_by: tuple[str, ...]
    pagerank: float | None


def rank_papers(
    store: Store,
    *,
    by: By = "pagerank",
    kinds: Iterable[CitationKind] = tuple(CitationKind),
    narrowing: Narrowing | None = None,
) -> list[RankedPaper]:
    """Return the papers by PageRank, or by how many papers cite them.

    The measures are those of the whole citation graph; the narrowing's years and its support
    (citing papers) only choose what is listed, and its confidence has no meaning here.
    """
    narrowing = narrowing or Narrowing()
    graph = citation_graph(store, kinds)
    ranks, counts = page_rank(graph), citation_counts(graph)
    papers = [
        RankedPaper(
            id=paper,
            title=fields["title"],
            year=fields["year"],
            stub=fields["stub"],
            pagerank=round(ranks[paper], _DIGITS),
            citing=graph.in_degree(paper),
            by_kind=dict(counts[paper]),
        )
        for paper, fields in graph.nodes(data=True)
        if narrowing.holds_year(fields["year"])
    ]
    if narrowing.min_support > 1:
        papers = [paper for paper in papers if paper.citing >= narrowing.min_support]
    return sorted(papers, key=lambda p: (*_order(by, p.pagerank, p.citing), p.id))


def rank_entities(
    store: Store,
    label: Label,
    *,
    by: By = "support",
    kinds: Iterable[CitationKind] = tuple(CitationKind),
    narrowing: Narrowing | None = None,
) -> list[RankedEntity]:
    """Return the names of a label by distinct papers, or by the PageRank of what introduced them.

    With "pagerank" those that no paper in the graph introduces come last.
    """
    narrowing = narrowing or Narrowing()
    parameters = narrowing.parameters()
    del parameters["min_support"]
    ranks = page_rank(citation_graph(store, kinds))
    using = dict(store.query(_USED.format(label=label), parameters).rows)
    introducing: dict[str, list[str]] = defaultdict(list)
    for node_id, paper in store.query(_INTRODUCED.format(label=label), {}).rows:
        introducing[node_id].append(paper)
    entities = [
        RankedEntity(
            id=node_id,
            name=name,
            papers=n_papers,
            using=using.get(node_id, 0),
            introduced_by=tuple(sorted(introducing[node_id])),
            pagerank=max((round(ranks[p], _DIGITS) for p in introducing[node_id]), default=None),
        )
        for node_id, name, n_papers in store.query(_MENTIONED.format(label=label), parameters).rows
        if n_papers >= narrowing.min_support
    ]
    return sorted(entities, key=lambda e: (*_order(by, e.pagerank or 0.0, e.papers), e.id))


def _order(by: By, pagerank: float, support: int) -> tuple[float, float]:
    return (-pagerank, -support) if by == "pagerank" else (-support, -pagerank)
