"""A writer that is killed in the middle: what is left, and what the next run makes of it."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from kg.changes import difference
from kg.records import Edge, Node, Paper, Record
from kg.resolve.graph import Graph
from kg.store import open_store
from kg.store.base import Store, StoredRecord

N_PAPERS, N_SYSTEMS, N_STATED = 150, 300, 20
ROUNDS = 8

WRITER = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("crash", {__file__!r})
crash = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crash)
crash.write(sys.argv[1])
"""


def _papers() -> list[Record]:
    return [
        Record(id=f"{place:04}", paper=Paper(id=f"{place:04}", title=f"T {place}", abstract="A."))
        for place in range(N_PAPERS)
    ]


def _graph() -> Graph:
    papers = [
        Node(id=record.id, label="Paper", properties={"title": record.paper.title})
        for record in _papers()
    ]
    systems = [
        Node(id=f"system:{place}", label="Model", properties={"name": f"S {place}"})
        for place in range(N_SYSTEMS)
    ]
    edges = [
        Edge(
            id=f"{paper.id}-{place}",
            type="MENTIONS",
            source=paper.id,
            source_label="Paper",
            target=f"system:{(int(paper.id) * 7 + place) % N_SYSTEMS}",
            target_label="Model",
            properties={"paper": paper.id, "count": place, "sentence": "S. " * 40},
        )
        for paper in papers
        for place in range(N_STATED)
    ]
    return Graph(nodes=(*papers, *systems), edges=tuple(edges))


def write(address: str) -> None:
    """Store the records that are missing, then bring the graph to where it should be."""
    with open_store(address, mode="write") as store:
        _say("open")
        known = store.fingerprints()
        missing = [record for record in _papers() if record.id not in known]
        for start in range(0, len(missing), 10):
            store.put_records(
                [
                    StoredRecord(record=record, fingerprint="f")
                    for record in missing[start : start + 10]
                ]
            )
        store.apply(difference(store, _graph()))
    _say("done")


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def _start(address: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def _kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _unfinished_papers(store: Store) -> list[str]:
    """Return the papers of which only a part is stored."""
    stated: dict[str, int] = {}
    for edge in store.edges():
        stated[edge.source] = stated.get(edge.source, 0) + 1
    return [paper for paper, count in stated.items() if count != N_STATED]


def test_killed_writers_leave_whole_papers_and_the_next_run_completes(tmp_path: Path) -> None:
    address = str(tmp_path / "papers.kg")
    chance = random.Random(0)
    for _ in range(ROUNDS):
        process = _start(address)
        time.sleep(chance.random())
        _kill(process)
        with open_store(address, mode="write") as store:
            assert len(store.fingerprints()) % 10 == 0
            assert _unfinished_papers(store) == []
    write(address)
    with open_store(address, mode="read") as store:
        assert [record.id for record in store.records()] == [record.id for record in _papers()]
        assert not difference(store, _graph())


def test_reader_repairs_what_a_killed_writer_left(tmp_path: Path) -> None:
    address = str(tmp_path / "papers.kg")
    write(address)
    with open_store(address, mode="write") as store:
        store.apply(difference(store, Graph()))
    process = _start(address)
    time.sleep(0.6)
    _kill(process)
    with open_store(address, mode="read") as store:
        ((count,),) = store.query("MATCH (n:Model) RETURN count(n)").rows
        assert count in {0, N_SYSTEMS}
        assert _unfinished_papers(store) == []


def test_graph_half_made_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "papers.kg"
    write(str(folder))
    shutil.move(folder / "graph", folder / "graph.new")
    write(str(folder))
    with open_store(str(folder), mode="read") as store:
        assert not difference(store, _graph())
    assert not (folder / "graph.new").exists()
