"""Records of one paper, stubs, citations of three kinds, topics."""

from types import SimpleNamespace
from typing import Any

from kg.catalogue import Catalogue, CatalogueEntry
from kg.records import PAPER, Author, Reference
from kg.resolve.graph import Graph
from kg.schema import Label

TITLE = "Teaching small whales to reason"


def papers(graph: Graph) -> dict[str, Any]:
    return {node.id: node.properties for node in graph.nodes if node.label == Label.PAPER}


def citations(graph: Graph) -> set[tuple[str, str, str]]:
    return {
        (edge.source, edge.target, str(edge.properties["kind"]))
        for edge in graph.edges
        if edge.type == "CITES"
    }


def test_two_records_of_one_paper_are_one_node_with_the_facts_of_both(
    build: Any, make: SimpleNamespace
) -> None:
    who = (Author(name="Ada Byron"),)
    preprint = make.record(
        "a",
        make.entity("Orca"),
        relations=[make.relation(PAPER, "INTRODUCES", "Orca", evidence="We built Orca.", start=99)],
        title=TITLE,
        abstract="We built Orca.",
        arxiv_id="2306.02707v2",
        authors=who,
        year=2023,
        venue="arXiv",
    )
    printed = make.record(
        "b",
        make.entity("Orca"),
        make.entity("Seal"),
        relations=[
            make.relation("Orca", "OUTPERFORMS", "Seal", evidence="We built Orca.", start=1, end=2)
        ],
        title=TITLE.upper(),
        abstract="Seals are beaten. We built Orca.",
        doi="10.1234/whale",
        authors=who,
        year=2024,
    )
    graph = build(preprint, printed)
    (paper,) = papers(graph).values()
    assert list(papers(graph)) == ["2306.02707"]
    assert (paper["doi"], paper["abstract"]) == ("10.1234/whale", "We built Orca.")
    (edge,) = [edge for edge in graph.edges if edge.type == "OUTPERFORMS"]
    assert edge.properties["paper"] == "2306.02707"
    text = f"{TITLE}\n\nWe built Orca."
    assert text[edge.properties["start"] : edge.properties["end"]] == "We built Orca."


def test_records_with_two_published_dois_are_two_papers(build: Any, make: SimpleNamespace) -> None:
    records = [make.record(i, title=TITLE, doi=f"10.1234/{i}") for i in "ab"]
    assert set(papers(build(*records))) == {"10.1234/a", "10.1234/b"}


def test_a_chain_of_years_is_not_one_paper(build: Any, make: SimpleNamespace) -> None:
    records = [make.record(str(year), title=TITLE, year=year) for year in (2019, 2021, 2023)]
    assert len(papers(build(*records))) == 2


def test_references_cite_papers_of_the_corpus_by_any_id_and_stubs_otherwise(
    build: Any, make: SimpleNamespace
) -> None:
    cited = make.record("x", title=TITLE, arxiv_id="2306.02707", doi="10.1234/whale")
    references = (
        Reference(id="https://doi.org/10.1234/WHALE"),
        Reference(id="arXiv:2306.02707v1"),
        Reference(id="s2:77", title="Teaching Small Whales, to Reason"),
        Reference(id="10.9999/other", title="Something that nobody has read"),
        Reference(id="s2:88", title="Something that Nobody has Read!"),
    )
    graph = build(cited, make.record("1", references=references))
    assert citations(graph) == {
        ("1", "2306.02707", "reference"),
        ("1", "10.9999/other", "reference"),
    }
    assert papers(graph)["10.9999/other"] == {
        "title": "Something that nobody has read",
        "doi": "10.9999/other",
        "stub": True,
    }
    assert papers(graph)["2306.02707"]["stub"] is False


def test_a_mention_cites_the_paper_that_introduced_the_thing(
    build: Any, make: SimpleNamespace
) -> None:
    orca, orca2 = make.entity("Orca", Label.MODEL), make.entity("Orca 2", Label.MODEL)
    graph = build(
        make.record("old", orca, relations=[make.introduces("Orca")], year=2023),
        make.record("new", orca, orca2, relations=[make.introduces("Orca 2")], year=2024),
        make.record("before", orca, year=2020),
    )
    assert citations(graph) == {("new", "old", "mention")}


def test_a_name_that_two_papers_introduce_cites_neither(build: Any, make: SimpleNamespace) -> None:
    orca = make.entity("Orca")
    both = [make.record(i, orca, relations=[make.introduces("Orca")]) for i in "ab"]
    assert citations(build(*both, make.record("c", orca))) == set()


def test_what_the_catalogue_knows_the_paper_of_is_cited_as_inferred(
    build: Any, make: SimpleNamespace
) -> None:
    entries = (
        CatalogueEntry(name="Orca", type=Label.MODEL, arxiv_id="2306.02707", year=2023),
        CatalogueEntry(name="Seal", type=Label.MODEL, year=2023),
    )
    use = [make.relation(PAPER, "USES", name, role="component") for name in ("Orca", "Seal")]
    entities = make.entity("Orca", Label.MODEL), make.entity("Seal", Label.MODEL)
    graph = build(
        make.record("1", *entities, relations=use, year=2024),
        make.record("2", *entities, relations=use, year=2020),
        make.record("3", *entities, year=2024),
        catalogue=Catalogue(entries=entries),
    )
    assert citations(graph) == {("1", "2306.02707", "inferred")}
    assert papers(graph)["2306.02707"] == {"arxiv_id": "2306.02707", "stub": True}


def test_topics_come_from_categories_keywords_and_tasks(build: Any, make: SimpleNamespace) -> None:
    task = make.entity("robot grasping", Label.TASK)
    graph = build(
        make.record(
            "1",
            make.entity("Orca"),
            task,
            relations=[make.relation("Orca", "ADDRESSES", "robot grasping", confidence=0.7)],
            topics=("cs.RO",),
            keywords=("Grasp planning",),
        ),
        make.record("2", keywords=("Robot Grasping",)),
    )
    topics = make.named(graph, Label.TOPIC)
    about = {
        (edge.source, topics[edge.target]): edge.properties["score"]
        for edge in graph.edges
        if edge.type == "ABOUT"
    }
    assert about == {
        ("1", "Robotics"): 1.0,
        ("1", "Grasp planning"): 1.0,
        ("1", topics["topic:robot-grasping"]): 0.7,
        ("2", topics["topic:robot-grasping"]): 1.0,
    }
    assert make.edges(graph, "BROADER") == [("topic:robotics", "topic:computer-science")]


def test_families_come_from_the_catalogue_with_their_ancestors(
    build: Any, make: SimpleNamespace
) -> None:
    entries = (
        CatalogueEntry(name="Orca", type=Label.MODEL, families=("large language model",)),
        CatalogueEntry(name="large language model", type=Label.MODEL, families=("language model",)),
        CatalogueEntry(name="language model", type=Label.MODEL),
        CatalogueEntry(name="Seal", type=Label.MODEL, families=("language model",)),
    )
    graph = build(
        make.record("1", make.entity("Orca", Label.MODEL)), catalogue=Catalogue(entries=entries)
    )
    assert make.edges(graph, "IS_A") == [
        ("system:large-language-model", "system:language-model"),
        ("system:orca", "system:large-language-model"),
    ]
    assert {edge.properties["source"] for edge in graph.edges if edge.type == "IS_A"} <= {
        "catalogue",
        "name",
    }
