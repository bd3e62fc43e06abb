"""The whole pipeline: records, their purity, and the seats of its parts."""

import json

import pytest

from kg.catalogue import Catalogue, CatalogueEntry
from kg.extract import Extractor, load_extractor
from kg.extract.components import RULES_VERSION
from kg.records import Paper, Record
from kg.records_json import record_to_json
from kg.schema import Label, load_schema

PAPERS = (
    Paper(
        id="zed",
        title="Zed: A Planner for Robot Manipulation",
        abstract=(
            "Recent planners, e.g. Kay-7B, are slow. We introduce Zed, a model that is trained with"
            " imitation learning (IL). Zed outperforms Kay-7B by 4.5% and reaches a success rate of"
            " 91.2% on the DeskBench benchmark. It was never evaluated on the LabBench benchmark."
        ),
    ),
    Paper(
        id="quiz",
        title="QuizBench: Measuring Reasoning",
        abstract=(
            "We present QuizBench, a benchmark for mathematical reasoning. We evaluate large"
            " language models (LLMs) on QuizBench. LLMs fail often."
        ),
    ),
    Paper(id="empty", title="On Nothing", abstract=""),
    Paper(id="odd", title="<b>`$%\x1b[31m", abstract="MATCH (n) DETACH DELETE n; \x00 \ud7ff ((("),
)


@pytest.fixture(scope="module")
def rules() -> Extractor:
    return load_extractor(model=False)


@pytest.fixture(scope="module")
def records(rules: Extractor) -> list[Record]:
    return list(rules.extract(PAPERS))


def _lines(records) -> list[str]:
    return [json.dumps(record_to_json(record)) for record in records]


def _triples(record: Record) -> set[tuple[str, str, str]]:
    names = {"PAPER": "PAPER"} | {e.id: e.name for e in record.entities}
    return {(names[r.head], r.role or r.type, names[r.tail]) for r in record.relations}


def test_records_come_in_order_with_their_papers(records: list[Record]) -> None:
    assert [record.id for record in records] == [paper.id for paper in PAPERS]
    assert [record.paper for record in records] == list(PAPERS)


def test_introduced_name_and_its_facts_are_read(records: list[Record]) -> None:
    triples = _triples(records[0])
    assert {
        ("PAPER", "INTRODUCES", "Zed"),
        ("Zed", "OUTPERFORMS", "Kay-7B"),
        ("Zed", "component", "imitation learning"),
        ("Zed", "evaluation", "DeskBench"),
    } <= triples
    assert not [t for t in triples if t[2] == "LabBench" and t[1] == "evaluation"]


def test_result_and_margin_are_read(records: list[Record]) -> None:
    names = {e.id: e.name for e in records[0].entities}
    (result,) = records[0].results
    assert (names[result.system], names[result.benchmark or ""], result.value, result.unit) == (
        "Zed", "DeskBench", "91.2", "%",
    )  # fmt: skip
    assert [r.margin for r in records[0].relations if r.margin] == ["4.5%"]


def test_abbreviation_joins_its_long_form(records: list[Record]) -> None:
    assert ("imitation learning", "IL") in records[0].abbreviations
    mentions = {e.name: set(e.mentions) for e in records[1].entities}
    assert {"large language models", "LLMs"} in mentions.values()


def test_spans_and_evidence_point_into_the_text(records: list[Record]) -> None:
    for record in records:
        text = record.paper.text
        for entity in record.entities:
            assert entity.spans
            assert {text[a:b] for a, b in entity.spans} == set(entity.mentions)
        for fact in (*record.relations, *record.results):
            assert fact.evidence == text[fact.start : fact.end]
            assert 0 <= fact.confidence <= 1
            assert fact.extractor.startswith("rules/")


def test_ends_of_relations_are_allowed(records: list[Record]) -> None:
    for record in records:
        types = {"PAPER": Label.PAPER} | {e.id: e.type for e in record.entities}
        for r in record.relations:
            assert load_schema().allows(r.type, types[r.head], types[r.tail], r.role)


def test_record_is_the_same_alone_in_company_and_in_any_order(
    rules: Extractor, records: list[Record]
) -> None:
    together = _lines(records)
    assert [line for paper in PAPERS for line in _lines(rules.extract([paper]))] == together
    assert _lines(rules.extract(PAPERS[::-1])) == together[::-1]


@pytest.mark.slow
def test_processes_give_the_same_records_in_the_same_order(records: list[Record]) -> None:
    spread = load_extractor(model=False, n_process=2)
    papers = PAPERS * 20
    assert _lines(spread.extract(papers)) == _lines(records) * 20


def test_catalogue_of_the_user_is_used(rules: Extractor) -> None:
    entry = CatalogueEntry(
        name="robot folding", type=Label.TASK, aliases=("cloth origami",), families=()
    )
    extractor = load_extractor(model=False, catalogue=Catalogue(entries=(entry,)))
    (record,) = extractor.extract([Paper(id="a", title="A", abstract="We do cloth origami.")])
    assert [(e.name, e.type, e.mentions) for e in record.entities] == [
        ("robot folding", "Task", ("cloth origami",))
    ]
    assert extractor.options["catalogue"] != rules.options["catalogue"]


def test_ambiguous_name_needs_evidence() -> None:
    entry = CatalogueEntry(
        name="Open Robot Collection", type=Label.DATASET, aliases=("ORC",), ambiguous=("ORC",)
    )
    extractor = load_extractor(model=False, catalogue=Catalogue(entries=(entry,)))
    texts = {
        "It is an ORC that we met.": False,
        "We use the ORC dataset.": True,
        "The optimal route computation (ORC) data helps.": False,
    }
    for text, expected in texts.items():
        (record,) = extractor.extract([Paper(id="a", title="A", abstract=text)])
        assert ("Open Robot Collection" in {e.name for e in record.entities}) is expected, text


def test_version_and_options_say_what_a_record_depends_upon(rules: Extractor) -> None:
    assert rules.name == "spacy"
    assert rules.version.startswith(f"{RULES_VERSION}.")
    assert rules.options["model"] == "off"


def test_capitalised_name_that_only_the_model_knows_keeps_its_capital() -> None:
    paper = Paper(
        id="z",
        title="Zorble: a policy for robot arms",
        abstract="We propose Zorble, a robot policy. It shows that Zorble is evaluated on LIBERO.",
    )
    (record,) = load_extractor().extract([paper])
    assert "Zorble" in {entity.name for entity in record.entities}


@pytest.mark.parametrize("model", [False, True], ids=["rules", "model"])
@pytest.mark.parametrize("space", [" ", ""], ids=["words", "one word"])
@pytest.mark.parametrize("long", ["abstract", "title"])
def test_overlong_text_is_read_up_to_a_limit(model: bool, space: str, long: str) -> None:
    first = PAPERS[1]
    tail = f"{space}LabBench" * 200_000
    paper = Paper(
        id="long",
        title=first.title + (tail if long == "title" else ""),
        abstract=first.abstract + (tail if long == "abstract" else ""),
    )
    [record] = load_extractor(model=model).extract([paper])
    assert record.paper == paper
    assert all(paper.text[a:b] in e.mentions for e in record.entities for a, b in e.spans)
    if space and long == "abstract":
        assert "QuizBench" in {entity.name for entity in record.entities}
