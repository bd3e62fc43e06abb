"""What is related to a paper or to a name, why, and how closely."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from kg.identity import normalise_arxiv_id, normalise_doi, normalise_title
from kg.query.measures import citation_graph, co_citation, coupling
from kg.query.names import NameHit, find_names
from kg.query.narrowing import Narrowing
from kg.schema import CitationKind, Label, label_of
from kg.store.base import Store

if TYPE_CHECKING:
    import networkx

__all__ = ["Reason", "Related", "Relatives", "find_papers", "related"]

_DIGITS = 4
_PAPER = "MATCH (p:Paper {id: $id}) RETURN p.id, p.title"
_TITLED = "MATCH (p:Paper {title: $title}) RETURN p.id, p.title"
_PAPERS = "MATCH (p:Paper) RETURN p.id, p.title"
_BESIDE = """MATCH (n:Entity {id: $id})<-[r:MENTIONS]-(p:Paper)
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
MATCH (p)-[s:MENTIONS]->(other:Entity)
WHERE s.confidence >= $min_confidence
RETURN DISTINCT other.id, other.name, labels(other), p.id"""
_TOTALS = """UNWIND $ids AS id
MATCH (n:Entity {id: id})<-[r:MENTIONS]-(p:Paper)
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
RETURN id, count(DISTINCT p.id)"""
_JOINED = """MATCH (n:Entity {id: $id})-[r]-(other:Entity)
WHERE other.id <> n.id
RETURN DISTINCT other.id, other.name, labels(other), type(r), r.role, startNode(r).id = n.id,
       r.paper, r.source, r.confidence"""
_YEARS = "UNWIND $ids AS id MATCH (p:Paper {id: id}) RETURN p.id, p.year"

Reason = str
"""Why: "co-citation", "coupling", "same papers", or a relation with its arrow ("→ USES")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Something related, with one reason.

    `score` is the cosine of the two sets behind the reason, in [0, 1], where sets are compared;
    of a relation it is the number of papers that state it (0: the catalogue or the name says so).
    `shared` are the ids of the papers behind it.
    """

    id: str
    name: str
    type: str
    reason: Reason
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relatives:
    """All that is related to one paper or name: by reason, the closest first."""

    id: str
    name: str
    type: str
    rows: tuple[Related, ...]


def related(
    store: Store,
    name: str,
    *,
    kinds: Iterable[CitationKind] = tuple(CitationKind),
    narrowing: Narrowing | None = None,
) -> list[Relatives]:
    """Return what is related to each paper (id or title) or entity that a name means.

    To a paper: what is cited beside it and what cites the same, by the given kinds of citation.
    To an entity: what has a relation with it, and what the same papers name. The narrowing's
    years are those of the papers that count, its support the number of shared papers.

    Raises
    ------
    InputError
        Neither a paper nor an entity has such a name; the message gives the nearest names.
    """
    narrowing = narrowing or Narrowing()
    papers = find_papers(store, name)
    if papers:
        graph = citation_graph(store, kinds)
        return [_of_paper(graph, paper, narrowing) for paper, _ in papers]
    return [_of_entity(store, hit, narrowing) for hit in find_names(store, name)]


def find_papers(store: Store, text: str) -> list[tuple[str, str | None]]:
    """Return id and title of the papers that a text names: by id, by title, by its spelling."""
    text = text.strip()
    for paper_id in dict.fromkeys((text, normalise_arxiv_id(text), normalise_doi(text))):
        if paper_id and (rows := store.query(_PAPER, {"id": paper_id}).rows):
            return [(row[0], row[1]) for row in rows]
    rows = store.query(_TITLED, {"title": text}).rows
    key = normalise_title(text)
    if not rows and " " in key:
        rows = tuple(
            row for row in store.query(_PAPERS, {}).rows if normalise_title(row[1] or "") == key
        )
    return sorted((row[0], row[1]) for row in rows)


def _of_paper(graph: "networkx.DiGraph[str]", paper: str, narrowing: Narrowing) -> Relatives:
    measures: tuple[tuple[Reason, _Measure, _Degree], ...] = (
        ("co-citation", co_citation, graph.in_degree),
        ("coupling", coupling, graph.out_degree),
    )
    rows: list[Related] = []
    for reason, measure, degree in measures:
        found = [
            Related(
                id=other,
                name=graph.nodes[other]["title"] or other,
                type=Label.PAPER,
                reason=reason,
                score=_cosine(len(shared), degree(paper), degree(other)),
                shared=shared,
            )
            for other, shared in measure(graph, paper).items()
            if narrowing.holds_year(graph.nodes[other]["year"])
            and len(shared) >= narrowing.min_support
        ]
        rows += sorted(found, key=_closest)
    title = graph.nodes[paper]["title"] or paper
    return Relatives(id=paper, name=title, type=Label.PAPER, rows=tuple(rows))


_Measure = Callable[["networkx.DiGraph[str]", str], Mapping[str, tuple[str, ...]]]
_Degree = Callable[[str], int]


def _of_entity(store: Store, hit: NameHit, narrowing: Narrowing) -> Relatives:
    rows = (*_relations(store, hit.id, narrowing), *_beside(store, hit.id, narrowing))
    return Relatives(id=hit.id, name=hit.name, type=hit.label, rows=rows)


def _relations(store: Store, node_id: str, narrowing: Narrowing) -> list[Related]:
    facts: dict[tuple[str, str, str, Reason], set[str]] = defaultdict(set)
    rows = store.query(_JOINED, {"id": node_id}).rows
    years = _years(store, {row[6] for row in rows if row[6] is not None})
    for other, name, labels, relation, role, outwards, paper, source, confidence in rows:
        arrow = f"→ {relation}" if outwards else f"← {relation}"
        reason = f"{arrow} ({role})" if role else arrow
        fact = (other, name, label_of(labels), reason)
        if paper is None and source is not None:
            facts[fact].update(())
        elif paper is not None and (
            confidence >= narrowing.min_confidence and narrowing.holds_year(years.get(paper))
        ):
            facts[fact].add(paper)
    found = [
        Related(
            id=other,
            name=name,
            type=label,
            reason=reason,
            score=float(len(papers)),
            shared=tuple(sorted(papers)),
        )
        for (other, name, label, reason), papers in facts.items()
        if not papers or len(papers) >= narrowing.min_support
    ]
    return sorted(found, key=_closest)


def _beside(store: Store, node_id: str, narrowing: Narrowing) -> list[Related]:
    parameters = narrowing.parameters()
    min_support = narrowing.min_support
    del parameters["min_support"]
    shared: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for other, name, labels, paper in store.query(_BESIDE, {**parameters, "id": node_id}).rows:
        shared[other, name, label_of(labels)].add(paper)
    ids = [other for other, _, _ in shared]
    totals = dict(store.query(_TOTALS, {**parameters, "ids": ids}).rows)
    found = [
        Related(
            id=other,
            name=name,
            type=label,
            reason="same papers",
            score=_cosine(len(papers), totals[node_id], totals[other]),
            shared=tuple(sorted(papers)),
        )
        for (other, name, label), papers in shared.items()
        if other != node_id and len(papers) >= min_support
    ]
    return sorted(found, key=_closest)


def _years(store: Store, papers: Iterable[str]) -> dict[str, int | None]:
    return dict(store.query(_YEARS, {"ids": sorted(papers)}).rows)


def _cosine(n_shared: int, n_first: int, n_second: int) -> float:
    """Return the cosine of two sets (Salton's measure)."""
    return round(n_shared / sqrt(n_first * n_second), _DIGITS)


def _closest(row: Related) -> tuple[float, int, str, str]:
    return -row.score, -len(row.shared), row.id, row.reason
