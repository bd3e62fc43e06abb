"""The difference between a stored and a resolved graph."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.changes import Changes, difference
from kg.records import Edge, Node
from kg.resolve.graph import Graph


@dataclass
class Stored:
    """A stored graph in memory."""

    graph: Graph

    def nodes(self) -> Iterator[Node]:
        return iter(self.graph.nodes)

    def edges(self) -> Iterator[Edge]:
        return iter(self.graph.edges)


ORCA = Node(id="system:orca", label="Model", properties={"name": "Orca", "aliases": ("a", "b")})
BBH = Node(id="resource:bbh", label="Benchmark", properties={"name": "BBH"})
USES = Edge(
    id="e1",
    type="USES",
    source="system:orca",
    source_label="Model",
    target="resource:bbh",
    target_label="Benchmark",
    properties={"paper": "1", "confidence": 0.5},
)
GRAPH = Graph(nodes=(BBH, ORCA), edges=(USES,))


def test_difference_of_equal_graphs_is_nothing() -> None:
    changes = difference(Stored(GRAPH), GRAPH)
    assert changes == Changes()
    assert not changes


def test_difference_from_nothing_is_everything() -> None:
    assert difference(Stored(Graph()), GRAPH) == Changes(
        nodes_upsert=GRAPH.nodes, edges_upsert=GRAPH.edges
    )


def test_difference_to_nothing_deletes_everything() -> None:
    assert difference(Stored(GRAPH), Graph()) == Changes(
        nodes_delete=(BBH, ORCA),
        edges_delete=GRAPH.edges,
    )


@pytest.mark.parametrize(
    "properties",
    [
        {"name": "Orca 2", "aliases": ("a", "b")},
        {"name": "Orca"},
        {"name": "Orca", "aliases": ("b", "a")},
        {"name": "Orca", "aliases": ("a", "b"), "year": 1},
    ],
    ids=["value", "gone", "order", "new"],
)
def test_difference_sees_a_changed_property(properties: dict[str, Any]) -> None:
    node = replace(ORCA, properties=properties)
    changes = difference(Stored(GRAPH), Graph(nodes=(BBH, node), edges=(USES,)))
    assert changes == Changes(nodes_upsert=(node,))


def test_difference_does_not_mind_the_order_of_keys_and_lists() -> None:
    node = replace(ORCA, properties={"aliases": ["a", "b"], "name": "Orca"})  # type: ignore[dict-item]
    assert not difference(Stored(Graph(nodes=(node, BBH), edges=(USES,))), GRAPH)


def test_difference_of_a_number_and_its_float_is_a_change() -> None:
    one = Graph(nodes=(replace(BBH, properties={"value": 1}),))
    other = Graph(nodes=(replace(BBH, properties={"value": 1.0}),))
    assert difference(Stored(one), other)


def test_difference_of_a_label_is_a_change_of_the_node_alone() -> None:
    node = replace(ORCA, label="Method")
    edge = replace(USES, source_label="Method")
    changes = difference(Stored(GRAPH), Graph(nodes=(BBH, node), edges=(edge,)))
    assert changes == Changes(nodes_upsert=(node,))


def test_difference_keeps_nodes_of_one_id_under_two_keys_apart() -> None:
    paper = Node(id="x", label="Paper", properties={"title": "x"})
    topic = Node(id="x", label="Topic", properties={"name": "x"})
    assert difference(Stored(Graph(nodes=(paper,))), Graph(nodes=(topic,))) == Changes(
        nodes_upsert=(topic,), nodes_delete=(paper,)
    )


_GRAPHS = st.builds(
    lambda names, pairs: Graph(
        nodes=tuple(
            Node(id=key, label="Model", properties={"name": name})
            for key, name in sorted(names.items())
        ),
        edges=tuple(
            replace(USES, id=key, target=key, properties={"paper": paper})
            for key, paper in sorted(pairs.items())
        ),
    ),
    st.dictionaries(st.text("ab", min_size=1, max_size=2), st.text(max_size=3), max_size=4),
    st.dictionaries(st.text("ab", min_size=1, max_size=2), st.text(max_size=3), max_size=4),
)


@given(_GRAPHS, _GRAPHS)
def test_difference_applied_gives_the_graph(before: Graph, after: Graph) -> None:
    changes = difference(Stored(before), after)
    nodes = {node.id: node for node in before.nodes}
    edges = {edge.id: edge for edge in before.edges}
    for node in changes.nodes_delete:
        del nodes[node.id]
    for edge in changes.edges_delete:
        del edges[edge.id]
    nodes |= {node.id: node for node in changes.nodes_upsert}
    edges |= {edge.id: edge for edge in changes.edges_upsert}
    assert tuple(nodes[key] for key in sorted(nodes)) == after.nodes
    assert tuple(edges[key] for key in sorted(edges)) == after.edges
