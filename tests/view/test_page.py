import json
import re
from html.parser import HTMLParser

import pytest

from kg.errors import InputError
from kg.schema import Label, RelationType
from kg.view import render_graph
from kg.view.picture import LIMIT
from tests.view.conftest import Graph, edge, node


class Elements(HTMLParser):
    """The start tags of a page, and the text of its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: list[str] = []
        self._is_data = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._is_data = dict(attrs).get("type") == "application/json"

    def handle_data(self, data):
        if self._is_data:
            self.data.append(data)

    def handle_endtag(self, tag):
        self._is_data = False


def data_of(html: str) -> dict:
    return json.loads("".join(Elements(html).data))


def test_render_graph_is_the_same_each_time_and_in_any_order(small):
    page = render_graph(small.nodes, small.edges)
    assert page == render_graph(iter(small.nodes[::-1]), iter(small.edges[::-1]))


def test_render_graph_names_no_outside_address_that_loads(small):
    page = render_graph(small.nodes, small.edges)
    for tag, attributes in Elements(page).tags:
        for name in ("src", "href", "srcset", "data", "action", "poster", "background"):
            value = attributes.get(name)
            assert value is None or value == "data:,", (tag, name, value)
    assert not re.search(r"url\(|@import|sourceMappingURL", page.split("graph-data")[0])
    assert "sourceMappingURL" not in page


def test_render_graph_lets_only_its_own_scripts_run(small):
    elements = Elements(render_graph(small.nodes, small.edges))
    (policy,) = (
        a["content"] for _, a in elements.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not [a for _, a in elements.tags if any(n.startswith("on") or n == "style" for n in a)]


def test_render_graph_keeps_hostile_text_in_the_data(hostile):
    page = render_graph(hostile.nodes, hostile.edges, title=hostile.nodes[0].properties["title"])
    tags = [tag for tag, _ in Elements(page).tags]
    assert tags.count("script") == 3
    assert "img" not in tags
    assert tags.count("style") == 1
    text = page[page.index('id="graph-data">') :].split("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(text.partition(">")[2])
    names = {row["name"] for row in data_of(page)["nodes"]}
    assert "</script><script>window.__pwned = 1</script>" in names


def test_render_graph_draws_the_best_supported_within_the_limit(large):
    data = data_of(render_graph(large.nodes, large.edges))
    network = data["network"]
    assert LIMIT - 3 <= len(network["nodes"]) + len(network["edges"]) <= LIMIT
    assert len(data["nodes"]) == 5_001
    assert len(data["lines"]) == 4_999
    drawn = {n["id"] for n in network["nodes"]}
    assert drawn >= set(range(50)) - {
        n for n, r in enumerate(data["nodes"]) if r["label"] == "Paper"
    }


def test_render_graph_hides_papers_and_mentions_at_first(small):
    data = data_of(render_graph(small.nodes, small.edges))
    assert [x["name"] for x in data["labels"] if not x["shown"]] == [Label.PAPER]
    assert [x["name"] for x in data["types"] if not x["shown"]] == [RelationType.MENTIONS]
    drawn = {data["nodes"][n["id"]]["name"] for n in data["network"]["nodes"]}
    assert drawn == {"Heron", "Egret", "MarshBench", "wading", "bird model"}


def test_render_graph_shows_papers_where_there_is_nothing_else():
    papers = [node(Label.PAPER, "One"), node(Label.PAPER, "Two")]
    data = data_of(render_graph(papers, [edge(papers[0], RelationType.CITES, papers[1])]))
    assert len(data["network"]["nodes"]) == 2
    assert len(data["network"]["edges"]) == 1


def test_render_graph_with_focus_holds_only_the_neighbourhood(small):
    data = data_of(render_graph(small.nodes, small.edges, focus="wading", depth=1))
    assert {row["name"] for row in data["nodes"]} == {"Heron", "wading"}
    assert [data["nodes"][seed]["name"] for seed in data["seeds"]] == ["wading"]
    assert {p["title"] for p in data["papers"]} == {"Walking with Heron"}


def test_render_graph_refuses_an_unknown_focus(small):
    with pytest.raises(InputError, match="no node is called 'Godwit'"):
        render_graph(small.nodes, small.edges, focus="Godwit")


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({}, "Knowledge graph of 2 papers"),
        ({"focus": "Heron"}, "Heron · knowledge graph of 2 papers"),
        ({"title": "A <b> & \x1b[1mc"}, "A &lt;b&gt; &amp; c"),
    ],
)
def test_render_graph_has_a_title(small, options, title):
    assert f"<title>{title}</title>" in render_graph(small.nodes, small.edges, **options)


def test_render_graph_of_nothing_is_a_page():
    data = data_of(render_graph([], []))
    assert data["nodes"] == []
    assert data["network"]["nodes"] == []


def test_render_graph_draws_every_label_and_relationship_type():
    every = Graph([node(label, f"a {label}") for label in Label], [])
    data = data_of(render_graph(every.nodes, every.edges))
    assert {x["name"] for x in data["labels"]} == set(Label)
