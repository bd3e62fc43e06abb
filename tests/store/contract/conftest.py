"""One empty store after the other for the contract: embedded always, Neo4j where there is one."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.records import Edge, Node
from kg.resolve.graph import Graph
from kg.store import open_store
from kg.store.base import Store

if TYPE_CHECKING:
    import neo4j

HOW_TO_START = "no Neo4j server: run `scripts/neo4j start` and set NEO4J_URI as it says"


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty embedded store once: copying it takes a tenth of the time."""
    folder = tmp_path_factory.mktemp("empty") / "papers.kg"
    with open_store(str(folder), mode="write") as store:
        assert list(store.nodes()) == []
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator["neo4j.Driver"]:
    """Give a driver to the server of NEO4J_URI, whose database is empty at the end."""
    uri = os.environ.get("NEO4J_URI")
    if not uri:
        pytest.skip(HOW_TO_START)
    import neo4j

    user = os.environ.get("NEO4J_USERNAME", "neo4j")
    with neo4j.GraphDatabase.driver(uri, auth=(user, os.environ["NEO4J_PASSWORD"])) as driver:
        found = driver.execute_query(
            "OPTIONAL MATCH (n) WITH count(n) AS n "
            "OPTIONAL MATCH (k:KgStore {made_by: 'tests'}) RETURN n, count(k) AS k"
        ).records[0]
        if found["n"] and not found["k"]:
            pytest.fail(f"{uri}: the tests need an empty database, and will not empty this one")
        yield driver
        driver.execute_query("MATCH (n) DETACH DELETE n")


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty store."""
    if request.param == "embedded":
        empty = request.getfixturevalue("empty_folder")
        return str(shutil.copytree(empty, tmp_path / "papers.kg"))
    driver = request.getfixturevalue("server")
    driver.execute_query("MATCH (n) DETACH DELETE n")
    driver.execute_query("CREATE (:KgStore {id: 'kg', made_by: 'tests'})")
    return os.environ["NEO4J_URI"]


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """Give an empty store, open for writing."""
    with open_store(address, mode="write") as opened:
        yield opened


@pytest.fixture
def graph() -> Graph:
    """Give a small graph with names that no store may trip over."""
    return small_graph()


def small_graph(**names: str) -> Graph:
    """Return three systems, a benchmark, two papers, an author, and what joins them."""
    orca = names.get("orca", "Orca")
    nodes = (
        Node(id="1", label="Paper", properties={"title": "Orca", "year": 2023, "withdrawn": False}),
        Node(id="2", label="Paper", properties={"title": 'Über "Ziele" \\ und `Wege`'}),
        Node(id="author:ada", label="Author", properties={"name": "Ada"}),
        Node(
            id="resource:bbh",
            label="Benchmark",
            properties={"name": "BBH", "aliases": ("BIG-Bench Hard", "{hard}")},
        ),
        Node(id="result:1", label="Result", properties={"value": 49.0, "unit": "%"}),
        Node(id="system:gpt", label="Model", properties={"name": "GPT"}),
        Node(id="system:orca", label="Model", properties={"name": orca}),
        Node(id="system:tree", label="Method", properties={"name": "Tree\nof 思考 🤖"}),
    )
    edges = (
        _edge("e1", "USES", "system:orca Model", "resource:bbh Benchmark", role="evaluation"),
        _edge("e2", "USES", "system:orca Model", "resource:bbh Benchmark", paper="2"),
        _edge("e3", "OUTPERFORMS", "system:orca Model", "system:gpt Model", margin="3.5"),
        _edge("e4", "MENTIONS", "1 Paper", "system:orca Model", count=3),
        _edge("e5", "REPORTS", "1 Paper", "result:1 Result"),
        _edge("e6", "OF", "result:1 Result", "system:orca Model", paper=None, source="result"),
        _edge("e7", "EXTENDS", "system:tree Method", "system:gpt Model"),
        _edge(
            "e8", "WROTE", "author:ada Author", "1 Paper", paper=None, source="input", position=1
        ),
    )
    return Graph(nodes=nodes, edges=edges)


def _edge(edge_id: str, relation_type: str, start: str, end: str, /, **properties: object) -> Edge:
    """Return a relationship; a paper states it with evidence unless `paper` is `None`."""
    evidence = {"paper": "1", "sentence": 'It\'s "so" \\o/ `x` {y}', "start": 0, "confidence": 0.5}
    given = (evidence | properties) if properties.get("paper", "1") else properties
    source_id, _, source_label = start.rpartition(" ")
    target_id, _, target_label = end.rpartition(" ")
    return Edge(
        id=edge_id,
        type=relation_type,
        source=source_id,
        source_label=source_label,
        target=target_id,
        target_label=target_label,
        properties={key: value for key, value in given.items() if value is not None},
    )


def _content(store: Store) -> tuple[list[Node], list[Edge]]:
    return (
        sorted(store.nodes(), key=lambda node: (node.label, node.id)),
        sorted(store.edges(), key=lambda edge: edge.id),
    )


@pytest.fixture
def content() -> Callable[[Store], tuple[list[Node], list[Edge]]]:
    """Give a function that returns all nodes and relationships of a store, sorted."""
    return _content
