"""Parquet tables, from files, packed and from stdin."""

import datetime
import decimal
import gzip
import io
import sys

import pytest

pa = pytest.importorskip("pyarrow", reason="Parquet needs pip install 'papers-kg[parquet]'")
pq = pytest.importorskip("pyarrow.parquet")

from kg.errors import InputError  # noqa: E402
from kg.read import read_file  # noqa: E402
from kg.records import Author, Paper, Reason, Reference, Rejected  # noqa: E402

ROW = {
    "id": "p1",
    "title": "Folding Cups",
    "abstract": "We fold  cups.\nTwice.",
    "year": 2024,
    "date": datetime.date(2024, 3, 5),
    "venue": "Journal of Cups",
    "authors": [{"name": "Ann Lee", "orcid": None}, {"name": "Bob Ray", "orcid": "0000-0001"}],
    "arxiv_id": "2403.00001v2",
    "doi": "10.1000/CUP",
    "keywords": ["cups", "robots"],
    "references": ["2301.00001"],
    "embedding": [0.5, 0.25],
}
PAPER = Paper(
    id="p1",
    title="Folding Cups",
    abstract="We fold  cups.\nTwice.",
    year=2024,
    date="2024-03-05",
    venue="Journal of Cups",
    authors=(Author(name="Ann Lee"), Author(name="Bob Ray", id="0000-0001")),
    arxiv_id="2403.00001",
    doi="10.1000/cup",
    keywords=("cups", "robots"),
    references=(Reference(id="2301.00001"),),
)


def packed(*rows):
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), buffer, row_group_size=700)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.parquet", "named-otherwise.csv", "stdin"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_parquet_is_read_with_all_columns(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack(packed(ROW)))
    assert list(read_file(tmp_path / name)) == [PAPER]


def test_parquet_is_read_from_stdin(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed(ROW))))
    assert list(read_file("-")) == [PAPER]


@pytest.mark.parametrize(
    ("column", "value", "field", "expected"),
    [
        ("date", datetime.datetime(2024, 3, 5, 12, 30), "date", "2024-03-05"),
        ("published", "2024-03-05T12:30:00Z", "date", "2024-03-05"),
        ("year", 2024.0, "year", 2024),
        ("year", decimal.Decimal("2024"), "year", 2024),
        ("year", None, "year", None),
        ("year", float("nan"), "year", None),
        (
            "authors",
            "Ann Lee; Bob Ray",
            "authors",
            (Author(name="Ann Lee"), Author(name="Bob Ray")),
        ),
        ("Venue", b"Journal of Cups", "venue", "Journal of Cups"),
    ],
)
def test_parquet_column_types(tmp_path, column, value, field, expected):
    (tmp_path / "a").write_bytes(
        packed({"title": "Folding Cups", "abstract": "We.", column: value})
    )
    (paper,) = read_file(tmp_path / "a")
    assert getattr(paper, field) == expected


def test_parquet_rows_come_in_order_and_a_bad_one_has_a_reason(tmp_path):
    rows = [
        {"title": f"Cup {i}", "abstract": "We fold." if i != 1234 else None} for i in range(1500)
    ]
    (tmp_path / "a.parquet").write_bytes(packed(*rows))
    found = list(read_file(tmp_path / "a.parquet"))
    assert [item.title for item in found if isinstance(item, Paper)] == [
        row["title"] for row in rows if row["abstract"]
    ]
    (bad,) = [item for item in found if isinstance(item, Rejected)]
    assert (bad.reason, bad.where) == (Reason.NO_ABSTRACT, f"{tmp_path / 'a.parquet'}#1234")


def test_parquet_rows_of_the_arxiv_snapshot_are_known_by_their_columns(tmp_path):
    row = {
        "id": "2403.00001",
        "title": "Folding\n  Cups",
        "abstract": "  We fold\ncups.\n",
        "authors_parsed": [["Lee", "Ann", ""]],
        "versions": [{"version": "v1", "created": "Tue, 5 Mar 2024 10:00:00 GMT"}],
        "update_date": "2025-01-07",
    }
    (tmp_path / "a.parquet").write_bytes(packed(row))
    (paper,) = read_file(tmp_path / "a.parquet")
    assert (paper.title, paper.date, paper.authors) == (
        "Folding Cups",
        "2024-03-05",
        (Author(name="Ann Lee"),),
    )


def test_parquet_without_title_column_is_an_error(tmp_path):
    (tmp_path / "a.parquet").write_bytes(packed({"name": "x", "abstract": "y"}))
    with pytest.raises(InputError, match="no column `title` among name, abstract"):
        list(read_file(tmp_path / "a.parquet"))


@pytest.mark.parametrize("cut", [10, 200], ids=["short", "long"])
def test_broken_parquet_is_an_error(tmp_path, cut):
    (tmp_path / "a.parquet").write_bytes(packed(ROW)[:cut])
    with pytest.raises(InputError, match="Parquet file that cannot be read"):
        list(read_file(tmp_path / "a.parquet"))
