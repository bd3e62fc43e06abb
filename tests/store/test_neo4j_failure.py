"""A Neo4j server that is not there, lets nobody write, breaks off, is full, or has two writers.

What breaks a server is done to one of the tests' own: see `own_server` in conftest.
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from kg.errors import StoreUnavailableError
from kg.records import PAPER, Entity, Paper, Record, Relation
from kg.records_json import record_to_json, to_line
from kg.store import open_store
from kg.store.base import Store, StoredRecord

ROOT = Path(__file__).resolve().parents[2]
N_PAPERS, N_SYSTEMS, N_STATED = 240, 40, 20  # more rows than one transaction takes


def _record(number: int) -> Record:
    """Return a record that states that its paper uses some of the systems."""
    used = [f"Sys{(number * 7 + place) % N_SYSTEMS}" for place in range(N_STATED)]
    sentence = f"We use {', '.join(used)}."
    paper = Paper(id=f"{number:04}", title=f"Study number {number} of systems", abstract=sentence)
    first = paper.text.index(sentence)
    names = {f"e{place}": name for place, name in enumerate(used)}
    starts = {key: paper.text.index(f" {name}") + 1 for key, name in names.items()}
    return Record(
        id=paper.id,
        paper=paper,
        entities=tuple(
            Entity(
                id=key,
                name=name,
                type="Model",
                mentions=(name,),
                spans=((starts[key], starts[key] + len(name)),),
            )
            for key, name in names.items()
        ),
        relations=tuple(
            Relation(
                head=PAPER,
                type="USES",
                tail=key,
                role="component",
                start=first,
                end=first + len(sentence),
                evidence=sentence,
                confidence=0.9,
                extractor="rules/1",
            )
            for key in names
        ),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, run_kg) -> Path:
    """Give records in two files, and `clean.kg`, the store of both."""
    folder = tmp_path_factory.mktemp("failure")
    lines = [to_line(record_to_json(_record(number))) + "\n" for number in range(N_PAPERS)]
    (folder / "one.jsonl").write_text("".join(lines[: N_PAPERS // 2]), encoding="utf-8")
    (folder / "two.jsonl").write_text("".join(lines[N_PAPERS // 2 :]), encoding="utf-8")
    done = run_kg("build", *BOTH, "--store", "clean.kg", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


BOTH = ("one.jsonl", "two.jsonl", "--rules")


def _start_kg(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _export(store: str, folder: Path, run_kg) -> bytes:
    target = folder / "export.graphml"
    done = run_kg("export", "--to", "graphml", "-o", str(target), "--store", store, cwd=folder)
    assert done.returncode == 0, done.stderr
    return target.read_bytes()


def _stated(store: Store) -> dict[str, set[str]]:
    """Return the relationships that each paper states."""
    found: dict[str, set[str]] = defaultdict(set)
    for edge in store.edges():
        if "paper" in edge.properties:
            found[str(edge.properties["paper"])].add(edge.id)
    return found


@pytest.fixture
def uri(own_server, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of the test's own server, which runs and is empty."""
    import neo4j

    own_server.start()
    for name, value in own_server.settings.items():
        monkeypatch.setenv(name, value)
    address = own_server.settings["NEO4J_URI"]
    login = own_server.settings["NEO4J_USERNAME"], own_server.settings["NEO4J_PASSWORD"]
    with neo4j.GraphDatabase.driver(address, auth=login) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
    return address


def _is_one_line(text: str, *words: str) -> bool:
    return len(text.splitlines()) == 1 and all(word in text for word in words)


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats", "--store", "bolt://127.0.0.1:1"),
        ("build", "one.jsonl", "--rules", "--store", "neo4j://127.0.0.1:1"),
        ("push", "bolt://127.0.0.1:1", "--store", "clean.kg"),
        ("pull", "bolt://127.0.0.1:1", "--store", "clean.kg"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_server_is_one_line_at_once(arguments: tuple[str, ...], folder: Path, run_kg) -> None:
    """The driver tried for a quarter of a minute, and printed each of its tries."""
    started = time.monotonic()
    done = run_kg(*arguments, cwd=folder)
    assert time.monotonic() - started < 10
    assert (done.returncode, done.stdout) == (1, "")
    assert _is_one_line(done.stderr, "//127.0.0.1:1: the server does not answer", "start it")


@pytest.mark.neo4j
def test_wrong_password_is_one_line(
    empty_server: str, folder: Path, run_kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong-and-secret")
    done = run_kg("push", empty_server, "--store", "clean.kg", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert _is_one_line(done.stderr, empty_server, "NEO4J_USERNAME", "NEO4J_PASSWORD")
    assert "wrong-and-secret" not in done.stderr


@pytest.mark.neo4j
def test_right_password_after_too_many_wrong_ones_is_told_to_wait(
    empty_server: str, folder: Path, run_kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("NEO4J_PASSWORD", "wrong-and-secret")
        for _ in range(4):
            run_kg("stats", "--store", empty_server, cwd=folder)
    done = run_kg("stats", "--store", empty_server, cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert _is_one_line(done.stderr, empty_server, "too many wrong passwords", "wait")
    end = time.monotonic() + 30
    while "too many" in run_kg("stats", "--store", empty_server, cwd=folder).stderr:
        assert time.monotonic() < end
        time.sleep(0.5)


@pytest.mark.neo4j
def test_two_writers_at_once_lose_nothing(empty_server: str, folder: Path, run_kg) -> None:
    writers = [
        _start_kg("build", name, "--rules", "--store", empty_server, cwd=folder)
        for name in ("one.jsonl", "two.jsonl")
    ]
    for writer in writers:
        _, err = writer.communicate(timeout=300)
        assert writer.returncode == 0, err
    assert _export(empty_server, folder, run_kg) == _export("clean.kg", folder, run_kg)


@pytest.mark.neo4j
def test_server_killed_in_a_load_has_whole_papers_and_the_next_run_completes(
    own_server, uri: str, folder: Path, run_kg
) -> None:
    load = ("push", uri, "--store", "clean.kg")
    process = _start_kg(*load, cwd=folder)
    _wait_for_papers(own_server, process)
    own_server.kill()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert _is_one_line(err, uri, "run the same command again")

    own_server.start()
    with open_store(str(folder / "clean.kg")) as clean:
        wanted = _stated(clean)
    with open_store(uri) as store:
        stored = _stated(store)
        papers = {node.id for node in store.nodes() if node.label == "Paper"}
    assert papers
    assert {paper: stored[paper] for paper in papers} == {paper: wanted[paper] for paper in papers}
    done = run_kg(*load, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert _export(uri, folder, run_kg) == _export("clean.kg", folder, run_kg)


def _wait_for_papers(server, process: subprocess.Popen[str]) -> None:
    """Wait until the graph's first papers are there."""
    import neo4j

    login = server.settings["NEO4J_USERNAME"], server.settings["NEO4J_PASSWORD"]
    with neo4j.GraphDatabase.driver(server.settings["NEO4J_URI"], auth=login) as driver:
        while process.poll() is None:
            if driver.execute_query("MATCH (p:Paper) RETURN p.id LIMIT 1").records:
                return
            time.sleep(0.02)
    pytest.fail(f"the load ended before it was to be disturbed: {process.communicate()[1]}")


@pytest.mark.neo4j
def test_server_that_can_write_no_more_and_is_started_anew(
    own_server, uri: str, folder: Path, run_kg
) -> None:
    """A limit on the size of its files stops the server where a full disk does."""
    resource = pytest.importorskip("resource", reason="needs limits on a process")
    items = [StoredRecord(record=_record(number), fingerprint="f") for number in range(N_PAPERS)]
    with open_store(uri, mode="write") as store:
        store.put_records(items[:64])
        limit = own_server.log_size + 4096
        resource.prlimit(own_server.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        with pytest.raises(StoreUnavailableError) as full:
            store.put_records(items[64:])
        assert _is_one_line(str(full.value), uri, "disk", "run the same command again")
        own_server.kill()
        own_server.start()
        with pytest.raises(StoreUnavailableError) as lost:
            store.put_records(items[64:])
        assert _is_one_line(str(lost.value), uri, "run the same command again")
    with open_store(uri) as store:
        assert len(store.fingerprints()) == 64
    done = run_kg("push", uri, "--store", "clean.kg", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert _export(uri, folder, run_kg) == _export("clean.kg", folder, run_kg)


@pytest.mark.neo4j
def test_read_only_database_is_read_and_refuses_in_one_line(
    own_server, uri: str, folder: Path, run_kg
) -> None:
    assert run_kg("push", uri, "--store", "clean.kg", cwd=folder).returncode == 0
    own_server.kill()
    own_server.start("server.databases.default_to_read_only=true")
    for arguments in (
        ("build", *BOTH, "--store", uri),
        ("push", uri, "--store", "clean.kg"),
        ("query", "CREATE (:Model {id: 'x'})", "--write", "--store", uri),
    ):
        done = run_kg(*arguments, cwd=folder)
        assert (done.returncode, done.stdout) == (1, "")
        assert _is_one_line(done.stderr, uri, "the server lets nobody write")
    assert run_kg("pull", uri, "--store", "pulled.kg", cwd=folder).returncode == 0
    wanted = _export("clean.kg", folder, run_kg)
    assert _export(uri, folder, run_kg) == _export("pulled.kg", folder, run_kg) == wanted
    own_server.kill()
