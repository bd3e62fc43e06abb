"""Measure how fast graphs get into the stores, and how fast questions are answered.

    scripts/bench store --records FILE [--papers N] [--rounds N] [-o FILE]

FILE holds records as `kg extract` prints them. In each round the same graph is loaded, in turn,

    embedded   by kg build into a folder
    cypher     by kg build into a Neo4j server
    merge      by UNWIND … MERGE of the same rows, constraint on the ids, 1,000 rows a statement
    writer     by the Neo4jWriter of neo4j-graphrag
    bulk       by kg export --to neo4j-admin, the offline import, and kg's first opening
    bare       by the offline import of plain CSV files of the same nodes and relationships

into servers of its own (scripts/neo4j, with APOC for Neo4jWriter: Java and Maven are needed, and
`pip install '.[bench]'`). Times are wall seconds, ratios are taken within a round, and what is
given of both is the median. Extraction is no part of it. Figures go to stdout, or to -o, as JSON.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from bench_latency import latency
from bench_neo4j import Server, empty, import_plain, load_plain, load_writer, write_plain
from bench_report import WAYS, Times, report, rounded

from kg.export import export_graph
from kg.extract import load_extractor
from kg.pipeline import build
from kg.read import read
from kg.records import Edge, Node, Record
from kg.store import open_store
from kg.store.base import Store

WARM_PAPERS = 200
PORT = int(os.environ.get("NEO4J_PORT", "17687"))


class Stopwatch:
    """A store that measures how long records and the graph take to write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.seconds: Times = {"records_s": 0.0, "load_s": 0.0}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_records(self, batch: Any) -> None:
        """Store records."""
        start = time.perf_counter()
        self._store.put_records(batch)
        self.seconds["records_s"] += time.perf_counter() - start

    def apply(self, changes: Any) -> None:
        """Write the graph."""
        start = time.perf_counter()
        self._store.apply(changes)
        self.seconds["load_s"] += time.perf_counter() - start


class Bench:
    """The servers, the records, and the graph that comes out of them."""

    def __init__(self, folder: Path, records: list[Record]) -> None:
        self._folder = folder
        self.records = records
        self._extractor = load_extractor(model=False)
        self.store = str(folder / "graph.kg")
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []

    def build(self, address: str, records: list[Record]) -> Times:
        """Build from records into a store."""
        start = time.perf_counter()
        with open_store(address, mode="write") as store:
            opened = time.perf_counter() - start
            watch = Stopwatch(store)
            build(watch, records, extractor=self._extractor)
        return watch.seconds | {"open_s": opened, "total_s": time.perf_counter() - start}

    def read_graph(self) -> None:
        """Keep the graph in memory, for the loaders that are given it whole."""
        with open_store(self.store, mode="read") as store:
            self.nodes, self.edges = list(store.nodes()), list(store.edges())

    def sizes(self) -> dict[str, int]:
        """Count what is loaded."""
        return {
            "papers": len(self.records),
            "nodes": len(self.nodes),
            "relationships": len(self.edges),
        }

    def embedded(self, place: int) -> Times:
        """Build into a new folder."""
        return self.build(str(self._folder / f"{place}.kg"), self.records)

    def online(self, server: Server, way: str) -> Times:
        """Load into the running server, which is emptied before."""
        with server.driver() as driver:
            empty(driver)
            if way == "cypher":
                return self.build(os.environ["NEO4J_URI"], self.records)
            load = {"merge": load_plain, "writer": load_writer}[way]
            seconds = load(driver, self.nodes, self.edges)
            found = driver.execute_query("MATCH ()-[r]->() RETURN count(r) AS n").records[0]
            return {"load_s": seconds, "relationships_kept": found["n"]}

    def bulk(self, server: Server, folder: Path) -> Times:
        """Export, import, start, open; the start is the server's own time."""
        times = {}
        start = time.perf_counter()
        with open_store(self.store, mode="read") as store:
            export_graph(store, "neo4j-admin", folder)
        times["export_s"] = time.perf_counter() - start
        start = time.perf_counter()
        server.run("import", "@import.args", cwd=folder)
        times["import_s"] = time.perf_counter() - start
        return times | self._open(server, ready=True)

    def bare(self, server: Server, folder: Path) -> Times:
        """Write plain CSV and import it; then make the same constraints, to compare."""
        times = {"write_s": write_plain(folder, self.nodes, self.edges)}
        times["import_s"] = import_plain(server, folder)
        return times | self._open(server, ready=False)

    def _open(self, server: Server, *, ready: bool) -> Times:
        from kg.store.neo4j_connection import Connection
        from kg.store.neo4j_graph import make_constraints

        live = dict(os.environ)
        start = time.perf_counter()
        address = server.start()
        started = time.perf_counter() - start
        start = time.perf_counter()
        if ready:
            open_store(address, mode="write").close()
        else:
            connection = Connection(address)
            make_constraints(connection)
            connection.close()
        opened = time.perf_counter() - start
        server.run("stop")
        os.environ.update(live)
        return {"start_s": started, "open_s": opened}


def measure(bench: Bench, folder: Path, rounds: int, ways: list[str]) -> list[dict[str, Times]]:
    """Return the times of each round, by way."""
    found: list[dict[str, Times]] = []
    with (
        Server(folder / "live", PORT, apoc="writer" in ways) as live,
        Server(folder / "offline", PORT + 1) as offline,
    ):
        live.start()
        _warm(bench, live, ways)
        for place in range(rounds):
            times: dict[str, Times] = {}
            for way in ways:
                if way == "embedded":
                    times[way] = bench.embedded(place)
                elif way in ("bulk", "bare"):
                    files = folder / f"{way}{place}"
                    times[way] = getattr(bench, way)(offline, files)
                else:
                    times[way] = bench.online(live, way)
                _say(f"round {place + 1}, {way}: {rounded(times[way])}")
            found.append(times)
        if "cypher" in ways:
            bench.online(live, "cypher")
            found[0]["latency"] = latency(bench.store, os.environ["NEO4J_URI"])
    return found


def _warm(bench: Bench, live: Server, ways: list[str]) -> None:
    """Run every way into the server once with few papers, so that its code is compiled."""
    whole = bench.records, bench.nodes, bench.edges
    papers = {record.id for record in whole[0][:WARM_PAPERS]}
    bench.records = whole[0][:WARM_PAPERS]
    bench.nodes = [n for n in whole[1] if n.label != "Paper" or n.id in papers][:5000]
    kept = {(node.label, node.id) for node in bench.nodes}
    ends = (((e.source_label, e.source), (e.target_label, e.target), e) for e in whole[2])
    bench.edges = [e for a, b, e in islice(ends, 20000) if a in kept and b in kept]
    for _ in range(2):
        for way in ways:
            if way in ("cypher", "merge", "writer"):
                bench.online(live, way)
    bench.records, bench.nodes, bench.edges = whole


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="scripts/bench store",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--records", type=Path, required=True)
    parser.add_argument("--papers", type=int, help="the first N records alone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", default=",".join(WAYS), help="some of them, comma-separated")
    parser.add_argument("-o", "--output", type=Path)
    args = parser.parse_args(arguments)
    records = [
        item for item in islice(read([args.records]), args.papers) if isinstance(item, Record)
    ]
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        bench = Bench(Path(name), records)
        _say(f"graph: {rounded(bench.build(bench.store, records))}")
        bench.read_graph()
        rounds = measure(bench, Path(name), args.rounds, args.ways.split(","))
        text = json.dumps(rounded(report(bench.sizes(), rounds)), indent=2)
    if args.output is None:
        print(text)
    else:
        args.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
