"""Names with every kind of character, and an empty graph, in every store."""

from itertools import pairwise

import pytest

from kg.errors import KgError
from kg.query.ask import ask
from kg.query.narrowing import Narrowing
from kg.query.questions import load_questions
from kg.records import Edge, Node
from kg.store.base import Changes, Store

NAMES = {
    "quotes": "it's \"so\" ''",
    "backslash": "a\\b\\\\c\\n \\u0041 \\",
    "backtick": "`a``b`",
    "braces": "{a} ${b} {{c}} $name %s",
    "newline": "line\none\r\ntwo\ttab",
    "rtl": "שלום مرحبا \u202eabc",
    "emoji": "🤖👩‍🔬 𝔘𝔫𝔦",
    "combining": "e\u0301 é ﬁ ß İ",
    "cypher": "'}) DETACH DELETE n //",
    "path": "(#1:0)-[#20:0]->(#13:0)",
    "record id": "#13:0",
    "number": "007",
    "long": "ab " * 2500,
}


@pytest.fixture
def named(store: Store) -> Store:
    """Give a store with a model of each name, chained by relationships that quote it."""
    # An index of Neo4j takes a name of 8,000 bytes, so "long" is a little less.
    nodes = [
        Node(id=f"system:{key}", label="Model", properties={"name": name, "aliases": (name, "x")})
        for key, name in NAMES.items()
    ]
    edges = [
        Edge(
            id=f"edge:{a.id}",
            type="USES",
            source=a.id,
            source_label="Model",
            target=b.id,
            target_label="Model",
            properties={"paper": a.id, "sentence": a.properties["name"], "role": "component"},
        )
        for a, b in pairwise(nodes)
    ]
    store.apply(Changes(nodes_upsert=tuple(nodes), edges_upsert=tuple(edges)))
    return store


def test_names_of_every_kind_are_stored_found_and_returned(named: Store) -> None:
    stored = {node.id: node.properties["name"] for node in named.nodes()}
    assert stored == {f"system:{key}": name for key, name in NAMES.items()}
    assert {edge.properties["sentence"] for edge in named.edges()} == {*NAMES.values()} - {
        NAMES["long"]
    }
    for key, name in NAMES.items():
        found = named.query(
            "MATCH (n:Model {name: $name}) WHERE $name IN n.aliases AND n.name CONTAINS $name "
            "RETURN n.id, n.name, n.aliases, {`a b`: n.name} AS map, size(n.name)",
            {"name": name},
        )
        ((node_id, *values, length),) = found.rows
        assert node_id == f"system:{key}"
        assert values == [name, [name, "x"], {"a b": name}]
        assert length == len(name)


@pytest.mark.parametrize("key", [key for key in NAMES if key != "long"])
def test_name_written_into_the_query_is_read_as_it_is(store: Store, key: str) -> None:
    name = NAMES[key]
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    assert store.query(f"RETURN '{escaped}' AS name").rows == ((name,),)
    column = name.replace("`", "``")
    if "\\" not in name:
        assert store.query(f"RETURN 1 AS `{column}`").columns == (name,)


def test_names_sort_by_code_point(named: Store) -> None:
    rows = named.query("MATCH (n:Model) RETURN n.name AS name ORDER BY name").rows
    assert [name for (name,) in rows] == sorted(NAMES.values())


def test_parameters_with_names_of_every_kind(store: Store) -> None:
    value = {name: [name, {name: None}] for name in NAMES.values()}
    assert store.query("RETURN $value AS value", {"value": value}).rows == ((value,),)


def test_questions_of_an_empty_graph_have_no_rows(store: Store) -> None:
    parameters = {"ids": ["system:orca"], "other_ids": ["system:gpt-4"], "direct": False}
    for question in load_questions():
        table = store.query(question.cypher, parameters | Narrowing().parameters())
        assert table.rows == (), question.name
        assert table.columns == ("name", "type", "papers", "evidence", "via")


def test_question_about_an_empty_graph_says_that_the_name_is_unknown(store: Store) -> None:
    with pytest.raises(KgError, match="Orca"):
        ask(store, "what does Orca use?")
