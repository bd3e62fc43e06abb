"""The command line over every store: the same exit codes, the same words."""

import pytest

from kg.changes import difference
from kg.resolve.graph import Graph
from kg.store import open_store
from kg.store.base import Store

SLOW = (
    "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c "
    "WITH a, b, c WHERE a + b + c = -1 RETURN count(*)"
)
REFUSED = "kg: the query would write, and only reading is allowed here (--write)\n"
LATE = (
    "kg: the query took longer than 0.5 s and was stopped; narrow it, or allow more (--timeout)\n"
)


@pytest.fixture
def filled(address: str, graph: Graph) -> str:
    """Give the address of a store with the small graph, closed."""
    with open_store(address, mode="write") as store:
        store.apply(difference(store, graph))
    return address


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["CREATE (:Model {id: 'x'})"], REFUSED),
        (["MATCH (n) DETACH DELETE n"], REFUSED),
        ([SLOW, "--timeout", "0.5"], LATE),
    ],
    ids=["create", "delete", "timeout"],
)
def test_refused_query_ends_with_1_and_one_line(
    filled: str, options: list[str], message: str, run_kg, tmp_path
) -> None:
    done = run_kg("query", *options, "--store", filled, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", message)


@pytest.mark.parametrize("cypher", ["MATCH (n RETURN n", "RETURN no_such(1)", "RETURN $wanted"])
def test_wrong_query_ends_with_1_and_one_line(filled: str, cypher: str, run_kg, tmp_path) -> None:
    done = run_kg("query", cypher, "--store", filled, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kg: ")
    assert len(done.stderr.splitlines()) == 1


def test_unknown_label_ends_with_0_and_no_rows(filled: str, run_kg, tmp_path) -> None:
    done = run_kg(
        "query", "MATCH (n:Unicorn) RETURN n.name", "--format", "json", "--store", filled,
        cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "[]")
    assert "Unicorn" not in done.stderr


def test_second_writer_ends_with_1_and_one_line(
    store: Store, address: str, run_kg, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.neo4j_lock.PATIENCE_S", 1.0)
    done = run_kg("build", "--store", address, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"kg: {address}: the store is in use by another kg process; "
        "wait until it has finished, or name another one with --store\n"
    )
    assert store.fingerprints() == {}


def test_query_may_delete_every_node(filled: str, run_kg, tmp_path) -> None:
    """A Neo4j writer waited for its own lock, which stood on one of the nodes."""
    done = run_kg(
        "query", "MATCH (n) DETACH DELETE n", "--write", "--timeout", "20", "--store", filled,
        cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "0 rows\n")
    with open_store(filled, mode="write") as store:
        assert list(store.nodes()) == []
