"""Small graphs of our own, and a browser without a network."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.records import Edge, Node
from kg.schema import Label, RelationType

HOSTILE = (
    "</script><script>window.__pwned = 1</script>",
    '<img src=x onerror="window.__pwned = 2">',
    "\"'`;window.__pwned = 3;//",
    "${window.__pwned = 4}{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07\u202egnp.exe",
    "'}) DETACH DELETE n //`; MATCH (n) DETACH DELETE n",
    "<!--<script>\u2028\u2029--><style>*{display:none}</style>",
    "half \ud800 of a letter",
    "javascript:window.__pwned=5",
)


def node(label: Label, name: str, **properties: object) -> Node:
    key = "title" if label is Label.PAPER else "name"
    return Node(id=f"{label}:{name}".lower(), label=label, properties={key: name, **properties})


def edge(head: Node, relation: RelationType, tail: Node, **properties: object) -> Edge:
    paper = properties.get("paper", "")
    return Edge(
        id=f"{head.id} {relation} {tail.id} {paper}",
        type=relation,
        source=head.id,
        source_label=head.label,
        target=tail.id,
        target_label=tail.label,
        properties=properties,
    )


def said(head: Node, relation: RelationType, tail: Node, paper: Node, sentence: str) -> Edge:
    return edge(
        head, relation, tail, paper=paper.id, sentence=sentence, confidence=0.8, extractor="t"
    )


class Graph:
    """Nodes and edges by name."""

    def __init__(self, nodes: list[Node], edges: list[Edge]) -> None:
        self.nodes = nodes
        self.edges = edges

    def __getitem__(self, name: str) -> Node:
        return next(n for n in self.nodes if name in n.properties.values())


@pytest.fixture
def small() -> Graph:
    """Two papers about two systems, a benchmark and a task."""
    first = node(Label.PAPER, "Walking with Heron", year=2023, arxiv_id="2301.00001")
    second = node(Label.PAPER, "Flying with Egret", year=2025, url="https://example.org/egret")
    heron = node(Label.MODEL, "Heron", aliases=("HRN", "heron model"))
    egret = node(Label.MODEL, "Egret")
    marsh = node(Label.BENCHMARK, "MarshBench")
    wading = node(Label.TASK, "wading")
    birds = node(Label.MODEL, "bird model")
    lonely = node(Label.ROBOT, "Stilt")
    rel = RelationType
    edges = [
        said(first, rel.INTRODUCES, heron, first, "We present Heron."),
        said(second, rel.INTRODUCES, egret, second, "We present Egret."),
        said(first, rel.MENTIONS, marsh, first, "Heron is tested on MarshBench."),
        said(second, rel.MENTIONS, lonely, second, "A Stilt stands by."),
        said(heron, rel.USES, marsh, first, "Heron is tested on MarshBench."),
        said(heron, rel.USES, marsh, second, "On MarshBench, HRN was tested before."),
        said(egret, rel.OUTPERFORMS, heron, second, "Egret beats Heron."),
        said(heron, rel.ADDRESSES, wading, first, "Heron makes wading easy."),
        edge(egret, rel.IS_A, birds, source="catalogue"),
    ]
    return Graph([first, second, heron, egret, marsh, wading, birds, lonely], edges)


@pytest.fixture
def hostile() -> Graph:
    """A graph whose every text tries to get out."""
    papers = [node(Label.PAPER, text, url=text, arxiv_id=None, year=2024) for text in HOSTILE]
    models = [node(Label.MODEL, text, aliases=HOSTILE) for text in HOSTILE]
    marsh = node(Label.BENCHMARK, "MarshBench")
    edges = [
        edge(model, RelationType.USES, marsh, paper=paper.id, sentence=text, role=text)
        for text, paper, model in zip(HOSTILE, papers, models, strict=True)
    ]
    return Graph([*papers, *models, marsh], edges)


@pytest.fixture
def large() -> Graph:
    """A graph of 5,000 systems, in which a few are used by very many."""
    return many(5_000)


def many(n: int) -> Graph:
    """Give `n` systems, most of which use one of the first."""
    paper = node(Label.PAPER, "All of them", year=2024)
    models = [node(Label.MODEL, f"Wader {i}") for i in range(n)]
    edges = [
        said(models[i], RelationType.USES, models[i // (2 + i % 7)], paper, f"Wader {i} wades.")
        for i in range(1, n)
    ]
    return Graph([paper, *models], edges)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A headless Chromium; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install '.[test]'")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("KG_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium: install it (apt-get install chromium) or set KG_CHROMIUM")
    flags = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    flags += " disable-component-update disable-sync"
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=path, args=[f"--{flag}" for flag in flags.split()]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path: Path) -> Iterator[Callable]:
    """Open HTML from disk with the network off; complaints of the console fail the test."""
    complaints: list[str] = []
    requests: list[str] = []
    contexts = []

    def open_html(html: str, **options: object):
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        options = {"viewport": {"width": 1200, "height": 800}} | options
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: requests.append(request.url))
        page.set_default_timeout(60_000)
        page.goto(path.as_uri())
        return page

    open_html.complaints = complaints
    yield open_html
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
