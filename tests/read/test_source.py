import gzip
import io
import lzma
import sys

import pytest

from kg.errors import InputError
from kg.read import read_file
from kg.records import Paper, Reason

LINES = "".join(
    f'{{"id": "p{i}", "title": "Title {i}", "abstract": "Abstract {i}, naïve."}}\n'
    for i in range(1500)
)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl", bytes),
        ("a.jsonl.gz", gzip.compress),
        ("a.jsonl.xz", lzma.compress),
        ("packed-without-suffix", gzip.compress),
        ("wrong-suffix.csv", lzma.compress),
    ],
)
def test_read_file_unpacks_by_content(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack(LINES.encode()))
    found = list(read_file(tmp_path / name))
    assert [paper.id for paper in found] == [f"p{i}" for i in range(1500)]
    assert found[7].abstract == "Abstract 7, naïve."


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress])
def test_read_file_reads_stdin(monkeypatch, pack):
    data = io.BytesIO(pack(LINES.encode()))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    assert sum(isinstance(item, Paper) for item in read_file("-")) == 1500


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_read_file_reads_unicode_by_its_mark(tmp_path, encoding):
    (tmp_path / "a").write_bytes(LINES.encode(encoding))
    found = list(read_file(tmp_path / "a"))
    assert len(found) == 1500
    assert found[0].abstract == "Abstract 0, naïve."


def test_read_file_streams(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES.encode())[:-4000])
    items = read_file(tmp_path / "a.jsonl.gz")
    assert next(items).id == "p0"
    with pytest.raises(InputError, match="ends early"):
        list(items)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\r\n ", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (gzip.compress(b""), "empty"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04....", "zip"),
        (b"PAR1....", "Parquet"),
        (b"BZh91AY", "bzip2"),
        (b"title\x00abstract", "NUL"),
        (gzip.compress(b"%PDF-1.4"), "PDF"),
        (gzip.compress(LINES.encode())[:200], "ends early"),
        (lzma.compress(LINES.encode())[:200], "ends early"),
        (gzip.compress(LINES.encode())[:30] + b"\xff" * 400, "compression"),
        (b"\xfd7zXZ\x00" + b"\x01" * 100, "compression"),
    ],
)
def test_read_file_says_what_cannot_be_read(tmp_path, content, words):
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        list(read_file(tmp_path / "f"))
    assert str(tmp_path / "f") in str(caught.value)


def test_read_file_names_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        list(read_file(tmp_path / "missing"))
    with pytest.raises(InputError, match="folder"):
        list(read_file(tmp_path))


def test_read_file_rejects_only_the_lines_with_broken_bytes(tmp_path):
    broken = LINES.encode().replace("Abstract 5, naïve".encode(), b"Abstract 5, na\xefve")
    (tmp_path / "a.jsonl").write_bytes(broken)
    rejected = [item for item in read_file(tmp_path / "a.jsonl") if not isinstance(item, Paper)]
    assert [(item.reason, item.where) for item in rejected] == [
        (Reason.BAD_ENCODING, f"{tmp_path / 'a.jsonl'}:6")
    ]
