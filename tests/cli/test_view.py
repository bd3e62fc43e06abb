import re

import pytest

from kg.cli import main
from kg.store import open_store


@pytest.fixture
def store(stacking_graph, tmp_path):
    address = str(tmp_path / "papers.kg")
    with open_store(address, mode="write") as opened:
        opened.apply(stacking_graph)
    return address


def run(*arguments):
    try:
        main(["view", *arguments])
    except SystemExit as stop:
        return stop.code
    return 0


def test_view_writes_one_file(store, tmp_path, capsys):
    path = tmp_path / "out" / "graph.html"
    path.parent.mkdir()
    assert run("--store", store, "-o", str(path)) == 0
    assert [p.name for p in path.parent.iterdir()] == ["graph.html"]
    assert "</html>" in path.read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


def test_view_prints_the_page_to_stdout(store, capsys):
    assert run("--store", store, "-o", "-") == 0
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")


def test_view_of_an_unknown_name_is_one_line(store, tmp_path, capsys):
    assert run("--store", store, "--focus", "Zzyzx \x1b[31m", "-o", str(tmp_path / "x.html")) == 1
    error = capsys.readouterr().err
    assert re.fullmatch(r"kg: no node is called .*\n", error)
    assert "\x1b" not in error
    assert not (tmp_path / "x.html").exists()


def test_view_refuses_years_that_are_none(store, tmp_path, capsys):
    assert run("--store", store, "--year", "soon", "-o", str(tmp_path / "x.html")) == 1
    assert "--year" in capsys.readouterr().err
