"""Measures on the citation graph: PageRank, co-citation, bibliographic coupling."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from kg.schema import CitationKind
from kg.store.base import Store

if TYPE_CHECKING:
    import networkx

__all__ = ["citation_counts", "citation_graph", "co_citation", "coupling", "page_rank"]

_Step = Callable[[str], Iterator[str]]

_DAMPING = 0.85
_TOLERANCE = 1e-10
"""Per paper; networkx multiplies it by the number of papers."""
_MAX_ROUNDS = 500

_PAPERS = "MATCH (p:Paper) RETURN p.id, p.title, p.year, p.stub"
_CITES = """MATCH (a:Paper)-[r:CITES]->(b:Paper) WHERE r.kind IN $kinds
RETURN a.id, b.id, r.kind"""


def citation_graph(
    store: Store, kinds: Iterable[CitationKind] = tuple(CitationKind)
) -> "networkx.DiGraph[str]":
    """Return the papers and who cites whom, by the given kinds of citation.

    Nodes carry `title`, `year` and `stub`, edges the sorted tuple of their `kinds`. Nodes and
    edges come in the order of their ids, so that sums over them do not depend on the store.
    """
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    rows = store.query(_PAPERS, {}).rows
    for paper, title, year, stub in sorted(rows, key=lambda row: str(row[0])):
        graph.add_node(paper, title=title, year=year, stub=bool(stub))
    found: dict[tuple[str, str], set[str]] = {}
    for citing, cited, kind in store.query(_CITES, {"kinds": [str(k) for k in kinds]}).rows:
        found.setdefault((citing, cited), set()).add(kind)
    for (citing, cited), named in sorted(found.items()):
        graph.add_edge(citing, cited, kinds=tuple(sorted(named)))
    return graph


def page_rank(graph: "networkx.DiGraph[str]") -> dict[str, float]:
    """Return the PageRank of each paper (Page et al. 1999); all of them sum to 1.

    A paper that cites another in two ways cites it once.
    """
    import networkx

    ranks: dict[str, float] = networkx.pagerank(
        graph, alpha=_DAMPING, tol=_TOLERANCE, max_iter=_MAX_ROUNDS
    )
    return ranks


def citation_counts(graph: "networkx.DiGraph[str]") -> dict[str, Counter[str]]:
    """Return for each paper how many papers cite it, by kind of citation."""
    counts: dict[str, Counter[str]] = {paper: Counter() for paper in graph}
    for _, cited, fields in graph.edges(data=True):
        counts[cited].update(fields["kinds"])
    return counts


def co_citation(graph: "networkx.DiGraph[str]", paper: str) -> dict[str, tuple[str, ...]]:
    """Return the papers that are cited beside a paper, each with those that cite both, sorted.

    Source: Small 1973, "Co-citation in the scientific literature".
    """
    return _through(graph.predecessors, graph.successors, paper)


def coupling(graph: "networkx.DiGraph[str]", paper: str) -> dict[str, tuple[str, ...]]:
    """Return the papers that cite what a paper cites, each with what both cite, sorted.

    Source: Kessler 1963, "Bibliographic coupling between scientific papers".
    """
    return _through(graph.successors, graph.predecessors, paper)


def _through(first: _Step, second: _Step, paper: str) -> dict[str, tuple[str, ...]]:
    shared: dict[str, list[str]] = {}
    for middle in sorted(first(paper)):
        for other in second(middle):
            if other != paper:
                shared.setdefault(other, []).append(middle)
    return {other: tuple(shared[other]) for other in sorted(shared)}
