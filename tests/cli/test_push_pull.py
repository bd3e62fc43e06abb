"""`kg push` and `kg pull`: two stores become one, as if both inputs had been built together."""

import json
import shutil
from pathlib import Path

import pytest

import kg
from kg.store import open_store
from kg.store.base import StoredRecord
from kg.store.locking import FolderLock
from kg.store.record_file import decode_record
from kg.transfer import transfer_between

ORCHID = {
    "id": "orchid",
    "title": "Orchid: a small language model",
    "abstract": "We introduce Orchid, a language model. Orchid is evaluated on GSM8K and MMLU. "
    "It outperforms LLaMA on GSM8K.",
    "arxiv_id": "2401.00001",
    "year": 2024,
}
TULIP = {
    "id": "tulip",
    "title": "Tulip: a robot policy",
    "abstract": "We present Tulip, a vision-language-action model. Tulip extends OpenVLA and is "
    "evaluated on LIBERO.",
    "references": ["2401.00001"],
}
SAME_ORCHID = {
    "id": "acl-17",
    "title": "Orchid",
    "abstract": "We introduce Orchid. Orchid is evaluated on HumanEval.",
    "arxiv_id": "2401.00001v2",
    "doi": "10.1000/orchid",
}
NEW_TULIP = TULIP | {"abstract": "We present Tulip. Tulip is evaluated on CALVIN."}


def _build(folder: Path, name: str, *papers: dict, catalogue: Path | None = None) -> Path:
    source = folder / f"{name}.jsonl"
    source.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")
    kg.build(source, store=folder / f"{name}.kg", rules_only=True, catalogue=catalogue)
    return folder / f"{name}.kg"


def _export(store: Path | str, folder: Path, run_kg) -> bytes:
    target = folder / "export.graphml"
    done = run_kg("export", "--to", "graphml", "-o", str(target), "--store", str(store), cwd=folder)
    assert done.returncode == 0, done.stderr
    return target.read_bytes()


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the stores of two inputs, and of both, the later papers last."""
    folder = tmp_path_factory.mktemp("stores")
    _build(folder, "one", ORCHID, TULIP)
    _build(folder, "two", SAME_ORCHID, NEW_TULIP)
    _build(folder, "both", ORCHID, SAME_ORCHID, NEW_TULIP)
    _build(folder, "both-one-last", ORCHID, SAME_ORCHID, TULIP)
    return folder


@pytest.fixture
def here(stores: Path, tmp_path: Path) -> Path:
    """Give a copy of that folder."""
    return shutil.copytree(stores, tmp_path / "here")


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def other(request: pytest.FixtureRequest, here: Path) -> str:
    """Give the address of a store that holds what `one.kg` holds."""
    if request.param == "embedded":
        return str(here / "one.kg")
    uri: str = request.getfixturevalue("empty_server")
    transfer_between(str(here / "one.kg"), uri)
    return uri


def test_push_gives_the_graph_of_both_inputs(other: str, here: Path, run_kg) -> None:
    done = run_kg("push", other, "--store", "two.kg", cwd=here)
    assert (done.returncode, done.stdout) == (0, "")
    assert "2 papers: 1 new, 1 changed, 0 unchanged" in done.stderr
    assert _export(other, here, run_kg) == _export(here / "both.kg", here, run_kg)


def test_push_again_says_that_nothing_has_changed(other: str, here: Path, run_kg) -> None:
    run_kg("push", other, "--store", "two.kg", cwd=here)
    done = run_kg("push", other, "--store", "two.kg", cwd=here)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "2 papers: 0 new, 0 changed, 2 unchanged, 0 removed, 0 rejected",
        f"{other}: nothing has changed",
    ]


def test_pull_gives_the_graph_of_both_inputs(other: str, here: Path, run_kg) -> None:
    assert run_kg("pull", other, "--store", "two.kg", cwd=here).returncode == 0
    wanted = _export(here / "both-one-last.kg", here, run_kg)
    assert _export(here / "two.kg", here, run_kg) == wanted
    again = run_kg("pull", other, "--store", "two.kg", cwd=here)
    assert "two.kg: nothing has changed" in again.stderr


def test_push_into_a_new_store_copies_it(here: Path, run_kg) -> None:
    assert run_kg("push", "new.kg", "--store", "one.kg", cwd=here).returncode == 0
    assert _export(here / "new.kg", here, run_kg) == _export(here / "one.kg", here, run_kg)
    rebuilt = run_kg("build", "one.jsonl", "--rules", "--store", "new.kg", cwd=here)
    assert "new.kg: nothing has changed" in rebuilt.stderr


@pytest.mark.neo4j
def test_push_there_and_back_is_the_same_graph(empty_server: str, here: Path, run_kg) -> None:
    assert run_kg("push", empty_server, "--store", "both.kg", cwd=here).returncode == 0
    assert run_kg("pull", empty_server, "--store", "back.kg", cwd=here).returncode == 0
    wanted = _export(here / "both.kg", here, run_kg)
    assert _export(empty_server, here, run_kg) == wanted
    assert _export(here / "back.kg", here, run_kg) == wanted


def test_push_names_the_papers_that_it_replaces(here: Path, run_kg) -> None:
    done = run_kg("push", "one.kg", "--store", "two.kg", "-v", cwd=here)
    assert "  replaced: tulip" in done.stderr.splitlines()


def test_push_from_python(here: Path, run_kg) -> None:
    with kg.open_graph(here / "two.kg") as graph:
        report = graph.push(here / "one.kg")
    assert (report.build.new, report.build.changed, report.replaced) == (1, 1, ["tulip"])
    assert _export(here / "one.kg", here, run_kg) == _export(here / "both.kg", here, run_kg)


def test_push_killed_before_the_graph_was_made_is_completed(here: Path, run_kg) -> None:
    """A run that was killed between two batches leaves papers without their part of the graph."""
    with (
        open_store(str(here / "two.kg")) as giving,
        open_store(str(here / "one.kg"), mode="write") as taking,
    ):
        packed = next(iter(giving.packed_records()))
        record = decode_record(packed.body, packed.id)
        taking.put_records([StoredRecord(record=record, fingerprint=packed.fingerprint)])
    assert run_kg("push", "one.kg", "--store", "two.kg", cwd=here).returncode == 0
    assert _export(here / "one.kg", here, run_kg) == _export(here / "both.kg", here, run_kg)


def test_decisions_go_along(other: str, here: Path, run_kg) -> None:
    merged = ("merge", "Tulip", "Orchid", "--thesaurus", "t.yaml", "--store", "two.kg")
    assert run_kg(*merged, cwd=here).returncode == 0
    done = run_kg("push", other, "--store", "two.kg", cwd=here)
    assert "names: 1 decisions and entries added" in done.stderr
    wanted = ("build", "--thesaurus", "t.yaml", "--store", "both.kg")
    assert run_kg(*wanted, cwd=here).returncode == 0
    assert _export(other, here, run_kg) == _export(here / "both.kg", here, run_kg)


def test_a_decision_that_contradicts_one_there_is_left_out_and_named(here: Path, run_kg) -> None:
    split = ("split", "LLaMA", "Orchid", "--thesaurus", "s.yaml", "--store", "one.kg")
    merge = ("merge", "LLaMA", "Orchid", "Rose", "--thesaurus", "m.yaml", "--store", "two.kg")
    assert run_kg(*split, cwd=here).returncode == run_kg(*merge, cwd=here).returncode == 0
    for _ in range(2):
        done = run_kg("push", "one.kg", "--store", "two.kg", cwd=here)
        assert done.returncode == 0
        assert done.stderr.endswith(
            "left out, contradicts what is there: merge [LLaMA, Orchid, Rose]\n"
        )
    assert "nothing has changed" in done.stderr
    with open_store(str(here / "one.kg")) as store:
        assert "merge" not in (store.get_state("thesaurus") or "")


def test_catalogue_goes_along_and_what_is_there_wins(tmp_path: Path, run_kg) -> None:
    lines = {
        "here": {"name": "Orchid", "type": "Model", "aliases": ["OrchidLM"], "family": "Flowers"},
        "there": {"name": "Orchid", "type": "Model", "family": "Plants", "year": 2024},
    }
    for name, line in lines.items():
        (tmp_path / name).write_text(json.dumps(line) + "\n", encoding="utf-8")
    both = tmp_path / "both"
    both.write_text("".join(json.dumps(lines[n]) + "\n" for n in ("here", "there")))
    source = _build(tmp_path, "one", ORCHID, catalogue=tmp_path / "here")
    target = _build(tmp_path, "two", TULIP, catalogue=tmp_path / "there")
    done = run_kg("push", str(target), "--store", str(source), cwd=tmp_path)
    assert "names: 1 decisions and entries added" in done.stderr
    wanted = _build(tmp_path, "wanted", ORCHID, TULIP, catalogue=both)
    assert _export(target, tmp_path, run_kg) == _export(wanted, tmp_path, run_kg)
    again = run_kg("push", str(target), "--store", str(source), cwd=tmp_path)
    assert "nothing has changed" in again.stderr
    assert "names:" not in again.stderr


def test_catalogue_line_that_claims_a_name_twice_is_left_out(tmp_path: Path, run_kg) -> None:
    for name, owner in (("here", "Orchid"), ("there", "Tulip")):
        line = {"name": owner, "type": "Model", "aliases": ["FlowerNet"]}
        (tmp_path / name).write_text(json.dumps(line) + "\n", encoding="utf-8")
    source = _build(tmp_path, "one", ORCHID, catalogue=tmp_path / "here")
    target = _build(tmp_path, "two", TULIP, catalogue=tmp_path / "there")
    done = run_kg("push", str(target), "--store", str(source), cwd=tmp_path)
    assert done.returncode == 0
    assert 'left out, contradicts what is there: catalogue entry {"name": "Orchid"' in done.stderr
    rebuilt = run_kg("build", "--store", str(target), cwd=tmp_path)
    assert (rebuilt.returncode, "nothing has changed" in rebuilt.stderr) == (0, True)


def test_push_into_itself_is_refused(here: Path, run_kg) -> None:
    done = run_kg("push", "./one.kg", "--store", str(here / "one.kg"), cwd=here)
    assert done.returncode == 1
    assert done.stderr == "kg: ./one.kg: a store cannot be moved into itself; name another one\n"


@pytest.mark.parametrize("command", ["push", "pull"])
def test_without_a_source_nothing_is_made(command: str, here: Path, run_kg) -> None:
    source, target = ("nosuch.kg", "new.kg")
    given = (target, "--store", source) if command == "push" else (source, "--store", target)
    done = run_kg(command, *given, cwd=here)
    assert done.returncode == 1
    assert done.stderr.startswith("kg: nosuch.kg: there is no store here")
    assert not (here / source).exists()
    assert not (here / target).exists()


@pytest.mark.parametrize(("locked", "mode"), [("one.kg", "read"), ("two.kg", "write")])
def test_push_takes_the_locks_of_both_stores(locked: str, mode: str, here: Path, run_kg) -> None:
    lock = FolderLock(here / locked, mode)  # type: ignore[arg-type]
    done = run_kg("push", "one.kg", "--store", "two.kg", cwd=here)
    lock.release()
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"{locked}: the store is" in done.stderr
    assert run_kg("push", "one.kg", "--store", "two.kg", cwd=here).returncode == 0


def test_push_to_no_server_is_one_line(here: Path, run_kg) -> None:
    done = run_kg("push", "bolt://127.0.0.1:1", "--store", "two.kg", cwd=here)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "bolt://127.0.0.1:1: the server does not answer" in done.stderr
