import pytest

from kg.schema import Label, RelationType
from kg.view.select import Part
from kg.view.tables import build_tables
from tests.view.conftest import edge, node


def tables_of(graph):
    part = Part(nodes=tuple(graph.nodes), edges=tuple(graph.edges))
    return build_tables(part, [n for n in graph.nodes if n.label == Label.PAPER])


def row(tables, name):
    return next(r for r in tables.nodes if r["name"] == name)


def test_build_tables_puts_the_best_supported_first(small):
    tables = tables_of(small)
    supports = [r["support"] for r in tables.nodes]
    assert supports == sorted(supports, reverse=True)
    assert row(tables, "Heron")["support"] == 2
    assert row(tables, "bird model")["support"] == 0


def test_build_tables_draws_what_two_papers_say_as_one_line(small):
    tables = tables_of(small)
    (line,) = [x for x in tables.lines if x.type == RelationType.USES]
    assert line.support == 2
    assert [tables.sentences[s] for _, s, _, _ in line.evidence] == [
        "On MarshBench, HRN was tested before.",
        "Heron is tested on MarshBench.",
    ]
    assert tables.lines[0] == line


def test_build_tables_gives_derived_lines_their_source(small):
    tables = tables_of(small)
    (line,) = [x for x in tables.lines if x.type == RelationType.IS_A]
    assert (line.support, line.evidence) == (0, ((-1, -1, 1.0, "catalogue"),))


def test_build_tables_leaves_no_trace_of_the_order(small):
    turned = type(small)(small.nodes[::-1], small.edges[::-1])
    assert tables_of(turned) == tables_of(small)


def test_build_tables_quotes_papers_outside_the_part(small):
    part = Part(nodes=(small["Heron"], small["MarshBench"]), edges=tuple(small.edges))
    tables = build_tables(part, [small["Walking with Heron"]])
    titles = [p["title"] for p in tables.papers]
    assert "Walking with Heron" in titles
    assert small["Flying with Egret"].id in titles


@pytest.mark.parametrize(
    ("properties", "url"),
    [
        ({"arxiv_id": "2301.00001"}, "https://arxiv.org/abs/2301.00001"),
        ({"arxiv_id": "cs/0101001"}, "https://arxiv.org/abs/cs/0101001"),
        ({"arxiv_id": '"><b>'}, "https://arxiv.org/abs/%22%3E%3Cb%3E"),
        ({"doi": "10.1/a b"}, "https://doi.org/10.1/a%20b"),
        ({"url": "https://example.org/a?b=1"}, "https://example.org/a?b=1"),
        ({"url": "javascript:alert(1)"}, None),
        ({"url": "data:text/html,x"}, None),
        ({"url": " JavaScript://example.org/%0aalert(1)"}, None),
        ({"url": "http://[broken"}, None),
        ({"url": "file:///etc/passwd"}, None),
        ({}, None),
    ],
)
def test_build_tables_links_only_to_the_web(properties, url):
    paper = node(Label.PAPER, "A paper", **properties)
    part = Part(nodes=(paper,), edges=())
    assert build_tables(part, [paper]).nodes[0].get("url") == url


def test_build_tables_strips_what_has_no_glyph(hostile):
    tables = tables_of(hostile)
    texts = [r["name"] for r in tables.nodes] + list(tables.sentences)
    texts += [alias for r in tables.nodes for alias in r.get("aliases", ())]
    everything = "".join(texts)
    assert not any(c in everything for c in "\x1b\x07\u202e\ud800")
    everything.encode("utf-8")


def test_build_tables_drops_edges_without_an_end():
    paper, model = node(Label.PAPER, "p"), node(Label.MODEL, "m")
    part = Part(nodes=(model,), edges=(edge(paper, RelationType.INTRODUCES, model, paper="p"),))
    assert build_tables(part, []).lines == ()
