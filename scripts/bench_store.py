"""Papers, nodes and relationships per second into a store, on a synthetic graph of a given size.

python scripts/bench_store.py [--papers 5000] [--relationships 100000] [--store FOLDER-OR-URI]
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.changes import difference
from kg.records import Edge, Entity, Node, Paper, Record
from kg.resolve.graph import Graph, edge_id
from kg.schema import Label, RelationType, Role
from kg.store import open_store
from kg.store.base import Store, StoredRecord

__all__ = ["measure_store", "synthetic_graph", "synthetic_records"]

_SENTENCE = "We evaluate the proposed system on several benchmarks and report consistent gains. "
_RECORD_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a synthetic graph is."""

    papers: int = 5_000
    entities: int = 15_000
    relationships: int = 100_000


def synthetic_graph(size: Size, seed: int = 0) -> Graph:
    """Return a graph in which few entities have most of the relationships, as in real ones."""
    chance = random.Random(seed)
    papers = [
        Node(
            id=f"{index:05d}",
            label=Label.PAPER,
            properties={"title": f"Paper {index}", "abstract": _SENTENCE * 8, "year": 2024},
        )
        for index in range(size.papers)
    ]
    systems = [
        Node(
            id=f"system:name {index}",
            label=Label.MODEL if index % 3 else Label.METHOD,
            properties={"name": f"Name {index}", "aliases": (f"N-{index}", f"Alias {index}")},
        )
        for index in range(size.entities * 2 // 3)
    ]
    resources = [
        Node(id=f"resource:set {index}", label=Label.BENCHMARK, properties={"name": f"Set {index}"})
        for index in range(size.entities - len(systems))
    ]
    edges: dict[str, Edge] = {}
    while len(edges) < size.relationships:
        edge = _edge(chance, _skewed(chance, systems), _skewed(chance, resources), papers)
        edges[edge.id] = edge
    nodes = sorted([*papers, *systems, *resources], key=lambda node: node.id)
    return Graph(nodes=tuple(nodes), edges=tuple(edges[key] for key in sorted(edges)))


def synthetic_records(n_papers: int) -> Iterator[StoredRecord]:
    """Yield records of ordinary length."""
    for index in range(n_papers):
        paper = Paper(id=f"{index:05d}", title=f"Paper {index}", abstract=_SENTENCE * 8, year=2024)
        entities = tuple(
            Entity(id=f"e{place}", name=f"Name {index + place}", type=Label.MODEL, mentions=("N",))
            for place in range(8)
        )
        record = Record(id=paper.id, paper=paper, entities=entities)
        yield StoredRecord(record=record, fingerprint=f"{index:032x}")


def measure_store(store: Store, size: Size) -> dict[str, float]:
    """Return items per second of a first load, of its repetition, and of reading it back.

    Processor seconds are this process's: with the embedded store they are the store's too.
    """
    graph = synthetic_graph(size)
    records = list(synthetic_records(size.papers))
    rates: dict[str, float] = {}
    start = time.perf_counter()
    for place in range(0, len(records), _RECORD_BATCH):
        store.put_records(records[place : place + _RECORD_BATCH])
    rates["records_per_s"] = size.papers / (time.perf_counter() - start)
    n_items = len(graph.nodes) + len(graph.edges)
    changes = difference(store, graph)
    start, cpu = time.perf_counter(), time.process_time()
    store.apply(changes)
    seconds = time.perf_counter() - start
    rates["load_s"] = seconds
    rates["load_cpu_s"] = time.process_time() - cpu
    rates["items_per_cpu_s"] = n_items / rates["load_cpu_s"]
    rates["items_per_s"] = n_items / seconds
    rates["papers_per_s"] = size.papers / seconds
    rates["nodes_per_s"] = len(graph.nodes) / seconds
    rates["relationships_per_s"] = len(graph.edges) / seconds
    start = time.perf_counter()
    store.apply(changes)
    rates["again_items_per_s"] = n_items / (time.perf_counter() - start)
    start = time.perf_counter()
    left = difference(store, graph)
    rates["difference_items_per_s"] = n_items / (time.perf_counter() - start)
    rates["left_to_do"] = float(len(left.nodes_upsert) + len(left.edges_upsert))
    return rates


def _skewed(chance: random.Random, nodes: list[Node]) -> Node:
    return nodes[int(len(nodes) * chance.random() ** 3)]


def _edge(chance: random.Random, source: Node, target: Node, papers: list[Node]) -> Edge:
    paper = chance.choice(papers).id
    role = chance.choice((Role.EVALUATION, Role.TRAINING))
    return Edge(
        id=edge_id(RelationType.USES, source.id, target.id, paper, role),
        type=RelationType.USES,
        source=source.id,
        source_label=source.label,
        target=target.id,
        target_label=target.label,
        properties={
            "role": str(role),
            "paper": paper,
            "sentence": _SENTENCE,
            "start": 0,
            "end": len(_SENTENCE),
            "confidence": 0.9,
            "extractor": "bench/1",
        },
    )


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=5_000)
    parser.add_argument("--entities", type=int, default=15_000)
    parser.add_argument("--relationships", type=int, default=100_000)
    parser.add_argument("--store", help="an empty store; a temporary folder without it")
    given = parser.parse_args()
    size = Size(papers=given.papers, entities=given.entities, relationships=given.relationships)
    with tempfile.TemporaryDirectory() as folder:
        address = given.store or str(Path(folder) / "bench.kg")
        with open_store(address, mode="write") as store:
            rates = measure_store(store, size)
    print(json.dumps({name: round(value, 1) for name, value in rates.items()}, indent=2))


if __name__ == "__main__":
    main()
