import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.read import read, read_file
from kg.read.detect import convert_any
from kg.records import Author, Paper, Reason, Record, Reference, Rejected
from kg.records_json import paper_from_json, paper_to_json, to_line

ROW = {"id": "t1", "title": "Folding Towels", "abstract": "We fold towels."}
FULL = {
    **ROW,
    "year": 2024,
    "date": "2024-03-05",
    "venue": "Journal of Folding",
    "authors": ["Ann Lee", {"name": "Bob Ray", "orcid": "https://orcid.org/0000-0001"}],
    "arxiv_id": "2403.00001v2",
    "doi": "https://doi.org/10.1000/ABC",
    "url": "https://example.org",
    "keywords": ["cloth", "robots"],
    "topics": "cs.RO; cs.LG",
    "code": "https://example.org/code",
    "references": ["arXiv:2301.00001v3", {"id": "10.1000/XYZ", "title": "Cloth"}],
}
PAPER = Paper(
    **ROW,
    year=2024,
    date="2024-03-05",
    venue="Journal of Folding",
    authors=(Author(name="Ann Lee"), Author(name="Bob Ray", id="0000-0001")),
    arxiv_id="2403.00001",
    doi="10.1000/abc",
    url="https://example.org",
    keywords=("cloth", "robots"),
    topics=("cs.RO", "cs.LG"),
    code=("https://example.org/code",),
    references=(Reference(id="2301.00001"), Reference(id="10.1000/xyz", title="Cloth")),
)


@pytest.fixture
def read_text(tmp_path):
    def reading(text, name="input", **options):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return list(read_file(tmp_path / name, **options))

    return reading


def reasons(found):
    return [item.reason for item in found if isinstance(item, Rejected)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(FULL),
        "\n" + json.dumps(FULL) + "\n\n",
        json.dumps([FULL]),
        json.dumps([FULL], indent=2),
        json.dumps(FULL, indent=2),
        json.dumps({"papers": [FULL]}),
        json.dumps({"total": 1, "data": [FULL]}, indent=1),
    ],
    ids=["line", "lines", "list", "list-indented", "object-indented", "papers", "data-indented"],
)
def test_json_is_read_in_every_form(read_text, text):
    assert read_text(text) == [PAPER]


@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.tsv"), ("\t", "a.txt")]
)
def test_delimited_is_read_with_all_columns(read_text, delimiter, name):
    cells = {
        **FULL,
        "authors": json.dumps(FULL["authors"]),
        "keywords": "cloth; robots",
        "references": json.dumps(FULL["references"]),
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, list(cells), delimiter=delimiter)
    writer.writeheader()
    writer.writerow(cells)
    assert read_text(text.getvalue(), name) == [PAPER]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(
    str.strip
)


@given(TEXTS, TEXTS, st.sampled_from([",", "\t", ";"]))
def test_delimited_takes_texts_exactly_as_they_are(tmp_path_factory, title, abstract, delimiter):
    file = tmp_path_factory.mktemp("tables") / "a"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerow(["title", "abstract"])
        writer.writerow([title, abstract])
    (paper,) = read_file(file)
    assert (paper.title, paper.abstract) == (title, abstract)


@given(TEXTS, TEXTS)
def test_json_takes_texts_exactly_as_they_are(tmp_path_factory, title, abstract):
    file = tmp_path_factory.mktemp("tables") / "a"
    file.write_text(json.dumps({"title": title, "abstract": abstract}), encoding="utf-8")
    (paper,) = read_file(file)
    assert (paper.title, paper.abstract) == (title, abstract)


def test_tsv_without_quoting_keeps_its_quotes(read_text):
    text = 'title\tabstract\n"Why Fold?": A Study\tThey ask "why".\nOther Title\t"Because" it is.\n'
    found = read_text(text, "a.tsv")
    assert [(p.title, p.abstract) for p in found] == [
        ('"Why Fold?": A Study', 'They ask "why".'),
        ("Other Title", '"Because" it is.'),
    ]


@pytest.mark.parametrize(
    "header", ["Title,Abstract", "TITLE,Summary", " title ,abstract", "Paper Title,Paper Abstract"]
)
def test_columns_are_found_in_any_spelling(read_text, header):
    (paper,) = read_text(f"{header}\nFolding,We fold.\n")
    assert (paper.title, paper.abstract) == ("Folding", "We fold.")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann Lee; Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Lee, Ann; Ray, Bob", ["Lee, Ann", "Ray, Bob"]),
        ("Ann Lee, Bob Ray and Cy Orr", ["Ann Lee", "Bob Ray", "Cy Orr"]),
        ("Ann Lee, Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Lee, Ann and Ray, Bob", ["Lee, Ann", "Ray, Bob"]),
        ("Lee, Ann", ["Lee, Ann"]),
        ('["Ann Lee", "Bob Ray"]', ["Ann Lee", "Bob Ray"]),
        ("", []),
    ],
)
def test_authors_are_split(read_text, text, names):
    (paper,) = read_text(json.dumps({**ROW, "authors": text}))
    assert [author.name for author in paper.authors] == names


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": ""}, Reason.NO_TITLE),
        ({"title": None}, Reason.NO_TITLE),
        ({"abstract": " "}, Reason.NO_ABSTRACT),
        ({"abstract": None}, Reason.NO_ABSTRACT),
        ({"title": 7}, Reason.BAD_FIELD),
        ({"year": "soon"}, Reason.BAD_FIELD),
        ({"date": "31/31/31"}, Reason.BAD_FIELD),
        ({"date": "2024-13-01"}, Reason.BAD_FIELD),
        ({"arxiv_id": "nothing"}, Reason.BAD_FIELD),
        ({"doi": "nothing"}, Reason.BAD_FIELD),
        ({"authors": 7}, Reason.BAD_FIELD),
        ({"authors": [{"name": ["x"]}]}, Reason.BAD_FIELD),
        ({"references": {"a": 1}}, Reason.BAD_FIELD),
        ({"withdrawn": "perhaps"}, Reason.BAD_FIELD),
        ({"title": "half \ud800"}, Reason.BAD_ENCODING),
        ({"venue": "half \udc80"}, Reason.BAD_ENCODING),
    ],
)
def test_bad_fields_are_rejected_with_value_and_place(read_text, fields, reason):
    bad, good = read_text(json.dumps({**ROW, **fields}) + "\n" + json.dumps({**ROW, "id": "t2"}))
    assert bad.reason is reason
    assert bad.where.endswith("input:1")
    assert bad.detail
    assert good.id == "t2"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": "2024"}, {"year": 2024}),
        ({"year": 2024.0}, {"year": 2024}),
        ({"year": "2024.0"}, {"year": 2024}),
        ({"year": ""}, {"year": None}),
        ({"year": float("nan")}, {"year": None}),
        ({"date": "2024-03"}, {"date": "2024-03", "year": 2024}),
        ({"date": "2024-03-05T10:00:00Z"}, {"date": "2024-03-05", "year": 2024}),
        ({"date": "Tue, 5 Mar 2024 10:00:00 GMT"}, {"date": "2024-03-05", "year": 2024}),
        ({"id": "2403.00001"}, {"id": "2403.00001", "arxiv_id": "2403.00001"}),
        ({"id": 17}, {"id": "17"}),
        ({"url": "https://arxiv.org/abs/2403.00001v1"}, {"arxiv_id": "2403.00001"}),
        ({"doi": "10.48550/arXiv.2403.00001"}, {"arxiv_id": "2403.00001"}),
        ({"id": ""}, {"id": "title:cceeae69bd1c16ca"}),
        ({"id": None, "arxiv_id": "2403.00001v4"}, {"id": "2403.00001"}),
        ({"withdrawn": "Yes"}, {"withdrawn": True}),
        ({"abstract": "This paper has been withdrawn by us."}, {"withdrawn": True}),
    ],
)
def test_fields_are_brought_into_form(read_text, fields, expected):
    (paper,) = read_text(json.dumps({**ROW, **fields}))
    assert {name: getattr(paper, name) for name in expected} == expected


def test_broken_lines_are_rejected_and_the_rest_is_read(read_text):
    good = json.dumps(ROW)
    lines = [good, '{"title": "cut o', "[1, 2]", "null", "{" * 9, '{"a": ' * 100_000, "1" * 5000]
    found = read_text("\n".join(lines))
    assert isinstance(found[0], Paper)
    assert reasons(found) == [Reason.MALFORMED] * 6


def test_a_broken_first_line_does_not_lose_the_others(read_text):
    found = read_text('{"title": "cut o\n' + json.dumps(ROW) + "\n")
    assert reasons(found) == [Reason.MALFORMED]
    assert found[1].id == "t1"


def test_indented_objects_one_after_another_are_read(read_text):
    rows = [{**ROW, "id": f"t{i}"} for i in range(3)]
    found = read_text("\n".join(json.dumps(row, indent=2) for row in rows))
    assert [paper.id for paper in found] == ["t0", "t1", "t2"]


def test_a_broken_list_is_rejected_with_its_line(read_text):
    (rejected,) = read_text('[\n{"title": "a"},\n{"title" "b"}\n]')
    assert rejected.reason is Reason.MALFORMED
    assert rejected.where.endswith("input:3")


def test_items_of_a_list_are_named_by_index(read_text):
    found = read_text(json.dumps([ROW, {**ROW, "id": "t2", "abstract": ""}, 7]))
    assert [item.where.rsplit("/", 1)[1] for item in found[1:]] == ["input#1", "input#2"]


def test_csv_rows_that_break_are_rejected(read_text):
    text = (
        'title,abstract\nFolding, with commas,We fold.\n"Good, quoted",We fold.\n"x" y,z\n\nA,B\n'
    )
    found = read_text(text, "a.csv")
    assert [item.title for item in found if isinstance(item, Paper)] == ["Good, quoted", "A"]
    assert reasons(found) == [Reason.MALFORMED] * 2
    assert [item.where.rsplit(":", 1)[1] for item in found if isinstance(item, Rejected)] == [
        "2",
        "4",
    ]


def test_csv_with_a_quote_that_never_closes_says_so(read_text):
    (rejected,) = read_text('title,abstract\nFolding,"We fold.\nOther,We too.\n', "a.csv")
    assert (rejected.reason, rejected.where[-2:]) == (Reason.MALFORMED, ":2")


def test_csv_without_a_title_column_says_so(read_text):
    with pytest.raises(InputError, match="no column `title`"):
        read_text("name,maker\nArm,Somebody\n", "a.csv")


def test_a_later_record_of_one_id_is_rejected_unless_it_is_the_same(read_text):
    other = {**ROW, "abstract": "Another text."}
    found = read_text("\n".join(map(json.dumps, [ROW, ROW, other])))
    assert isinstance(found[0], Paper)
    assert reasons(found) == [Reason.DUPLICATE_ID]
    assert "t1" in found[1].detail
    assert found[1].where.endswith(":3")


def test_read_finds_one_id_in_two_files(tmp_path):
    for i in (1, 2):
        (tmp_path / f"{i}.jsonl").write_text(json.dumps({**ROW, "abstract": f"Text {i}."}))
    found = list(read([tmp_path / "1.jsonl", tmp_path / "2.jsonl"]))
    assert reasons(found) == [Reason.DUPLICATE_ID]


def test_read_strict_stops_at_the_first_bad_record(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW) + "\n{}\n")
    items = read([tmp_path / "a.jsonl"], strict=True)
    assert next(items).id == "t1"
    with pytest.raises(InputError, match=r"a\.jsonl:2: no title"):
        next(items)


def test_references_are_kept_where_the_abstract_is_missing(read_text):
    rejected, record = read_text(json.dumps({**ROW, "abstract": "", "references": ["2301.00001"]}))
    assert rejected.reason is Reason.NO_ABSTRACT
    assert isinstance(record, Record)
    assert record.paper.references == (Reference(id="2301.00001"),)


def test_input_format_forces_the_reader(read_text):
    text = "title,abstract\n" + "x" * 400 + "\n"
    assert reasons(read_text(text, input_format="page")) == []
    with pytest.raises(InputError, match="no input format"):
        read_text(text, input_format="word")


@pytest.mark.parametrize("input_format", ["csv", "tsv", "json", "page", "arxiv", "records"])
def test_a_forced_format_never_breaks_on_another(read_text, input_format):
    for text in (json.dumps(FULL), "title,abstract\na,b\n", "just words\n", "[", "{}"):
        try:
            assert all(
                isinstance(x, Paper | Rejected) for x in read_text(text, input_format=input_format)
            )
        except InputError as err:
            assert "input" in str(err)  # noqa: PT017


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        ["", " ", "2024", "2024-01-01", "0001-01-01", "10.1000/a", "a; b", "[1]", "x"]
    )
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "title", "orcid"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(FULL)), JUNK))
def test_any_object_gives_a_paper_that_can_be_written_or_is_rejected(fields):
    _, item = convert_any({**ROW, **fields}, "here")
    if isinstance(item, Paper):
        assert paper_from_json(json.loads(to_line(paper_to_json(item))), "here") == item
    else:
        assert isinstance(item, Rejected)
