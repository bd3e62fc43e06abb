"""PageRank, co-citation and coupling against cases worked by hand."""

from collections.abc import Iterator
from pathlib import Path

import networkx
import numpy as np
import pytest

from kg.query.measures import (
    citation_counts,
    citation_graph,
    co_citation,
    coupling,
    page_rank,
)
from kg.schema import CitationKind
from kg.store import open_store
from kg.store.base import Store


@pytest.fixture(scope="module")
def store(stacking: Path) -> Iterator[Store]:
    with open_store(str(stacking / "papers.kg"), mode="read") as opened:
        yield opened


def _graph(*pairs: tuple[str, str]) -> "networkx.DiGraph[str]":
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_edges_from(pairs, kinds=("reference",))
    return graph


def test_page_rank_is_the_solution_of_its_equations() -> None:
    """a and b cite c, c cites d; d cites nobody and so gives its rank to all alike."""
    graph = _graph(("a", "c"), ("b", "c"), ("c", "d"))
    names = ["a", "b", "c", "d"]
    moves = np.array([[0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0.25, 0.25, 0.25, 0.25]])
    expected = np.linalg.solve(np.eye(4) - 0.85 * moves.T, np.full(4, 0.15 / 4))
    ranks = page_rank(graph)
    assert [ranks[name] for name in names] == pytest.approx(list(expected), abs=1e-8)
    assert sum(ranks.values()) == pytest.approx(1)


def test_page_rank_of_two_that_cite_each_other_is_a_half() -> None:
    assert page_rank(_graph(("a", "b"), ("b", "a"))) == pytest.approx({"a": 0.5, "b": 0.5})


def test_page_rank_of_nothing_is_nothing() -> None:
    assert page_rank(_graph()) == {}


def test_citation_graph_counts_each_kind_apart(store: Store) -> None:
    counts = citation_counts(citation_graph(store))
    assert counts["p1"] == {"reference": 2, "mention": 1, "inferred": 1}
    assert counts["p2"] == {"reference": 2}
    assert counts["q1"] == {}


def test_citation_graph_takes_the_chosen_kinds_alone(store: Store) -> None:
    graph = citation_graph(store, [CitationKind.MENTION])
    assert list(graph.edges(data="kinds")) == [("q2", "p1", ("mention",))]
    assert len(graph) == 6


def test_co_citation_names_those_who_cite_both(store: Store) -> None:
    graph = citation_graph(store)
    assert co_citation(graph, "p1") == {"2001.00001": ("q1",), "p2": ("q1", "q2")}
    assert co_citation(graph, "q1") == {}


def test_coupling_names_what_both_cite(store: Store) -> None:
    graph = citation_graph(store)
    assert coupling(graph, "q1") == {
        "p2": ("2001.00001",),
        "q2": ("p1", "p2"),
        "q3": ("p1",),
    }
    assert coupling(graph, "p1") == {}
