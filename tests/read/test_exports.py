import html
import json

import pytest

from kg.errors import InputError
from kg.read import read_file
from kg.records import Author, Paper, Reason, Record, Reference, Rejected
from kg.records_json import record_to_json, to_line

ARXIV = {
    "id": "2403.00001",
    "submitter": "Ann Lee",
    "authors": "Ann Lee and Bob Ray Jr.",
    "title": 'Na\\"ive Folding of\n  Towels with $\\pi_0$',
    "comments": "8 pages",
    "journal-ref": "J. Fold. 12 (2025) 1-8",
    "doi": "10.1000/FOLD.1",
    "report-no": None,
    "categories": "cs.RO cs.LG",
    "license": None,
    "abstract": "  We fold towels and gain 9\\% on\nthree tasks.\n  A second paragraph.\n",
    "versions": [
        {"version": "v1", "created": "Tue, 5 Mar 2024 10:00:00 GMT"},
        {"version": "v2", "created": "Mon, 6 Jan 2025 10:00:00 GMT"},
    ],
    "update_date": "2025-01-07",
    "authors_parsed": [["Lee", "Ann", ""], ["Ray", "Bob", "Jr."], ['M\\"uller', "", ""]],
}
PAPERLIST = {
    "id": "AbC123",
    "title": "Folding Towels",
    "track": "main",
    "status": "Poster",
    "keywords": "cloth;robots",
    "abstract": "We fold towels, 50% faster.",
    "author": "Ann Lee;Bob Ray",
    "site": "https://openreview.net/forum?id=AbC123",
}
DAILY = {
    "paper": {
        "id": "2403.00001",
        "authors": [{"_id": "65e", "name": "Ann Lee", "hidden": False}],
        "publishedAt": "2024-03-05T18:00:00.000Z",
        "title": "Folding Towels",
        "summary": "We fold\ntowels 9\\% faster.",
        "upvotes": 12,
        "githubRepo": "https://github.com/example/fold",
        "ai_keywords": ["cloth", "robots"],
    },
    "publishedAt": "2024-03-06T00:00:00.000Z",
    "title": "Folding Towels",
    "submittedBy": {"name": "someone"},
}
SCHOLAR = {
    "paperId": "abc",
    "corpusId": 77,
    "externalIds": {
        "ArXiv": "2403.00001",
        "DOI": "10.1000/FOLD",
        "ACL": "2024.acl-1",
        "CorpusId": 77,
    },
    "title": "Folding Towels",
    "abstract": "We fold towels.",
    "year": 2024,
    "venue": "Folding",
    "authors": [{"authorId": "9", "name": "Ann Lee"}, {"authorId": None, "name": "Bob Ray"}],
    "fieldsOfStudy": ["Computer Science"],
    "references": [
        {"paperId": "def", "title": "Cloth"},
        {"paperId": "ghi", "externalIds": {"ArXiv": "2301.00001"}, "title": None},
        {"paperId": None, "title": "Unknown"},
    ],
}
WORK = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.48550/arxiv.2403.00001",
    "title": "Folding Towels",
    "publication_year": 2024,
    "publication_date": "2024-03-05",
    "authorships": [
        {"author": {"id": "https://openalex.org/A1", "display_name": "Ann Lee", "orcid": None}},
        {"author": {"display_name": "Bob Ray", "orcid": "https://orcid.org/0000-0001"}},
    ],
    "abstract_inverted_index": {"We": [0, 3], "fold": [1], "towels;": [2], "rest.": [4]},
    "referenced_works": ["https://openalex.org/W2", "https://openalex.org/W3"],
    "topics": [{"display_name": "Robotics"}],
    "keywords": [{"display_name": "cloth"}],
    "primary_location": {"source": {"display_name": "arXiv"}},
    "is_retracted": False,
}


@pytest.fixture
def read_objects(tmp_path):
    def reading(*objects, name="input.jsonl", **options):
        text = "\n".join(json.dumps(obj) for obj in objects)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return list(read_file(tmp_path / name, **options))

    return reading


def test_arxiv_snapshot_gives_the_first_versions_date_and_repaired_texts(read_objects):
    assert read_objects(ARXIV) == [
        Paper(
            id="2403.00001",
            title="Naïve Folding of Towels with π0",
            abstract="We fold towels and gain 9% on three tasks. A second paragraph.",
            year=2024,
            date="2024-03-05",
            venue="J. Fold. 12 (2025) 1-8",
            authors=(Author(name="Ann Lee"), Author(name="Bob Ray Jr."), Author(name="Müller")),
            arxiv_id="2403.00001",
            doi="10.1000/fold.1",
            url="https://arxiv.org/abs/2403.00001",
            topics=("cs.RO", "cs.LG"),
        )
    ]


def test_arxiv_snapshot_marks_withdrawn_papers(read_objects):
    comment = "This paper has been withdrawn by the author due to an error"
    assert read_objects({**ARXIV, "comments": comment})[0].withdrawn


def test_paperlists_take_year_and_venue_from_the_file_name(read_objects):
    (paper,) = read_objects(PAPERLIST, name="colm2025.json")
    assert paper == Paper(
        id="AbC123",
        title="Folding Towels",
        abstract="We fold towels, 50% faster.",
        year=2025,
        venue="COLM",
        authors=(Author(name="Ann Lee"), Author(name="Bob Ray")),
        url="https://openreview.net/forum?id=AbC123",
        keywords=("cloth", "robots"),
    )


@pytest.mark.parametrize("status", ["Reject", "Desk Reject", "Withdraw", "Withdrawn"])
def test_paperlists_reject_what_was_not_accepted(read_objects, status):
    accepted, rejected = read_objects(
        PAPERLIST, {**PAPERLIST, "id": "x", "status": status}, name="iclr2024.json"
    )
    assert isinstance(accepted, Paper)
    assert rejected.reason is Reason.NOT_ACCEPTED
    assert status in rejected.detail


@pytest.mark.parametrize(
    ("name", "venue", "year"),
    [
        ("iclr2024.json", "ICLR", 2024),
        ("3dv2025.json", "3DV", 2025),
        ("nips_2019.json", "NIPS", 2019),
        ("list.json", None, None),
    ],
)
def test_paperlists_file_names(read_objects, name, venue, year):
    (paper,) = read_objects(PAPERLIST, name=name)
    assert (paper.venue, paper.year) == (venue, year)


@pytest.mark.parametrize("obj", [DAILY, DAILY["paper"]], ids=["entry", "paper"])
def test_huggingface_gives_arxiv_papers(read_objects, obj):
    assert read_objects(obj) == [
        Paper(
            id="2403.00001",
            title="Folding Towels",
            abstract="We fold towels 9% faster.",
            year=2024,
            date="2024-03-05",
            authors=(Author(name="Ann Lee"),),
            arxiv_id="2403.00001",
            url="https://arxiv.org/abs/2403.00001",
            keywords=("cloth", "robots"),
            code=("https://github.com/example/fold",),
        )
    ]


@pytest.mark.parametrize("times", [1, 2], ids=["escaped", "escaped-twice"])
def test_huggingface_page_data_is_read(tmp_path, times):
    data = json.dumps({"dailyPapers": [DAILY], "other": "<b>"})
    for _ in range(times):
        data = html.escape(data)
    page = f'<!doctype html><html><div data-target="DailyPapers" data-props="{data}"></div></html>'
    (tmp_path / "page.html").write_text(page)
    (paper,) = read_file(tmp_path / "page.html")
    assert (paper.id, paper.abstract) == ("2403.00001", "We fold towels 9% faster.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!DOCTYPE html><html><p>Hi</p></html>", "HTML without"),
        ("<?xml version='1.0'?><a/>", "XML"),
    ],
)
def test_markup_without_papers_says_what_to_do(tmp_path, text, words):
    (tmp_path / "page").write_text(text)
    with pytest.raises(InputError, match=words):
        list(read_file(tmp_path / "page"))


def test_semantic_scholar_keeps_every_id_and_the_references(read_objects):
    assert read_objects(SCHOLAR) == [
        Paper(
            id="s2:abc",
            title="Folding Towels",
            abstract="We fold towels.",
            year=2024,
            venue="Folding",
            authors=(Author(name="Ann Lee", id="s2:9"), Author(name="Bob Ray")),
            arxiv_id="2403.00001",
            doi="10.1000/fold",
            topics=("Computer Science",),
            references=(Reference(id="s2:def", title="Cloth"), Reference(id="2301.00001")),
            source_ids=("s2:abc", "acl:2024.acl-1", "s2corpus:77"),
        )
    ]


def test_openalex_rebuilds_the_abstract(read_objects):
    assert read_objects(WORK) == [
        Paper(
            id="openalex:W1",
            title="Folding Towels",
            abstract="We fold towels; We rest.",
            year=2024,
            date="2024-03-05",
            venue="arXiv",
            authors=(
                Author(name="Ann Lee", id="openalex:A1"),
                Author(name="Bob Ray", id="0000-0001"),
            ),
            arxiv_id="2403.00001",
            doi="10.48550/arxiv.2403.00001",
            keywords=("cloth",),
            topics=("Robotics",),
            references=(Reference(id="openalex:W2"), Reference(id="openalex:W3")),
            source_ids=("openalex:W1",),
        )
    ]


@pytest.mark.parametrize("positions", [["x"], [-1], [10**9], [1.5]])
def test_openalex_rejects_positions_that_are_none(read_objects, positions):
    (rejected,) = read_objects({**WORK, "abstract_inverted_index": {"We": positions}})
    assert rejected.reason is Reason.BAD_FIELD


RECORD = {
    "id": "p1",
    "title": "FoldNet",
    "abstract": "FoldNet folds towels.",
    "entities": [{"id": "e1", "name": "FoldNet", "type": "Model", "mentions": ["FoldNet"]}],
    "relations": [{"head": "PAPER", "type": "INTRODUCES", "tail": "e1"}],
    "results": [],
}


def test_records_are_read_back_as_they_were_written(read_objects, tmp_path):
    (record,) = read_objects(RECORD)
    assert isinstance(record, Record)
    assert record.entities[0].spans == ((0, 7), (9, 16))
    (tmp_path / "again").write_text(to_line(record_to_json(record)))
    assert list(read_file(tmp_path / "again")) == [record]


def test_records_without_their_text_are_rejected(read_objects):
    alone = {key: value for key, value in RECORD.items() if key not in {"title", "abstract"}}
    (rejected,) = read_objects(alone)
    assert (rejected.reason, rejected.where[-2:]) == (Reason.NO_TITLE, ":1")


def test_records_with_a_loose_end_are_rejected(read_objects):
    (rejected,) = read_objects({**RECORD, "entities": []})
    assert rejected.reason is Reason.BAD_REFERENCE


def test_one_file_may_mix_formats(read_objects):
    found = read_objects(ARXIV, RECORD, SCHOLAR, WORK, {"title": "A", "abstract": "B"}, {"x": 1})
    assert [type(item) for item in found] == [Paper, Record, Paper, Paper, Paper, Rejected]


@pytest.mark.parametrize(
    ("envelope", "inner"),
    [("results", WORK), ("data", SCHOLAR), ("dailyPapers", DAILY)],
)
def test_lists_of_interfaces_are_unpacked(read_objects, envelope, inner):
    (paper,) = read_objects({"meta": {"count": 1}, envelope: [inner]})
    assert paper.title == "Folding Towels"


@pytest.mark.parametrize(
    ("input_format", "obj"),
    [
        ("arxiv", ARXIV),
        ("paperlists", PAPERLIST),
        ("huggingface", DAILY),
        ("semantic-scholar", SCHOLAR),
        ("openalex", WORK),
        ("records", RECORD),
        ("table", RECORD),
    ],
)
def test_a_format_that_is_named_is_used(read_objects, input_format, obj):
    (item,) = read_objects(obj, input_format=input_format)
    assert not isinstance(item, Rejected)
    assert isinstance(item, Record) is (input_format == "records")
