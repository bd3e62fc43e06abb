"""The store of a Neo4j server: who is let in, who is locked out, what a killed writer leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import (
    InputError,
    MissingDependencyError,
    StoreError,
    StoreLockedError,
    StoreUnavailableError,
)
from kg.records import Node, Paper, Record
from kg.store import open_store
from kg.store.base import Changes, Mode, StoredRecord

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from kg.records import Paper, Record
from kg.store import open_store
from kg.store.base import StoredRecord
store = open_store(sys.argv[1], mode="write")
for batch in range(1000):
    ids = [f"{batch}-{place}" for place in range(5)]
    store.put_records([
        StoredRecord(
            record=Record(id=id, paper=Paper(id=id, title=id, abstract="A.")), fingerprint="f"
        )
        for id in ids
    ])
    print(batch, flush=True)
"""


@pytest.fixture
def uri(empty_server: str) -> str:
    """Give the address of a server whose database is empty."""
    return empty_server


def _one_line(error: BaseException, *words: str) -> bool:
    return "\n" not in str(error) and all(word in str(error) for word in words)


def test_open_says_that_no_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("neo4j", reason="the driver is missing: pip install neo4j")
    monkeypatch.setenv("NEO4J_PASSWORD", "very-secret")
    with pytest.raises(StoreUnavailableError) as caught:
        open_store("bolt://127.0.0.1:1", mode="read")
    assert _one_line(caught.value, "bolt://127.0.0.1:1", "start it")
    assert "very-secret" not in str(caught.value)


def test_open_refuses_a_password_in_the_address() -> None:
    pytest.importorskip("neo4j", reason="the driver is missing: pip install neo4j")
    with pytest.raises(InputError) as caught:
        open_store("bolt://neo4j:very-secret@127.0.0.1:1", mode="read")
    assert _one_line(caught.value, "NEO4J_PASSWORD")
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:7687",
        "https://127.0.0.1:7687",
        "bolt:127.0.0.1:7687",
        "neo4j//127.0.0.1:7687",
        "localhost:7687",
        "bolt://127.0.0.1:port",
        "bolt://127.0.0.1:7687?database=neo4j",
    ],
)
@pytest.mark.parametrize("mode", ["read", "write"])
def test_open_refuses_what_is_nearly_an_address(
    address: str, mode: Mode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("neo4j", reason="the driver is missing: pip install neo4j")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        open_store(address, mode=mode)
    assert _one_line(caught.value, address, "bolt://HOST:PORT")
    assert list(tmp_path.iterdir()) == []


def test_open_takes_a_folder_whose_name_looks_like_an_address(tmp_path: Path) -> None:
    for name in ("localhost:7687", "neo4j"):
        open_store(f"{tmp_path}/{name}", mode="write").close()
    assert {path.name for path in tmp_path.iterdir()} == {"localhost:7687", "neo4j"}


def test_open_names_the_package_of_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "neo4j", None)
    with pytest.raises(MissingDependencyError, match="pip install neo4j"):
        open_store("neo4j://127.0.0.1:1", mode="read")


@pytest.mark.neo4j
def test_open_says_that_the_password_is_refused(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong-and-secret")
    with pytest.raises(StoreUnavailableError) as caught:
        open_store(uri, mode="read")
    assert _one_line(caught.value, "NEO4J_USERNAME", "NEO4J_PASSWORD")
    assert "wrong-and-secret" not in str(caught.value)


@pytest.mark.neo4j
def test_open_names_a_database_that_is_not_there(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        open_store(f"{uri}/otherdb", mode="read")
    assert _one_line(caught.value, "'otherdb'", "NEO4J_DATABASE")


@pytest.mark.neo4j
def test_open_to_read_an_empty_database_says_to_build(uri: str) -> None:
    with pytest.raises(StoreUnavailableError, match="kg build"):
        open_store(uri, mode="read")


@pytest.mark.neo4j
def test_open_to_write_refuses_a_database_of_others(uri: str) -> None:
    import neo4j

    user = os.environ.get("NEO4J_USERNAME", "neo4j")
    with neo4j.GraphDatabase.driver(uri, auth=(user, os.environ["NEO4J_PASSWORD"])) as driver:
        driver.execute_query("CREATE (:Customer {name: 'Ada', made_by: 'tests'})")
    with pytest.raises(StoreError, match="not kg's"):
        open_store(uri, mode="write")


@pytest.mark.neo4j
def test_second_writer_is_told_to_wait_and_a_reader_is_let_in(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.neo4j_lock.PATIENCE_S", 1.0)
    node = Node(id="system:a", label="Model", properties={"name": "A"})
    with open_store(uri, mode="write") as store:
        store.apply(Changes(nodes_upsert=(node,)))
        with pytest.raises(StoreLockedError) as caught:
            open_store(uri, mode="write")
        assert _one_line(caught.value, "wait")
        with open_store(uri, mode="read") as reader:
            assert list(reader.nodes()) == [node]
    open_store(uri, mode="write").close()


@pytest.mark.neo4j
def test_killed_writer_leaves_whole_batches_and_frees_the_lock(uri: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, uri],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    for _ in range(4):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    record = Record(id="x", paper=Paper(id="x", title="x", abstract="A."))
    with open_store(uri, mode="write") as store:
        n_records = len(store.fingerprints())
        assert n_records >= 20
        assert n_records % 5 == 0
        store.put_records([StoredRecord(record=record, fingerprint="f")])
        assert store.fingerprints()["x"] == "f"
