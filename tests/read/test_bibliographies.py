"""BibTeX and RIS: the names, accents and encodings that reference managers write."""

import logging

import pytest

from kg.read import read_file
from kg.records import Author, Paper, Reason, Rejected

BIB = r"""% Encoding: UTF-8
@comment{jabref-meta: databaseType:bibtex;}
@string{ neurips = "Advances in Neural Information Processing Systems" }
@preamble{ "\newcommand{\noop}[1]{}" }

@InProceedings{vaswani2017attention,
  author    = {Vaswani, Ashish and {\L}ukasz Kaiser and van der {M\"u}ller, Jr., Anna and others},
  title     = {{Attention} Is All {Y}ou Need},
  booktitle = neurips,
  year      = 2017,
  month     = jun,
  abstract  = "The Transformer translates with attention alone, na{\"\i}ve recurrence left
               out, at 9\% of the cost ($d_k$ per head), and keeps \{0, 1\} masks.",
  keywords  = {attention, translation; sequence models},
  doi       = {https://doi.org/10.1000/ATTN\_1},
  url       = {https://arxiv.org/abs/1706.03762v7},
}
"""
TRANSFORMER = Paper(
    id="1706.03762",
    title="Attention Is All You Need",
    abstract="The Transformer translates with attention alone, naïve recurrence left out, "
    "at 9% of the cost (d_k per head), and keeps {0, 1} masks.",
    year=2017,
    venue="Advances in Neural Information Processing Systems",
    authors=(
        Author(name="Ashish Vaswani"),
        Author(name="Łukasz Kaiser"),
        Author(name="Anna van der Müller Jr."),
    ),
    arxiv_id="1706.03762",
    doi="10.1000/attn_1",
    url="https://arxiv.org/abs/1706.03762v7",
    keywords=("attention, translation", "sequence models"),
)
RIS = """TY  - CONF
AU  - Vaswani, Ashish
AU  - Kaiser, Łukasz
A2  - Guyon, Isabelle
TI  - Attention Is All
      You Need
T2  - Advances in Neural Information Processing Systems
AB  - The Transformer translates with attention alone.
AB  - It reaches 28.4 BLEU.
PY  - 2017/06/12/
DO  - 10.1000/ATTN.1
KW  - attention
KW  - translation
UR  - https://arxiv.org/abs/1706.03762v7
ER  -\x20
"""
FROM_RIS = Paper(
    id="1706.03762",
    title="Attention Is All You Need",
    abstract="The Transformer translates with attention alone. It reaches 28.4 BLEU.",
    year=2017,
    date="2017-06-12",
    venue="Advances in Neural Information Processing Systems",
    authors=(Author(name="Ashish Vaswani"), Author(name="Łukasz Kaiser")),
    arxiv_id="1706.03762",
    doi="10.1000/attn.1",
    url="https://arxiv.org/abs/1706.03762v7",
    keywords=("attention", "translation"),
)


@pytest.fixture
def read_text(tmp_path):
    def reading(text, name="input", encoding="utf-8", **options):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return list(read_file(tmp_path / name, **options))

    return reading


def entry(title="Folding Cups", abstract="We fold cups.", kind="article", **fields):
    listed = {"title": title, "abstract": abstract, **fields}
    inside = "".join(f"  {name} = {{{value}}},\n" for name, value in listed.items())
    return f"@{kind}{{key,\n{inside}}}\n"


def record(*lines, title="Folding Cups", abstract="We fold cups."):
    return "\n".join(["TY  - JOUR", f"TI  - {title}", f"AB  - {abstract}", *lines, "ER  - ", ""])


def reasons(found):
    return [item.reason for item in found if isinstance(item, Rejected)]


def test_bibtex_entry_is_read_with_all_fields(read_text):
    assert read_text(BIB) == [TRANSFORMER]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bibtex_is_found_by_content_in_every_encoding(read_text, encoding, end):
    assert read_text(BIB.replace("\n", end), encoding=encoding) == [TRANSFORMER]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"eprint": "2306.02707v1", "archiveprefix": "arXiv"}, "2306.02707"),
        ({"eprint": "2306.02707", "eprinttype": "arxiv"}, "2306.02707"),
        ({"eprint": "2306.02707"}, "2306.02707"),
        ({"eprint": "hal-01234567", "eprinttype": "hal"}, None),
        ({"eprint": "PMC2306", "archiveprefix": "pubmed"}, None),
        ({"journal": "arXiv preprint arXiv:2306.02707"}, "2306.02707"),
        ({"journal": "CoRR", "volume": "abs/2306.02707"}, "2306.02707"),
        ({"doi": "10.48550/arXiv.2306.02707"}, "2306.02707"),
        ({"howpublished": "\\url{https://arxiv.org/abs/2306.02707}"}, "2306.02707"),
        ({"journal": "Journal of Cups", "volume": "2306"}, None),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_bibtex_arxiv_id_is_found_where_people_write_it(read_text, fields, expected):
    (paper,) = read_text(entry(**fields))
    assert paper.arxiv_id == expected


def test_bibtex_anthology_address_is_a_source_id(read_text):
    (paper,) = read_text(entry(url="https://aclanthology.org/2020.acl-main.442"))
    assert paper.source_ids == ("acl:2020.acl-main.442",)
    assert paper.id == "acl:2020.acl-main.442"


def test_bibtex_key_is_no_id_of_a_paper(read_text):
    found = read_text(entry() + entry(title="Stacking Cups on Trays"))
    assert [item.title for item in found] == ["Folding Cups", "Stacking Cups on Trays"]
    assert len({paper.id for paper in found}) == 2
    assert all(paper.id.startswith("title:") for paper in found)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Lee, Ann", ["Ann Lee"]),
        ("Ann Lee and Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("{OpenAI} and {Barnes and Noble}", ["OpenAI", "Barnes and Noble"]),
        ("{\\'E}tienne Br{\\^u}l{\\'e}", ["Étienne Brûlé"]),
        ("de la Cruz, Ana", ["Ana de la Cruz"]),
        ("A, B, C, D, E", ["A, B, C, D, E"]),
        ("Ann Lee, Bob Ray, Cy Day", ["Ann Lee", "Bob Ray", "Cy Day"]),
        ("Lee, Jr., Ann", ["Ann Lee Jr."]),
        ("", []),
    ],
)
def test_bibtex_names_are_read_in_every_order(read_text, written, expected):
    (paper,) = read_text(entry(author=written))
    assert [author.name for author in paper.authors] == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": "2023"}, 2023),
        ({"date": "2023-06-01"}, 2023),
        ({"year": "2023a"}, 2023),
        ({"year": "in press"}, None),
        ({}, None),
    ],
)
def test_bibtex_year(read_text, fields, expected):
    assert read_text(entry(**fields))[0].year == expected


def test_bibtex_broken_entry_is_rejected_and_the_next_one_read(read_text, tmp_path, caplog):
    broken = "@article{bad,\n  title = {Never Closed,\n  abstract = {x}\n\n"
    with caplog.at_level(logging.WARNING):
        found = read_text(entry() + broken + entry(title="Stacking Cups on Trays"))
    assert [item.title for item in found if isinstance(item, Paper)] == [
        "Folding Cups",
        "Stacking Cups on Trays",
    ]
    (bad,) = [item for item in found if isinstance(item, Rejected)]
    assert (bad.reason, bad.where) == (Reason.MALFORMED, f"{tmp_path / 'input'}:5")
    assert "Never Closed" in bad.detail
    assert caplog.records == []


def test_bibtex_field_that_stands_twice_is_read_once(read_text):
    text = (
        entry().replace("}\n", "}\n", 1).replace("  title", "  note = {a},\n  note = {b},\n  title")
    )
    assert [item.title for item in read_text(text)] == ["Folding Cups"]


def test_bibtex_without_abstract_is_a_reason(read_text):
    assert reasons(read_text("@book{a, title = {On Cups}, year = {1999}}\n")) == [
        Reason.NO_ABSTRACT
    ]


def test_bibtex_bytes_that_are_no_text_reject_their_entry_alone(tmp_path):
    text = entry(author="Andr\xe9 Cup").encode("latin-1") + entry(title="Stacking Trays").encode()
    (tmp_path / "a.bib").write_bytes(text)
    found = list(read_file(tmp_path / "a.bib"))
    assert reasons(found) == [Reason.BAD_ENCODING]
    assert [item.title for item in found if isinstance(item, Paper)] == ["Stacking Trays"]


def test_bibtex_strings_hold_through_a_long_file(read_text, tmp_path):
    n_entries = 450
    text = "@string{jc = {Journal of Cups}}\n" + "".join(
        entry(
            title=f"Cup Number {i}", abstract="We write to a@b.org\n  about cups @ home."
        ).replace("key,", f"key{i},\n  journal = jc,")
        for i in range(n_entries)
    )
    found = read_text(text + "@article{last, title\n")
    assert [(p.title, p.venue) for p in found[:-1]] == [
        (f"Cup Number {i}", "Journal of Cups") for i in range(n_entries)
    ]
    assert (found[-1].reason, found[-1].where) == (
        Reason.MALFORMED,
        f"{tmp_path / 'input'}:{text.count(chr(10)) + 1}",
    )


def test_ris_record_is_read_with_all_tags(read_text):
    assert read_text(RIS) == [FROM_RIS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ris_is_found_by_content_in_every_encoding(read_text, encoding, end):
    assert read_text("\n" + RIS.replace("\n", end), encoding=encoding) == [FROM_RIS]


def test_ris_other_tags_for_the_same(read_text):
    text = RIS.replace("AU  -", "A1  -").replace("TI  -", "T1  -").replace("AB  -", "N2  -")
    text = text.replace("PY  - 2017/06/12/", "Y1  - 2017/06//").replace("T2  -", "JO  -")
    (paper,) = read_text(text)
    assert (paper.date, paper.year) == ("2017-06", 2017)
    assert (paper.title, paper.abstract, paper.authors, paper.venue) == (
        FROM_RIS.title,
        FROM_RIS.abstract,
        FROM_RIS.authors,
        FROM_RIS.venue,
    )


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (record().removesuffix("ER  - \n"), ["Folding Cups"]),
        (record().replace("ER  - ", "ER  -"), ["Folding Cups"]),
        (record().replace("ER  - ", "") + record(title="Trays"), ["Folding Cups", "Trays"]),
        (record() + "\n\n" + record(title="Trays") + "\n", ["Folding Cups", "Trays"]),
        ("Provider: Cups Ltd\nContent: text/plain\n\n" + record(), ["Folding Cups"]),
    ],
    ids=["no end", "bare end", "end missing between", "blank lines", "heading"],
)  # fmt: skip
def test_ris_records_are_kept_apart_and_none_is_lost(read_text, text, titles):
    assert [paper.title for paper in read_text(text)] == titles


def test_ris_tags_before_the_first_record_are_rejected(read_text, tmp_path):
    found = read_text("TI  - No Type\nER  - \n" + record())
    assert isinstance(found[1], Paper)
    assert (found[0].reason, found[0].where) == (Reason.MALFORMED, f"{tmp_path / 'input'}:1")
    assert "no TY tag" in found[0].detail


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ("UR  - https://doi.org/10.1000/CUP;1", "doi", "10.1000/cup;1"),
        ("UR  - https://example.org/a;b", "url", "https://example.org/a;b"),
        ("DO  - 10.48550/arXiv.2306.02707", "arxiv_id", "2306.02707"),
        ("T2  - arXiv preprint arXiv:2306.02707", "arxiv_id", "2306.02707"),
        ("UR  - https://aclanthology.org/P19-1442", "source_ids", ("acl:P19-1442",)),
        ("KW  - cups; trays", "keywords", ("cups", "trays")),
        ("AU  - Ray, Bob, Jr.", "authors", (Author(name="Bob Ray Jr."),)),
        ("PY  - forthcoming", "year", None),
        ("DA  - 2023/06/01/", "date", "2023-06-01"),
        ("ZZ  - unknown", "venue", None),
    ],
)
def test_ris_tag(read_text, line, field, expected):
    (paper,) = read_text(record(line))
    assert getattr(paper, field) == expected


def test_ris_date_that_is_none_is_a_reason(read_text):
    assert reasons(read_text(record("DA  - 2023/13/45/"))) == [Reason.BAD_FIELD]


def test_ris_without_abstract_and_without_title_are_reasons(read_text):
    text = record(abstract="") + record(title="")
    assert reasons(read_text(text)) == [Reason.NO_ABSTRACT, Reason.NO_TITLE]


def test_ris_bytes_that_are_no_text_reject_their_record_alone(tmp_path):
    text = record("AU  - Cup, Andr\xe9").encode("latin-1") + record(title="Stacking Trays").encode()
    (tmp_path / "a.ris").write_bytes(text)
    found = list(read_file(tmp_path / "a.ris"))
    assert reasons(found) == [Reason.BAD_ENCODING]
    assert [item.title for item in found if isinstance(item, Paper)] == ["Stacking Trays"]


def test_csv_with_such_lines_inside_stays_csv(read_text):
    text = 'title,abstract\nFolding Cups,"We cite\n@article{a,\nTY  - JOUR\nin a cell."\n'
    (paper,) = read_text(text, "a.csv")
    assert paper.abstract == "We cite\n@article{a,\nTY  - JOUR\nin a cell."
