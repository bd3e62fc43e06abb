"""Edges: ids, doubles, dropped ends, results, mentions, withdrawn papers, authors."""

from types import SimpleNamespace
from typing import Any

import pytest

from kg.records import PAPER, Author, Entity, Result
from kg.resolve.graph import Graph, edge_id
from kg.resolve.results import numeric_value
from kg.schema import Label


def only(graph: Graph, type_: str) -> Any:
    (edge,) = [edge for edge in graph.edges if edge.type == type_]
    return edge


def test_a_fact_stated_twice_is_one_with_the_highest_confidence_then_first_sentence(
    build: Any, make: SimpleNamespace
) -> None:
    stated = [
        make.relation("Orca", "OUTPERFORMS", "Seal", confidence=c, start=s, end=s + 5, evidence=e)
        for c, s, e in ((0.5, 1, "weak"), (0.9, 40, "late"), (0.9, 20, "early"))
    ]
    orca, seal = make.entity("Orca"), make.entity("Seal")
    edge = only(build(make.record("1", orca, seal, relations=stated)), "OUTPERFORMS")
    assert edge.properties == {
        "paper": "1",
        "sentence": "early",
        "start": 20,
        "end": 25,
        "confidence": 0.9,
        "extractor": "input",
    }
    assert edge.id == edge_id("OUTPERFORMS", "system:orca", "system:seal", "1", "")


def test_two_papers_that_state_one_fact_make_two_edges(build: Any, make: SimpleNamespace) -> None:
    fact = [make.relation("Orca", "OUTPERFORMS", "Seal")]
    orca, seal = make.entity("Orca"), make.entity("Seal")
    graph = build(*(make.record(i, orca, seal, relations=fact) for i in "12"))
    assert make.edges(graph, "OUTPERFORMS") == [("system:orca", "system:seal")] * 2


def test_the_role_makes_two_facts(build: Any, make: SimpleNamespace) -> None:
    facts = [make.relation("Orca", "USES", "Reef", role=r) for r in ("training", "evaluation")]
    graph = build(
        make.record("1", make.entity("Orca"), make.entity("Reef", Label.BENCHMARK), relations=facts)
    )
    assert {edge.properties["role"] for edge in graph.edges if edge.type == "USES"} == {
        "training",
        "evaluation",
    }


def test_ends_that_resolve_to_one_entity_give_no_edge(build: Any, make: SimpleNamespace) -> None:
    fact = [make.relation("DINOv2", "EXTENDS", "DINO-v2")]
    graph = build(make.record("1", make.entity("DINOv2"), make.entity("DINO-v2"), relations=fact))
    assert make.edges(graph, "EXTENDS") == []
    assert graph.dropped == {"EXTENDS: both ends are one entity": 1}


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (("Orca", "ADDRESSES", "Reef"), "ADDRESSES: Method to Benchmark is not allowed"),
        (("Reef", "EXTENDS", "Orca"), "EXTENDS: Benchmark to Method is not allowed"),
        (("Orca", "USES", "Reef"), "USES: Method to Benchmark is not allowed"),
        (("Orca", "OUTPERFORMS", "Ghost"), "OUTPERFORMS: an end is no entity of the record"),
        (("Orca", "EXTENDS", PAPER), "EXTENDS: an end is no entity of the record"),
    ],
)
def test_what_breaks_the_allowed_ends_is_dropped_and_counted(
    build: Any, make: SimpleNamespace, fact: tuple[str, str, str], reason: str
) -> None:
    entities = make.entity("Orca"), make.entity("Reef", Label.BENCHMARK)
    graph = build(make.record("1", *entities, relations=[make.relation(*fact)]))
    assert graph.dropped == {reason: 1}
    assert make.edges(graph, fact[1]) == []


def test_mentions_count_the_places_and_carry_the_first_sentence(
    build: Any, make: SimpleNamespace
) -> None:
    title, abstract = "On Orca and seals", "Orca is fast. We like Orca."
    text = f"{title}\n\n{abstract}"
    spans = tuple((i, i + 4) for i in range(len(text)) if text.startswith("Orca", i))
    orca = Entity(id="e1", name="Orca", type=Label.MODEL, mentions=("Orca",), spans=spans)
    edge = only(build(make.record("1", orca, title=title, abstract=abstract)), "MENTIONS")
    assert edge.properties["count"] == 3
    assert edge.properties["sentence"] == title
    assert text[edge.properties["start"] : edge.properties["end"]] == title


def test_a_result_becomes_a_node_with_its_ends(build: Any, make: SimpleNamespace) -> None:
    entities = (
        make.entity("Orca"),
        make.entity("Reef", Label.BENCHMARK),
        make.entity("accuracy", Label.METRIC),
    )
    result = Result(
        system="Orca", benchmark="Reef", metric="accuracy", value="97.1", unit="%", evidence="So."
    )
    graph = build(make.record("1", *entities, results=[result, result]))
    (node,) = [node for node in graph.nodes if node.label == Label.RESULT]
    assert node.properties == {"value": 97.1, "unit": "%", "text": "97.1"}
    assert make.edges(graph, "OF") == [(node.id, "system:orca")]
    assert make.edges(graph, "ON") == [(node.id, "resource:reef")]
    assert make.edges(graph, "MEASURED_BY") == [(node.id, "metric:accuracy")]
    assert only(graph, "REPORTS").properties["sentence"] == "So."


def test_a_result_of_no_system_is_dropped_whole(build: Any, make: SimpleNamespace) -> None:
    result = Result(system="Reef", benchmark=None, metric=None, value="1")
    graph = build(make.record("1", make.entity("Reef", Label.BENCHMARK), results=[result]))
    assert not [node for node in graph.nodes if node.label == Label.RESULT]
    assert graph.dropped == {"OF: Result to Benchmark is not allowed": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [("97.1", 97.1), ("1,024", 1024.0), ("~3.5", 3.5), ("−2", -2.0), ("7B", 7e9), ("high", None)],
)
def test_numeric_value_reads_numbers_as_written(text: str, value: float | None) -> None:
    assert numeric_value(text) == value


def test_a_withdrawn_paper_states_nothing(build: Any, make: SimpleNamespace) -> None:
    orca = make.entity("Orca")
    graph = build(make.record("1", orca, relations=[make.introduces("Orca")], withdrawn=True))
    assert make.edges(graph, "INTRODUCES") == []
    assert make.edges(graph, "MENTIONS") == []
    assert "system:orca" not in {node.id for node in graph.nodes}
    (paper,) = [node for node in graph.nodes if node.label == Label.PAPER]
    assert paper.properties["withdrawn"] is True


def test_authors_are_told_by_id_else_by_normalised_name(build: Any, make: SimpleNamespace) -> None:
    graph = build(
        make.record("1", authors=(Author(name="Müller, Anna"), Author(name="B. Lee", id="0-1"))),
        make.record("2", authors=(Author(name="Bo Lee", id="0-1"), Author(name="Anna Muller"))),
    )
    assert make.named(graph, Label.AUTHOR) == {"anna muller": "Anna Muller", "0-1": "B. Lee"}
    positions = {
        (edge.source, edge.target): edge.properties["position"]
        for edge in graph.edges
        if edge.type == "WROTE"
    }
    assert positions["anna muller", "2"] == 2
    assert positions["anna muller", "1"] == 1
