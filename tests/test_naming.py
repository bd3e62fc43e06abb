"""Merges and splits over a real store, and the commands for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import root
from kg.errors import InputError
from kg.naming import change_thesaurus, explain_in_store
from kg.pipeline import BuildReport, apply_knowledge
from kg.records import Edge, Entity, Node, Paper, Record
from kg.schema import Label
from kg.store import open_store
from kg.store.base import Store, StoredRecord
from kg.thesaurus import add_merge, add_split


def records() -> Iterator[StoredRecord]:
    for number, names in enumerate((("QZX", "quick zonal exchange"), ("Vorn",), ("Vornet",))):
        entity = Entity(id="e", name=names[0], type=Label.METHOD, mentions=names)
        paper = Paper(id=str(number), title=f"Number {number}", abstract="We look at it.")
        record = Record(id=str(number), paper=paper, entities=(entity,))
        yield StoredRecord(record=record, fingerprint="x")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "papers.kg"
    with open_store(str(path), mode="write") as store:
        store.put_records(list(records()))
        apply_knowledge(store, BuildReport())
    return path


def content(store: Store) -> tuple[list[Node], list[Edge]]:
    return (
        sorted(store.nodes(), key=lambda node: node.id),
        sorted(store.edges(), key=lambda edge: edge.id),
    )


def test_a_merge_then_a_split_returns_to_the_same_graph(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    with open_store(str(folder), mode="write") as store:
        before = content(store)
        merged = change_thesaurus(store, file, lambda t: add_merge(t, ["Vorn", "Vornet"]))
        assert merged.written
        assert len(content(store)[0]) == len(before[0]) - 1
        assert "Vornet" in file.read_text(encoding="utf-8")
        assert explain_in_store(store, "Vorn", "Vornet").joined
        change_thesaurus(store, file, lambda t: add_split(t, "Vorn", "Vornet"))
        assert content(store) == before
        found = explain_in_store(store, "Vorn", "Vornet")
        assert (found.joined, found.guard) == (False, "the thesaurus splits them")


def test_explain_in_store_tells_the_paper_that_joins(folder: Path) -> None:
    with open_store(str(folder), mode="read") as store:
        (join,) = explain_in_store(store, "QZX", "quick zonal exchange").chain
    assert join.evidence.endswith("such as 0")


def test_change_thesaurus_says_when_the_file_cannot_be_written(
    folder: Path, tmp_path: Path
) -> None:
    with (
        open_store(str(folder), mode="write") as store,
        pytest.raises(InputError, match="cannot be written"),
    ):
        change_thesaurus(store, tmp_path / "no/such/t.yaml", lambda t: t)


def test_the_commands_merge_split_and_explain(folder: Path, tmp_path: Path) -> None:
    options = ["--store", str(folder)]
    file = ["--thesaurus", str(tmp_path / "t.yaml")]
    runner = CliRunner()
    assert "are two" in runner.invoke(root, ["why", "Vorn", "Vornet", *options]).stdout
    assert runner.invoke(root, ["merge", "Vorn", "Vornet", *options, *file]).exit_code == 0
    assert "thesaurus" in runner.invoke(root, ["why", "Vorn", "Vornet", *options]).stdout
    assert runner.invoke(root, ["split", "Vorn", "Vornet", *options, *file]).exit_code == 0
    assert "are two" in runner.invoke(root, ["why", "Vorn", "Vornet", *options]).stdout
    assert runner.invoke(root, ["merge", "Vorn", *options, *file]).exit_code == 2


def test_a_merge_of_a_name_that_the_graph_lacks_says_so(folder: Path, tmp_path: Path) -> None:
    options = ["--store", str(folder), "--thesaurus", str(tmp_path / "t.yaml")]
    result = CliRunner().invoke(root, ["merge", "Vorn", "Vornett", *options])
    assert result.exit_code == 0
    first, *rest = result.stderr.splitlines()
    assert first.startswith("no name 'Vornett' in the graph; the nearest names: Vornet, Vorn")
    assert first.endswith("; kept for papers to come")
    assert not any("no name" in line for line in rest)


def test_why_without_a_store_uses_what_is_known(tmp_path: Path) -> None:
    command = ["why", "GPT-3", "GPT-4", "--store", str(tmp_path / "none.kg")]
    result = CliRunner().invoke(root, command)
    assert "numbers differ: '3' and '4'" in result.stdout
