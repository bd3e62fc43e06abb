from kg.query.narrowing import Narrowing
from kg.view import render_store, write_page


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
