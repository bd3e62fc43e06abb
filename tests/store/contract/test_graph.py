"""What is applied is what is read back, in every store."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kg.changes import difference
from kg.errors import StoreError
from kg.records import Edge, Node
from kg.resolve.graph import Graph
from kg.store import open_store
from kg.store.base import Changes, Store

Content = Callable[[Store], tuple[list[Node], list[Edge]]]


def _sorted(graph: Graph) -> tuple[list[Node], list[Edge]]:
    return (
        sorted(graph.nodes, key=lambda node: (node.label, node.id)),
        sorted(graph.edges, key=lambda edge: edge.id),
    )


def test_empty_store_holds_nothing(store: Store, content: Content) -> None:
    assert content(store) == ([], [])
    assert not difference(store, Graph())


def test_apply_stores_the_graph_as_it_is(store: Store, graph: Graph, content: Content) -> None:
    store.apply(difference(store, graph))
    assert content(store) == _sorted(graph)
    assert not difference(store, graph)


def test_apply_keeps_the_types_of_values(store: Store, graph: Graph) -> None:
    store.apply(difference(store, graph))
    rows = store.query(
        "MATCH (p:Paper {id: '1'})-[:REPORTS]->(r:Result) RETURN p.year, p.withdrawn, r.value"
    ).rows
    assert [[type(cell) for cell in row] for row in rows] == [[int, bool, float]]


def test_apply_twice_is_apply_once(store: Store, graph: Graph, content: Content) -> None:
    changes = Changes(nodes_upsert=graph.nodes, edges_upsert=graph.edges)
    store.apply(changes)
    store.apply(changes)
    assert content(store) == _sorted(graph)


def test_apply_is_seen_after_reopening(address: str, graph: Graph, content: Content) -> None:
    with open_store(address, mode="write") as store:
        store.apply(difference(store, graph))
    with open_store(address, mode="read") as store:
        assert content(store) == _sorted(graph)


def test_apply_removes_a_property_that_vanished(
    store: Store, graph: Graph, content: Content
) -> None:
    store.apply(difference(store, graph))
    bare = Graph(
        nodes=tuple(
            replace(node, properties={}) if node.id == "resource:bbh" else node
            for node in graph.nodes
        ),
        edges=tuple(
            replace(edge, properties={"paper": "1"}) if edge.id == "e1" else edge
            for edge in graph.edges
        ),
    )
    changes = difference(store, bare)
    assert [node.id for node in changes.nodes_upsert] == ["resource:bbh"]
    assert [edge.id for edge in changes.edges_upsert] == ["e1"]
    store.apply(changes)
    assert content(store) == _sorted(bare)


def test_apply_removes_what_is_no_longer_stated(
    store: Store, graph: Graph, content: Content
) -> None:
    store.apply(difference(store, graph))
    less = Graph(
        nodes=tuple(node for node in graph.nodes if node.id != "system:gpt"),
        edges=tuple(edge for edge in graph.edges if edge.id not in {"e2", "e3", "e7"}),
    )
    changes = difference(store, less)
    assert [edge.id for edge in changes.edges_delete] == ["e7", "e3", "e2"]
    store.apply(changes)
    assert content(store) == _sorted(less)
    store.apply(changes)
    assert content(store) == _sorted(less)


def test_apply_nothing_empties_the_store(store: Store, graph: Graph, content: Content) -> None:
    store.apply(difference(store, graph))
    store.apply(difference(store, Graph()))
    assert content(store) == ([], [])


@pytest.mark.parametrize("node_id", ["system:orca", "system:gpt"])
def test_apply_relabels_a_node_with_its_relationships(
    store: Store, graph: Graph, content: Content, node_id: str
) -> None:
    store.apply(difference(store, graph))
    store.query(
        "MATCH (n:Entity {id: $id}) CREATE (:Note {text: 'mine'})-[:ABOUT_IT {since: 1}]->(n)",
        {"id": node_id},
        write=True,
    )
    other = Graph(
        nodes=tuple(
            replace(node, label="Method") if node.id == node_id else node for node in graph.nodes
        ),
        edges=tuple(
            replace(
                edge,
                source_label="Method" if edge.source == node_id else edge.source_label,
                target_label="Method" if edge.target == node_id else edge.target_label,
            )
            for edge in graph.edges
        ),
    )
    store.apply(difference(store, other))
    assert content(store) == _sorted(other)
    note = "MATCH (x:Note)-[r:ABOUT_IT]->(n:Method) RETURN x.text, r.since, n.id"
    assert store.query(note).rows == (("mine", 1, node_id),)


def test_apply_moves_a_relationship_to_another_end(
    store: Store, graph: Graph, content: Content
) -> None:
    store.apply(difference(store, graph))
    moved = Graph(
        nodes=graph.nodes,
        edges=tuple(
            replace(edge, target="system:tree", target_label="Method") if edge.id == "e3" else edge
            for edge in graph.edges
        ),
    )
    store.apply(difference(store, moved))
    assert content(store) == _sorted(moved)


def test_apply_leaves_the_users_own_nodes_alone(store: Store, graph: Graph) -> None:
    store.query("CREATE (:Note {id: 'n', text: 'mine'})-[:AFTER]->(:Note)", write=True)
    store.apply(difference(store, graph))
    store.apply(difference(store, Graph()))
    assert store.query("MATCH (a:Note)-[r]->(:Note) RETURN a.text, type(r)").rows == (
        ("mine", "AFTER"),
    )


def test_apply_lives_with_a_label_of_the_users(
    store: Store, graph: Graph, content: Content
) -> None:
    store.apply(difference(store, graph))
    store.query("MATCH (n:Entity {id: 'system:orca'}) SET n:Starred", write=True)
    assert not difference(store, graph)
    renamed = Graph(
        nodes=tuple(
            replace(node, properties={"name": "Orca 1"}) if node.id == "system:orca" else node
            for node in graph.nodes
        ),
        edges=graph.edges,
    )
    store.apply(difference(store, renamed))
    assert content(store) == _sorted(renamed)
    assert store.query("MATCH (n:Starred) RETURN n.name").rows == (("Orca 1",),)


def test_empty_list_is_no_property(store: Store, graph: Graph, content: Content) -> None:
    nodes = tuple(
        replace(node, properties={**node.properties, "aliases": ()})
        if node.id == "system:orca"
        else node
        for node in graph.nodes
    )
    emptied = Graph(nodes=nodes, edges=graph.edges)
    store.apply(difference(store, emptied))
    assert content(store) == _sorted(graph)
    assert not difference(store, emptied)


@pytest.mark.parametrize(
    "name",
    [
        "O'Reilly's \"Orca\"",
        "back\\slash \\' \\\" \\n",
        "`tick` ``two``",
        "{brace} ${dollar} $param }",
        "line\nbreak\ttab\r",
        "/* comment */ // MATCH (n) DETACH DELETE n",
        "思考 🤖 é é",
        "\u202eright to left\u200b\ufeff",
        "nul is left out, bell is not: \x07\x1b[31m",
        "(#5:0)-[#20:0]->(#13:0)",
        " ",
        "x" * 5_000,
    ],
    ids=lambda name: repr(name[:20]),
)
def test_apply_keeps_any_name(store: Store, graph: Graph, content: Content, name: str) -> None:
    named = Graph(
        nodes=tuple(
            replace(node, properties={"name": name, "aliases": (name, "b")})
            if node.id == "system:orca"
            else node
            for node in graph.nodes
        ),
        edges=graph.edges,
    )
    store.apply(difference(store, named))
    assert content(store) == _sorted(named)
    found = store.query("MATCH (m:Model {name: $name}) RETURN m.name, m.id", {"name": name})
    assert found.rows == ((name, "system:orca"),)


def test_apply_keeps_ids_of_any_text(store: Store, content: Content) -> None:
    ids = ("a'b", 'a"b', "a\\b", "a`b", "a{b}", "a b", "ä", "思考", "#5:0", "a\u0000b"[:1])
    nodes = tuple(Node(id=f"system:{name}", label="Model", properties={}) for name in ids)
    edges = tuple(
        Edge(
            id=f"e{name}",
            type="USES",
            source=f"system:{name}",
            source_label="Model",
            target="system:a'b",
            target_label="Model",
            properties={"paper": name},
        )
        for name in ids
    )
    store.apply(Changes(nodes_upsert=nodes, edges_upsert=edges))
    assert content(store) == _sorted(Graph(nodes=nodes, edges=edges))


@pytest.mark.parametrize(
    "changes",
    [
        Changes(nodes_upsert=(Node(id="", label="Model", properties={"name": "x"}),)),
        Changes(
            edges_upsert=(
                Edge(
                    id="",
                    type="USES",
                    source="system:gpt",
                    source_label="Model",
                    target="system:orca",
                    target_label="Model",
                ),
            )
        ),
    ],
    ids=["node", "relationship"],
)
def test_apply_refuses_an_empty_key(
    store: Store, graph: Graph, content: Content, changes: Changes
) -> None:
    store.apply(difference(store, graph))
    with pytest.raises(StoreError, match="without an id"):
        store.apply(changes)
    assert content(store) == _sorted(graph)


def test_apply_names_the_end_that_is_missing(store: Store, graph: Graph) -> None:
    dangling = replace(graph.edges[0], id="e9", target="resource:nowhere")
    store.apply(difference(store, graph))
    with pytest.raises(
        StoreError, match="USES e9: there is no Benchmark with id 'resource:nowhere'"
    ):
        store.apply(Changes(edges_upsert=(dangling,)))
    assert not difference(store, graph)
