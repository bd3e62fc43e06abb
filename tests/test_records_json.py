import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kg.records import Author, Paper, Reason, Record, Reference, Relation
from kg.records_json import (
    RecordError,
    paper_from_json,
    paper_to_json,
    record_from_json,
    record_to_json,
    to_line,
)
from kg.schema import Role, load_schema, schema_file

SCHEMA = json.loads(schema_file("record.schema.json").read_text(encoding="utf-8"))

FLAT = {
    "id": "p1",
    "title": "FoldNet: Folding Towels",
    "abstract": (
        "We present FoldNet, a model built on TowelFormer (TF). "
        "It reaches 91.5% accuracy on FoldBench. TF-2 is not used, but TF is."
    ),
    "source": "not a field of ours",
    "entities": [
        {"id": "e1", "name": "FoldNet", "type": "Model", "mentions": ["FoldNet"]},
        {"id": "e2", "name": "TF", "type": "Model", "mentions": ["TF", "TowelFormer"]},
        {"id": "e3", "name": "FoldBench", "type": "Benchmark", "mentions": ["FoldBench"]},
        {"id": "e4", "name": "accuracy", "type": "Metric", "mentions": ["accuracy"]},
        {"id": "e5", "name": "TF-2", "type": "Model", "mentions": ["TF-2"]},
    ],
    "relations": [
        {"head": "PAPER", "type": "INTRODUCES", "tail": "e1"},
        {"head": "e1", "type": "USES", "role": "component", "tail": "e2"},
        {"head": "e1", "type": "USES", "role": "evaluation", "tail": "e3"},
    ],
    "results": [
        {"system": "e1", "benchmark": "e3", "metric": "e4", "value": "91.5", "unit": "%"},
    ],
}


def changed(**fields):
    return {**FLAT, **fields}


def test_schema_is_a_schema_and_names_what_the_graph_knows():
    Draft202012Validator.check_schema(SCHEMA)
    graph = load_schema()
    definitions = SCHEMA["$defs"]
    assert set(definitions["entity"]["properties"]["type"]["enum"]) == set(graph.kinds)
    stated = {name for name, rule in graph.relationships.items() if rule.stated}
    listed = set(definitions["relation"]["properties"]["type"]["enum"])
    assert listed == stated - {"MENTIONS", "REPORTS"}
    roles = definitions["relation"]["properties"]["role"]["enum"]
    assert set(roles) == {*map(str, Role), None}


def test_record_from_json_fills_spans_with_whole_words_outside_longer_mentions():
    record = record_from_json(FLAT, "here")
    text = record.paper.text
    places = {e.name: [text[a:b] for a, b in e.spans] for e in record.entities}
    assert places == {
        "FoldNet": ["FoldNet", "FoldNet"],
        "TF": ["TowelFormer", "TF", "TF"],
        "FoldBench": ["FoldBench"],
        "accuracy": ["accuracy"],
        "TF-2": ["TF-2"],
    }


def test_record_from_json_fills_evidence_with_the_sentences_that_name_both_ends():
    record = record_from_json(FLAT, "here")
    first, second, third = (relation.evidence for relation in record.relations)
    assert first == second == "We present FoldNet, a model built on TowelFormer (TF)."
    assert third == (
        "We present FoldNet, a model built on TowelFormer (TF). "
        "It reaches 91.5% accuracy on FoldBench."
    )
    for fact in (*record.relations, *record.results):
        assert record.paper.text[fact.start : fact.end] == fact.evidence


def test_record_from_json_gives_no_evidence_for_ends_that_stand_far_apart():
    abstract = "FoldNet is ours. One. Two. Three. Four. FoldBench is theirs."
    relations = [{"head": "e1", "type": "USES", "role": "evaluation", "tail": "e2"}]
    entities = [
        {"id": "e1", "name": "FoldNet", "type": "Model", "mentions": ["FoldNet"]},
        {"id": "e2", "name": "FoldBench", "type": "Benchmark", "mentions": ["FoldBench"]},
    ]
    flat = {"id": "a", "title": "On", "abstract": abstract, "entities": entities}
    record = record_from_json({**flat, "relations": relations}, "here")
    assert record.relations[0].evidence is None
    assert record.relations[0].start is None


def test_record_from_json_finds_quoted_evidence():
    results = [{**FLAT["results"][0], "evidence": "91.5% accuracy on FoldBench"}]
    result = record_from_json(changed(results=results), "here").results[0]
    text = FLAT["title"] + "\n\n" + FLAT["abstract"]
    assert text[result.start : result.end] == "91.5% accuracy on FoldBench"


def test_record_to_json_is_what_record_from_json_reads_byte_for_byte():
    record = record_from_json(FLAT, "here")
    line = to_line(record_to_json(record))
    again = record_from_json(json.loads(line), "there")
    assert again == record
    assert to_line(record_to_json(again)) == line
    Draft202012Validator(SCHEMA).validate(json.loads(line))


def test_record_to_json_keeps_a_fixed_order_and_leaves_the_unknown_out():
    obj = record_to_json(record_from_json(FLAT, "here"))
    assert list(obj) == ["id", "paper", "entities", "relations", "results"]
    assert list(obj["paper"]) == ["id", "title", "abstract"]
    assert list(obj["relations"][1]) == [
        "head",
        "type",
        "role",
        "tail",
        "start",
        "end",
        "evidence",
        "confidence",
        "extractor",
    ]


@pytest.mark.parametrize(
    ("obj", "reason", "words"),
    [
        ([1], Reason.MALFORMED, "object"),
        ({"id": "x", "entities": []}, Reason.NO_TITLE, "join"),
        (changed(id=""), Reason.BAD_FIELD, "id"),
        (changed(title=7), Reason.BAD_FIELD, "title"),
        (changed(year="2020"), Reason.BAD_FIELD, "year"),
        (changed(date="soon"), Reason.BAD_FIELD, "date"),
        (changed(entities={}), Reason.BAD_FIELD, "entities"),
        (changed(entities=[{**FLAT["entities"][0], "type": "Gadget"}]), Reason.BAD_FIELD, "Gadget"),
        (changed(entities=[{**FLAT["entities"][0], "id": "PAPER"}]), Reason.BAD_FIELD, "id"),
        (changed(entities=[FLAT["entities"][0]] * 2), Reason.BAD_REFERENCE, "e1"),
        (changed(entities=FLAT["entities"][1:]), Reason.BAD_REFERENCE, "e1"),
        (
            changed(results=[{**FLAT["results"][0], "metric": "e9"}]),
            Reason.BAD_REFERENCE,
            "e9",
        ),
        (
            changed(relations=[{**FLAT["relations"][0], "type": "LIKES"}]),
            Reason.BAD_FIELD,
            "LIKES",
        ),
        (
            changed(relations=[{**FLAT["relations"][0], "confidence": 1.5}]),
            Reason.BAD_FIELD,
            "confidence",
        ),
        (
            changed(relations=[{**FLAT["relations"][0], "start": 5, "end": 9999}]),
            Reason.BAD_FIELD,
            "9999",
        ),
        (
            changed(
                entities=[{**FLAT["entities"][0], "spans": [[1, 5]]}], relations=[], results=[]
            ),
            Reason.BAD_FIELD,
            "span",
        ),
        (changed(title="half \ud800"), Reason.BAD_FIELD, "surrogate"),
    ],
)
def test_record_from_json_says_what_is_wrong(obj, reason, words):
    with pytest.raises(RecordError) as caught:
        record_from_json(obj, "file.jsonl:3")
    assert caught.value.reason is reason
    assert words in caught.value.detail
    assert str(caught.value).startswith("file.jsonl:3: ")


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
PAPERS = st.builds(
    Paper,
    id=WORDS,
    title=WORDS,
    abstract=st.text(st.characters(codec="utf-8"), max_size=60),
    year=st.none() | st.integers(1000, 9999),
    date=st.none() | st.dates().map(str),
    venue=st.none() | WORDS,
    authors=st.lists(st.builds(Author, name=WORDS, id=st.none() | WORDS), max_size=2).map(tuple),
    arxiv_id=st.none() | WORDS,
    doi=st.none() | WORDS,
    url=st.none() | WORDS,
    keywords=LISTS,
    topics=LISTS,
    code=LISTS,
    references=st.lists(st.builds(Reference, id=WORDS, title=st.none() | WORDS), max_size=2).map(
        tuple
    ),
    source_ids=LISTS,
    withdrawn=st.booleans(),
)


@given(PAPERS)
def test_paper_from_json_reads_back_every_paper(paper):
    assert paper_from_json(json.loads(to_line(paper_to_json(paper))), "here") == paper


@st.composite
def annotated(draw):
    """Draw a flat record whose mentions are pieces of its text."""
    words = draw(st.lists(st.sampled_from(["Ab", "C-2", "dé", "f.", "Ab-C", "9"]), min_size=2))
    text = " ".join(words)
    types = sorted(load_schema().kinds)
    ids = [f"e{i}" for i in range(draw(st.integers(0, 4)))]
    entities = [
        {
            "id": identity,
            "name": draw(WORDS),
            "type": draw(st.sampled_from(types)),
            "mentions": draw(st.lists(st.sampled_from(words), min_size=1, max_size=3)),
        }
        for identity in ids
    ]
    ends = st.sampled_from(["PAPER", *ids])
    relations = [
        {"head": draw(ends), "type": draw(st.sampled_from(["USES", "IS_A"])), "tail": draw(ends)}
        for _ in range(draw(st.integers(0, 4)))
    ]
    return {
        "id": draw(WORDS),
        "title": words[0],
        "abstract": text,
        "entities": entities,
        "relations": relations,
    }


@given(annotated())
def test_record_round_trip_is_the_identity_and_offsets_are_true(flat):
    record = record_from_json(flat, "here")
    line = to_line(record_to_json(record))
    assert record_from_json(json.loads(line), "here") == record
    text = record.paper.text
    assert all(text[a:b] in e.mentions for e in record.entities for a, b in e.spans)
    assert all(text[r.start : r.end] == r.evidence for r in record.relations if r.evidence)
    Draft202012Validator(SCHEMA).validate(json.loads(line))


VALUES = st.sampled_from(
    [None, "", "x", 0, -1, 7, 1.5, 2020, True, [], {}, ["a"], [1, 2], [[0, 1]]]
)


def _places(obj, path=()):
    """Return the paths to every value inside a JSON object."""
    found = [path] if path else []
    items = (
        obj.items() if isinstance(obj, dict) else enumerate(obj) if isinstance(obj, list) else ()
    )
    for key, value in items:
        found += _places(value, (*path, key))
    return found


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), VALUES)
def test_record_from_json_allows_what_the_schema_allows(chance: random.Random, value):
    obj = json.loads(to_line(record_to_json(record_from_json(FLAT, "here"))))
    *path, last = chance.choice(_places(obj))
    holder = obj
    for key in path:
        holder = holder[key]
    holder[last] = value
    valid = Draft202012Validator(SCHEMA).is_valid(obj)
    try:
        record_from_json(obj, "here")
        accepted = True
    except RecordError as err:
        meaning = ("span", "evidence at", "names", "two entities")
        accepted = any(word in err.detail for word in meaning) and "schemas/" not in err.detail
    assert accepted is valid, (path, last, value)


def test_record_equals_whatever_made_it():
    relation = Relation(head="PAPER", type="IS_A", tail="PAPER", start=0, end=1, evidence="T")
    record = Record(id="a", paper=Paper(id="b", title="T", abstract=""), relations=(relation,))
    assert record_from_json(record_to_json(record), "here") == record


def test_gold_records_join_with_their_texts(shared):
    texts = {}
    for line in (shared / "gold" / "dev.texts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts[row["id"]] = row
    for line in (shared / "gold" / "dev.gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        record = record_from_json({**texts[gold["id"]], **gold}, gold["id"])
        assert all(entity.spans for entity in record.entities)
        assert record_from_json(record_to_json(record), gold["id"]) == record
