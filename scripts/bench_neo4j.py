"""What `scripts/bench store` compares on Neo4j: servers of its own, and ways to load a graph."""

import asyncio
import csv
import os
import re
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j

from kg.records import Edge, Node
from kg.schema import load_schema

__all__ = ["Server", "empty", "import_plain", "load_plain", "load_writer", "write_plain"]

ROOT = Path(__file__).resolve().parent.parent
VERSION = os.environ.get("NEO4J_VERSION", "5.26.30")
BATCH_ROWS = 1000
TYPES = {"string": "string", "integer": "long", "float": "double", "boolean": "boolean"}

Row = dict[str, Any]


class Server:
    """A server in a folder of its own; `with` stops it and takes its folder away."""

    def __init__(self, home: Path, port: int, *, apoc: bool = False) -> None:
        self._home = home
        self._port = port
        self._apoc = apoc
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        used = Path(os.environ.get("KG_NEO4J_HOME") or cache / "papers-kg" / "neo4j") / VERSION
        (home / VERSION).mkdir(parents=True)
        for name in ("lib", "plugins") if apoc else ("lib",):  # not fetched again
            if (used / name / ".complete").is_file():
                (home / VERSION / name).symlink_to(used / name)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.run("stop")
        shutil.rmtree(self._home, ignore_errors=True)

    def run(self, *arguments: str, cwd: Path = ROOT) -> str:
        """Run scripts/neo4j and return what it prints."""
        given = {key: value for key, value in os.environ.items() if not key.startswith("NEO4J_")}
        given |= {"KG_NEO4J_HOME": str(self._home), "NEO4J_PORT": str(self._port)}
        given |= {"NEO4J_DOCKER": "no", "NEO4J_VERSION": VERSION}
        given |= {"NEO4J_HEAP": os.environ.get("NEO4J_HEAP", "512m")}
        if self._apoc:
            given["KG_NEO4J_APOC"] = "1"
        done = subprocess.run(
            [ROOT / "scripts" / "neo4j", *arguments],
            cwd=cwd, env=given, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            log = self._home / VERSION / "logs" / "neo4j.log"
            told = log.read_text(encoding="utf-8")[-2000:] if log.is_file() else ""
            raise SystemExit(f"scripts/neo4j {arguments[0]}: {done.stdout}{done.stderr}{told}")
        return done.stdout

    def start(self) -> str:
        """Start the server, wait until it answers a query, and return its address."""
        for name, value in re.findall(r"(NEO4J_\w+)=(\S+)", self.run("start")):
            os.environ[name] = value
        with self.driver() as driver:
            driver.execute_query("RETURN 1")
        return os.environ["NEO4J_URI"]

    @contextmanager
    def driver(self) -> Iterator[neo4j.Driver]:
        """Give a driver to the running server."""
        auth = os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"]
        with neo4j.GraphDatabase.driver(
            f"bolt://127.0.0.1:{self._port}",
            auth=auth,
            notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
        ) as driver:
            yield driver


def empty(driver: neo4j.Driver) -> None:
    """Take all nodes, relationships, constraints and indexes away."""
    with driver.session() as session:
        for kind, shown in (
            ("CONSTRAINT", "SHOW CONSTRAINTS YIELD name"),
            ("INDEX", "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"),
        ):
            for row in session.run(shown).data():
                session.run(f"DROP {kind} {row['name']}").consume()
        for pattern in ("()-[x]->()", "(x)"):
            session.run(
                f"MATCH {pattern} CALL (x) {{ DELETE x }} IN TRANSACTIONS OF 10000 ROWS"
            ).consume()


def load_plain(driver: neo4j.Driver, nodes: list[Node], edges: list[Edge]) -> float:
    """Load by `UNWIND … MERGE`, a constraint on the ids, 1,000 rows a statement; return seconds."""
    schema = load_schema()
    for label in sorted({schema.anchor(node.label) for node in nodes}):
        driver.execute_query(f"CREATE CONSTRAINT FOR (n:{label}) REQUIRE n.id IS UNIQUE")
    by_label: dict[str, list[Row]] = defaultdict(list)
    by_shape: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for node in nodes:
        by_label[node.label].append({"id": node.id, "properties": _plain(node)})
    for edge in edges:
        shape = edge.type, schema.anchor(edge.source_label), schema.anchor(edge.target_label)
        ends = {"source": edge.source, "target": edge.target}
        by_shape[shape].append({"id": edge.id, "properties": _plain(edge)} | ends)
    start = time.perf_counter()
    with driver.session() as session:
        for label, rows in by_label.items():
            anchor = schema.anchor(label)
            _write(
                session,
                f"UNWIND $rows AS row MERGE (n:{anchor} {{id: row.id}}) "
                f"SET n:{label}, n += row.properties",
                rows,
            )
        for (name, source, target), rows in by_shape.items():
            _write(
                session,
                f"UNWIND $rows AS row MATCH (a:{source} {{id: row.source}}) "
                f"MATCH (b:{target} {{id: row.target}}) "
                f"MERGE (a)-[r:{name} {{id: row.id}}]->(b) SET r += row.properties",
                rows,
            )
    return time.perf_counter() - start


def load_writer(driver: neo4j.Driver, nodes: list[Node], edges: list[Edge]) -> float:
    """Load by the `Neo4jWriter` of neo4j-graphrag (PyPI), which needs APOC; return seconds."""
    from neo4j_graphrag.components.kg_writer import Neo4jWriter
    from neo4j_graphrag.components.types import Neo4jGraph, Neo4jNode, Neo4jRelationship

    anchor = load_schema().anchor
    graph = Neo4jGraph(
        nodes=[
            Neo4jNode(
                id=f"{anchor(node.label)} {node.id}",
                label=node.label,
                properties=_plain(node) | {"id": node.id},
            )
            for node in nodes
        ],
        relationships=[
            Neo4jRelationship(
                start_node_id=f"{anchor(edge.source_label)} {edge.source}",
                end_node_id=f"{anchor(edge.target_label)} {edge.target}",
                type=edge.type,
                properties=_plain(edge) | {"id": edge.id},
            )
            for edge in edges
        ],
    )
    writer = Neo4jWriter(driver=driver, batch_size=BATCH_ROWS)
    start = time.perf_counter()
    done = asyncio.run(writer.run(graph))
    seconds = time.perf_counter() - start
    if done.status != "SUCCESS":
        raise SystemExit(f"Neo4jWriter: {done.metadata}")
    return seconds


def write_plain(folder: Path, nodes: list[Node], edges: list[Edge]) -> float:
    """Write the graph as one CSV file of nodes and one of relationships; return seconds."""
    schema = load_schema()
    start = time.perf_counter()
    folder.mkdir()
    declared = [rule.properties for rule in schema.relationships.values()]
    _write_csv(
        folder / "nodes.csv", [":ID", "id:string"], ":LABEL", list(schema.properties.values()),
        (([f"{schema.anchor(n.label)} {n.id}", n.id], _labels(n.label), n) for n in nodes),
    )  # fmt: skip
    _write_csv(
        folder / "relationships.csv", [":START_ID", ":END_ID", "id:string"], ":TYPE", declared,
        (
            (
                [
                    f"{schema.anchor(e.source_label)} {e.source}",
                    f"{schema.anchor(e.target_label)} {e.target}",
                    e.id,
                ],
                e.type,
                e,
            )
            for e in edges
        ),
    )  # fmt: skip
    return time.perf_counter() - start


def import_plain(server: Server, folder: Path) -> float:
    """Import what `write_plain` wrote into the stopped server; return seconds."""
    start = time.perf_counter()
    server.run(
        "import", "--multiline-fields=true", "--nodes=nodes.csv",
        "--relationships=relationships.csv", cwd=folder,
    )  # fmt: skip
    return time.perf_counter() - start


def _labels(label: str) -> str:
    schema = load_schema()
    return f"{schema.entity_label};{label}" if label in schema.kinds else label


def _write_csv(
    path: Path, keys: list[str], kind: str, declared: list[Any], rows: Iterator[Any]
) -> None:
    types = {name: text for properties in declared for name, text in properties.items()}
    header = [f"{name}:{TYPES.get(text, 'string[]')}" for name, text in types.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*keys, kind, *header])
        for cells, label, item in rows:
            values = (item.properties.get(name) for name in types)
            texts = [";".join(v) if isinstance(v, tuple) else _scalar(v) for v in values]
            writer.writerow([*cells, label, *texts])


def _scalar(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _plain(item: Node | Edge) -> Row:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in item.properties.items()}


def _write(session: neo4j.Session, cypher: str, rows: list[Row]) -> None:
    work: Callable[..., Any] = lambda transaction, part: transaction.run(  # noqa: E731
        cypher, {"rows": part}
    ).consume()
    for start in range(0, len(rows), BATCH_ROWS):
        session.execute_write(work, rows[start : start + BATCH_ROWS])
