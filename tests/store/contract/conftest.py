"""The stores of the contract: embedded always, Neo4j where there is one.

`address` and `store` are empty ones, one after the other; `embedded_samples` and `neo4j_samples`
hold the same graph of the sample papers, loaded once.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.api import build, sample_papers
from kg.records import Edge, Node
from kg.resolve.graph import Graph
from kg.store import open_store
from kg.store.base import Changes, NodeValue, PathValue, RelationshipValue, Store, Table

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
    _empty(request.getfixturevalue("server"))
    return os.environ["NEO4J_URI"]


@pytest.fixture(scope="session")
def empty_server(server: "neo4j.Driver") -> Callable[[], str]:
    """Give a function that empties the server's database and returns its address."""

    def empty() -> str:
        _empty(server)
        return os.environ["NEO4J_URI"]

    return empty


def _empty(driver: "neo4j.Driver") -> None:
    """Empty the database but for the mark that it is the tests'."""
    driver.execute_query("MATCH (n) DETACH DELETE n")
    driver.execute_query("CREATE (:KgStore {id: 'kg', made_by: 'tests'})")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """Give an empty store, open for writing."""
    with open_store(address, mode="write") as opened:
        yield opened


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def samples_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a closed embedded store of the sample papers, read by the rules."""
    folder = tmp_path_factory.mktemp("samples") / "papers.kg"
    build(sample_papers(), store=folder, rules_only=True)
    return folder


@pytest.fixture(scope="session")
def embedded_samples(samples_folder: Path) -> Iterator[Store]:
    """Give the embedded store of the sample papers; a process opens a folder's graph once."""
    folder = shutil.copytree(samples_folder, samples_folder.with_name("open.kg"))
    with open_store(str(folder)) as opened:
        yield opened


class _Served:
    """The graph of the sample papers on the server, and a reader that stays open."""

    def __init__(self, driver: "neo4j.Driver", samples: Store) -> None:
        self._driver = driver
        self._samples = samples
        self.reader: Store | None = None

    def load(self) -> Store:
        """Return the reader; where another test has emptied the database, load it first."""
        address = os.environ["NEO4J_URI"]
        marked = self._driver.execute_query("MATCH (k:KgStore {holds: 'samples'}) RETURN k")
        if not marked.records:
            _empty(self._driver)
            nodes, edges = tuple(self._samples.nodes()), tuple(self._samples.edges())
            with open_store(address, mode="write") as store:
                store.apply(Changes(nodes_upsert=nodes, edges_upsert=edges))
            self._driver.execute_query("MATCH (k:KgStore {id: 'kg'}) SET k.holds = 'samples'")
        if self.reader is None:
            self.reader = open_store(address)
        return self.reader


@pytest.fixture(scope="session")
def _served(server: "neo4j.Driver", embedded_samples: Store) -> Iterator[_Served]:
    served = _Served(server, embedded_samples)
    yield served
    if served.reader is not None:
        served.reader.close()


@pytest.fixture
def neo4j_samples(_served: _Served) -> Store:
    """Give the Neo4j store that holds the graph of the sample papers."""
    return _served.load()


@pytest.fixture
def neo4j_address(neo4j_samples: Store) -> str:
    """Give the address of the server that holds the graph of the sample papers."""
    return os.environ["NEO4J_URI"]


def _comparable(value: Any) -> Any:
    """Return a cell without the engine's ids; a float counts with 12 digits, a type counts."""
    match value:
        case NodeValue():
            return "node", value.labels, _comparable(value.properties)
        case RelationshipValue():
            return "relationship", value.type, _comparable(value.properties)
        case PathValue():
            return "path", _comparable(value.nodes), _comparable(value.relationships)
        case dict():
            return "map", sorted((key, _comparable(item)) for key, item in value.items())
        case list() | tuple():
            return [_comparable(item) for item in value]
        case float():
            return "float", f"{value:.12g}"
        case _:
            return type(value).__name__, value


@pytest.fixture(scope="session")
def comparable() -> Callable[..., tuple[tuple[str, ...], list[Any]]]:
    """Give a function that returns a table's columns and rows so that two stores' compare."""

    def convert(table: Table, *, ordered: bool = False) -> tuple[tuple[str, ...], list[Any]]:
        rows = [_comparable(row) for row in table.rows]
        return table.columns, rows if ordered else sorted(rows, key=repr)

    return convert
