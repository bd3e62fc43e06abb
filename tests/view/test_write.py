import pytest

from kg.errors import InputError
from kg.query.narrowing import Narrowing
from kg.view import render_store, save_page, write_page


class Shelf:
    """The two methods of a store that a page needs."""

    def __init__(self, graph):
        self.graph = graph

    def nodes(self):
        return iter(self.graph.nodes)

    def edges(self):
        return iter(self.graph.edges)


def test_write_page_writes_the_file_and_nothing_else(small, tmp_path):
    path = tmp_path / "graph.html"
    write_page(Shelf(small), path)
    assert [p.name for p in tmp_path.iterdir()] == ["graph.html"]
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_render_store_narrows_and_focuses(small):
    text = render_store(Shelf(small), focus="Heron", depth=1, narrowing=Narrowing(year_to=2024))
    assert "Heron makes wading easy." in text
    assert "Egret beats Heron." not in text


def test_save_page_replaces_the_old_page_whole(tmp_path):
    path = tmp_path / "graph.html"
    path.write_text("old")
    before = path.stat().st_ino
    save_page("new", path)
    assert path.read_text() == "new"
    assert path.stat().st_ino != before


def test_save_page_gives_the_file_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.touch()
    save_page("new", tmp_path / "graph.html")
    assert (tmp_path / "graph.html").stat().st_mode == usual.stat().st_mode


def test_save_page_says_that_the_folder_is_missing(tmp_path):
    with pytest.raises(InputError, match="make its folder first"):
        save_page("new", tmp_path / "nowhere" / "graph.html")


def test_save_page_leaves_nothing_behind_where_it_fails(tmp_path):
    (tmp_path / "graph.html").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        save_page("new", tmp_path / "graph.html")
    assert [p.name for p in tmp_path.iterdir()] == ["graph.html"]
