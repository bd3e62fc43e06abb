"""The store of a folder: what it is found as, its lock, and what it does not let in."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import QueryError, StoreError, StoreLockedError, StoreUnavailableError
from kg.records import Node
from kg.store import open_store
from kg.store.base import APPLIED, Changes
from kg.store.locking import FolderLock

NODE = Node(id="system:a", label="Model", properties={"name": "A"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a store with one node, closed."""
    folder = tmp_path / "papers.kg"
    with open_store(str(folder), mode="write") as store:
        store.apply(Changes(nodes_upsert=(NODE,)))
    return folder


def test_open_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"kg build.*kg demo"):
        open_store(str(tmp_path / "papers.kg"), mode="read")
    assert not (tmp_path / "papers.kg").exists()


def test_open_refuses_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="other files"):
        open_store(str(tmp_path), mode="write")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_open_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "papers.kg").write_text("mine")
    with pytest.raises(StoreError, match="a file stands"):
        open_store(str(tmp_path / "papers.kg"), mode="write")


def test_open_refuses_records_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_text("no database at all, though it has the name of one")
    with pytest.raises(StoreError, match=r"records\.sqlite"):
        open_store(str(tmp_path), mode="read")
    FolderLock(tmp_path, "write").release()


def test_open_of_a_store_without_graph_says_to_build(tmp_path: Path) -> None:
    address = str(tmp_path / "papers.kg")
    open_store(address, mode="write").close()
    with open_store(address, mode="read") as store:
        assert store.fingerprints() == {}
        with pytest.raises(StoreUnavailableError, match="kg build"):
            store.query("RETURN 1")


def test_graph_open_twice_in_one_process_is_refused_in_one_line(folder: Path) -> None:
    with open_store(str(folder)) as one, open_store(str(folder)) as two:
        assert list(one.nodes()) == [NODE]
        assert two.fingerprints() == {}
        with pytest.raises(StoreLockedError, match="this process has the graph open"):
            list(two.nodes())


@pytest.mark.parametrize(
    ("first", "second"), [("read", "write"), ("write", "read"), ("write",) * 2]
)
def test_writer_shares_the_store_with_nobody(folder: Path, first: str, second: str) -> None:
    with open_store(str(folder), mode=first), pytest.raises(StoreLockedError) as caught:  # type: ignore[arg-type]
        open_store(str(folder), mode=second)  # type: ignore[arg-type]
    assert str(folder) in str(caught.value)
    assert "--store" in str(caught.value)
    assert "\n" not in str(caught.value)


_QUERY = """
import sys
from kg.store import open_store
with open_store(sys.argv[1]) as store:
    print(store.query("MATCH (n:Model) RETURN n.id").rows)
"""


def test_readers_of_other_processes_share_the_store(folder: Path) -> None:
    with open_store(str(folder)) as store:
        readers = [
            subprocess.Popen([sys.executable, "-c", _QUERY, str(folder)], stdout=subprocess.PIPE)
            for _ in range(2)
        ]
        assert [reader.communicate(timeout=120)[0].strip() for reader in readers] == [
            b"(('system:a',),)"
        ] * 2
        assert list(store.nodes()) == [NODE]


def test_lock_is_free_after_an_error(folder: Path) -> None:
    with pytest.raises(QueryError), open_store(str(folder), mode="write") as store:
        store.query("nonsense")
    with open_store(str(folder), mode="write") as store:
        assert list(store.nodes()) == [NODE]


def test_close_twice_does_nothing(folder: Path) -> None:
    store = open_store(str(folder))
    store.close()
    store.close()


def test_read_store_is_not_written_to(folder: Path) -> None:
    with open_store(str(folder)) as store:
        for call in (
            lambda: store.put_records([]),
            lambda: store.delete_records([]),
            lambda: store.set_state("a", "b"),
            lambda: store.apply(Changes(nodes_upsert=(NODE,))),
        ):
            with pytest.raises(StoreError, match="reading only"):
                call()


def test_settings_of_a_foreign_folder_do_not_count(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("secret\n")
    settings = {"configuration": {"opencypher.loadCsv.allowFileUrls": True}}
    (folder / "graph" / "configuration.json").write_text(json.dumps(settings))
    with open_store(str(folder)) as store, pytest.raises(QueryError):
        store.query(f"LOAD CSV FROM '{secret.as_uri()}' AS line RETURN line")


def test_graph_that_is_gone_forgets_what_was_applied(folder: Path, tmp_path: Path) -> None:
    with open_store(str(folder), mode="write") as store:
        store.set_state(APPLIED, "digest")
    (folder / "graph").rename(tmp_path / "away")
    with open_store(str(folder), mode="write") as store:
        assert store.get_state(APPLIED) is None
        assert list(store.nodes()) == []


def test_nothing_is_printed_or_left_in_the_working_folder(folder: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    code = (
        "import sys; from kg.store import open_store; "
        "open_store(sys.argv[1]).query('RETURN 1'); open_store(sys.argv[1]).query('RETURN 1')"
    )
    home = tmp_path / "home"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=here,
        env={"HOME": str(home), "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("", "")
    assert not list(here.iterdir())
    assert not home.exists()


def test_reading_records_does_not_load_the_engine(folder: Path) -> None:
    code = (
        "import sys; from kg.store import open_store; s = open_store(sys.argv[1]); "
        "s.fingerprints(); print('arcadedb' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "False\n"


def test_open_store_follows_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine resolved relative paths in the folder that the first store was opened in."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        with open_store("papers.kg", mode="write") as store:
            store.apply(Changes(nodes_upsert=(Node(id=name, label="Topic"),)))
        with open_store("papers.kg", mode="read") as store:
            assert [node.id for node in store.nodes()] == [name]
