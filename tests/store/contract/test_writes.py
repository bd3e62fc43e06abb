"""`kg query --write` changes the same in every store."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.resolve.graph import Graph
from kg.store import open_store
from kg.store.base import Changes, Store

pytestmark = pytest.mark.neo4j

WRITES = [
    ("CREATE (:Note {id: '1', text: 'a'}), (:Note {id: '2'})", "MATCH (n:Note) RETURN n"),
    (
        "CREATE (:Note {id: '1'})-[:SEES {at: 1}]->(:Note {id: '2'})",
        "MATCH (a)-[r:SEES]->(b) RETURN a, r, b",
    ),
    ("CREATE (n:Note {id: 'x'}) RETURN n.id, labels(n)", "MATCH (n:Note) RETURN count(n)"),
    ("MATCH (n:Model) SET n.seen = true, n.rank = 1.5", "MATCH (n:Model) RETURN n"),
    ("MATCH (n:Model) SET n += {seen: [1, 2], name: 'x'}", "MATCH (n:Model) RETURN n"),
    ("MATCH (n:Model) SET n = {id: n.id, note: 'only'}", "MATCH (n:Model) RETURN n"),
    ("MATCH (n:Model) SET n.name = null REMOVE n.aliases", "MATCH (n:Model) RETURN n"),
    ("MATCH ()-[r:USES]->() SET r.checked = 1 RETURN count(r)", "MATCH ()-[r]->() RETURN r"),
    ("MATCH (p:Paper) SET p.title = toUpper(p.title)", "MATCH (p:Paper) RETURN p.title"),
    (
        "UNWIND range(1, 3) AS i MERGE (n:Note {id: toString(i % 2)}) "
        "ON CREATE SET n.n = 1 ON MATCH SET n.n = n.n + 1 RETURN count(*)",
        "MATCH (n:Note) RETURN n",
    ),
    (
        "MATCH (a:Model {name: 'GPT'}), (b:Benchmark) MERGE (a)-[r:USES]->(b) SET r.id = 'new'",
        "MATCH (:Model)-[r:USES]->(:Benchmark) RETURN r",
    ),
    (
        "MATCH (n:Model) WITH collect(n) AS ns FOREACH (n IN ns | SET n.k = size(n.name))",
        "MATCH (n:Model) RETURN n.name, n.k",
    ),
    (
        "MATCH (n:Paper) CALL { WITH n CREATE (m:Note {id: n.id}) RETURN m } RETURN count(m)",
        "MATCH (n:Note) RETURN n",
    ),
    (
        "MATCH ()-[r:USES]->() MATCH (p:Paper {id: r.paper}) SET p.uses = true RETURN p.id",
        "MATCH (p:Paper) RETURN p.id, p.uses",
    ),
    ("MATCH ()-[r:USES]->() DELETE r", "MATCH ()-[r]->() RETURN type(r), count(*)"),
    ("MATCH (n:Model) DETACH DELETE n", "MATCH (n:Entity) RETURN n.id"),
]


@pytest.fixture(scope="module")
def both_stores(
    empty_folder: Path,
    empty_server: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Store, Store]]:
    """Give an embedded store and one on the server, both empty, open for writing."""
    folder = shutil.copytree(empty_folder, tmp_path_factory.mktemp("writes") / "papers.kg")
    with (
        open_store(str(folder), mode="write") as embedded,
        open_store(empty_server(), mode="write") as on_server,
    ):
        yield embedded, on_server


@pytest.mark.parametrize(("statement", "check"), WRITES, ids=[item[0][:50] for item in WRITES])
def test_write_changes_the_same(
    statement: str, check: str, both_stores: tuple[Store, Store], graph: Graph, comparable
) -> None:
    outcomes = []
    for store in both_stores:
        store.query("MATCH (n:Note) DETACH DELETE n", write=True)
        store.query("MATCH ()-[r]->() DELETE r", write=True)
        store.apply(Changes(nodes_upsert=graph.nodes, edges_upsert=graph.edges))
        outcomes.append(
            (comparable(store.query(statement, write=True)), comparable(store.query(check)))
        )
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][1][1]
