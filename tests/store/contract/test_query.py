"""Queries: values, parameters, refusals, in every store."""

from typing import Any

import pytest

from kg.changes import difference
from kg.errors import QueryError, QueryTimeoutError, StoreError, WriteRefusedError
from kg.resolve.graph import Graph
from kg.store import open_store
from kg.store.base import NodeValue, PathValue, RelationshipValue, Store

SLOW = (
    "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c "
    "WITH a, b, c WHERE a + b + c = -1 RETURN count(*)"
)


@pytest.fixture
def filled(store: Store, graph: Graph) -> Store:
    """Give a store with the small graph."""
    store.apply(difference(store, graph))
    return store


def test_query_returns_columns_in_order(filled: Store) -> None:
    table = filled.query("MATCH (n:Model) RETURN n.name AS z, n.id, 1 AS a ORDER BY z")
    assert table.columns == ("z", "n.id", "a")
    assert table.rows == (("GPT", "system:gpt", 1), ("Orca", "system:orca", 1))


@pytest.mark.parametrize(
    ("cypher", "columns"),
    [
        ("MATCH (n:Robot) RETURN n.name, coalesce(n.x, 'a, b') AS x", ("n.name", "x")),
        ("MATCH (n:Robot) RETURN n.name AS name ORDER BY name LIMIT 3", ("name",)),
        ("MATCH (n:Robot) WITH n.name AS a RETURN a, collect(a) AS b", ("a", "b")),
    ],
    ids=["expression", "alias", "with"],
)
def test_query_without_rows_has_its_columns(
    filled: Store, cypher: str, columns: tuple[str, ...]
) -> None:
    table = filled.query(cypher)
    assert (table.columns, table.rows) == (columns, ())


def test_query_limit_cuts_the_rows(filled: Store) -> None:
    assert filled.query("UNWIND range(1, 5) AS x RETURN x", limit=2).rows == ((1,), (2,))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -7,
        2**53 + 1,
        -(2**63),
        0.1,
        1.0,
        -2.5e300,
        "",
        "text with ' \" \\ ` { } $x \n ü 🤖",
        [],
        [1, 2, 3],
        ["a", None, 1.5, True],
        {},
        {"a": 1, "b": [1, {"c": "d"}], "e e": None},
        [[1, 2], [3]],
    ],
    ids=repr,
)
def test_query_parameters_of_every_type_come_back(store: Store, value: Any) -> None:
    ((cell,),) = store.query("RETURN $value AS value", {"value": value}).rows
    assert cell == value
    assert type(cell) is type(value)


def test_query_returns_nodes(filled: Store) -> None:
    ((cell,),) = filled.query("MATCH (n:Benchmark) RETURN n").rows
    assert isinstance(cell, NodeValue)
    assert set(cell.labels) == {"Benchmark", "Entity"}
    assert cell.properties == {
        "id": "resource:bbh",
        "name": "BBH",
        "aliases": ["BIG-Bench Hard", "{hard}"],
    }


def test_query_returns_relationships_with_their_ends(filled: Store) -> None:
    ((source, cell, target),) = filled.query("MATCH (a)-[r:OUTPERFORMS]->(b) RETURN a, r, b").rows
    assert isinstance(cell, RelationshipValue)
    assert (cell.type, cell.source, cell.target) == ("OUTPERFORMS", source.id, target.id)
    assert cell.properties["margin"] == "3.5"
    assert source.properties["id"] == "system:orca"


def test_query_returns_a_relationship_alone_with_its_ends(filled: Store) -> None:
    ((cell,),) = filled.query("MATCH ()-[r:REPORTS]->() RETURN r").rows
    ((node,),) = filled.query("MATCH (p:Paper {id: '1'}) RETURN p").rows
    assert cell.source == node.id
    assert cell.target not in {"", cell.source}


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("p = (:Benchmark)<-[:USES {id: 'e1'}]-(m)-[:OUTPERFORMS]->()", ["BBH", "Orca", "GPT"]),
        ("p = (:Benchmark)", ["BBH"]),
        ("p = shortestPath((:Benchmark)-[*..4]-(:Method))", ["BBH", "Orca", "GPT", None]),
    ],
    ids=["both ways", "a node", "shortest"],
)
def test_query_returns_paths(filled: Store, pattern: str, names: list[str | None]) -> None:
    ((cell,),) = filled.query(f"MATCH {pattern} RETURN p").rows
    assert isinstance(cell, PathValue)
    found = [node.properties.get("name") for node in cell.nodes]
    assert [name if name in names else None for name in found] == names
    assert len(cell.relationships) == len(cell.nodes) - 1
    for before, relationship, after in zip(
        cell.nodes, cell.relationships, cell.nodes[1:], strict=False
    ):
        assert {relationship.source, relationship.target} == {before.id, after.id}


def test_query_returns_values_inside_lists_and_maps(filled: Store) -> None:
    ((nodes, mapped, paths),) = filled.query(
        "MATCH p = (a:Model)-[r:OUTPERFORMS]->(b) "
        "RETURN collect(a) AS nodes, {r: r, b: [b]} AS mapped, collect(p) AS paths"
    ).rows
    assert [node.properties["name"] for node in nodes] == ["Orca"]
    assert isinstance(mapped["r"], RelationshipValue)
    assert mapped["r"].source == nodes[0].id
    assert mapped["b"][0].properties["name"] == "GPT"
    assert isinstance(paths[0], PathValue)


def test_query_returns_text_that_looks_like_a_path_as_text(filled: Store) -> None:
    text = "(#1:0)-[#20:0]->(#13:0)"
    assert filled.query("RETURN $text AS text", {"text": text}).rows == ((text,),)


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (n:Model {id: 'system:new'})",
        "MATCH (n:Model) SET n.name = 'x'",
        "MATCH (n:Model) REMOVE n.name",
        "MATCH (n) DETACH DELETE n",
        "MERGE (n:Model {id: 'system:new'}) RETURN n",
        "MATCH (n:Model) FOREACH (x IN [1] | SET n.name = 'x')",
        "MATCH (n:Model) CALL { WITH n SET n.name = 'x' } RETURN n",
        "CREATE INDEX some_index FOR (n:Model) ON (n.name)",
    ],
    ids=["create", "set", "remove", "delete", "merge", "foreach", "subquery", "schema"],
)
def test_query_refuses_to_write(filled: Store, graph: Graph, cypher: str) -> None:
    with pytest.raises(WriteRefusedError) as caught:
        filled.query(cypher)
    assert "\n" not in str(caught.value)
    assert not difference(filled, graph)


def test_query_refuses_to_read_local_files(filled: Store) -> None:
    with pytest.raises(QueryError):
        filled.query("LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line")


def test_query_writes_when_asked_to(filled: Store) -> None:
    filled.query("MATCH (n:Model {id: $id}) SET n.note = 'x'", {"id": "system:gpt"}, write=True)
    assert filled.query("MATCH (n:Model) WHERE n.note = 'x' RETURN n.id").rows == (("system:gpt",),)


def test_query_write_needs_a_store_open_for_writing(address: str, graph: Graph) -> None:
    with open_store(address, mode="write") as store:
        store.apply(difference(store, graph))
    with open_store(address, mode="read") as store:
        with pytest.raises(StoreError, match="reading"):
            store.query("MATCH (n) DETACH DELETE n", write=True)
        with pytest.raises(WriteRefusedError):
            store.query("MATCH (n) DETACH DELETE n")
        assert not difference(store, graph)


@pytest.mark.parametrize(
    "cypher",
    ["MATCH (n RETURN n", "RETURN", "nonsense", "MATCH (n) RETURN m", "RETURN no_such(1)", ""],
    ids=["bracket", "nothing", "word", "variable", "function", "empty"],
)
def test_query_says_what_is_wrong_in_one_line(filled: Store, cypher: str) -> None:
    with pytest.raises(QueryError) as caught:
        filled.query(cypher)
    message = str(caught.value)
    assert message
    assert "\n" not in message
    assert "Exception" not in message
    assert "\tat " not in message


def test_query_names_a_missing_parameter(filled: Store) -> None:
    with pytest.raises(QueryError, match="wanted"):
        filled.query("RETURN $wanted")


def test_query_refuses_a_parameter_of_no_json_type(filled: Store) -> None:
    with pytest.raises(QueryError):
        filled.query("RETURN $value", {"value": object()})


def test_query_of_an_unknown_label_has_no_rows(filled: Store) -> None:
    assert filled.query("MATCH (n:Unicorn) RETURN n.name AS name").rows == ()


def test_query_stops_at_its_time_limit(filled: Store) -> None:
    with pytest.raises(QueryTimeoutError, match=r"0\.5 s"):
        filled.query(SLOW, timeout_s=0.5)
    assert filled.query("RETURN 1 AS one").rows == ((1,),)


def test_query_time_limit_holds_for_readers(address: str, graph: Graph) -> None:
    with open_store(address, mode="write") as store:
        store.apply(difference(store, graph))
    with open_store(address, mode="read") as store, pytest.raises(QueryTimeoutError):
        store.query(SLOW, timeout_s=0.5)
