"""Which reader an input needs: told from its content, the suffix being a hint only."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from kg.errors import InputError
from kg.read import (
    acl,
    arxiv,
    atom,
    bibtex,
    huggingface,
    openalex,
    page,
    paperlists,
    parquet,
    record,
    ris,
    semantic_scholar,
    table,
)
from kg.read.delimited import delimiter_of, rows
from kg.read.fields import FieldError, Fields, Placed, rejected
from kg.read.json_objects import objects
from kg.read.source import Source
from kg.records import Reason

__all__ = ["FORMATS", "convert_any", "reader_of"]

Reader = Callable[[Source], Iterator[Placed]]
Convert = Callable[[Fields, str], Placed]
Objects = Callable[[Source], Iterator[tuple[str, dict[str, Any]] | Placed]]

_JSON = re.compile(r"\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[{\]]|$))")
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_XML = re.compile(
    r"\s*<(?:\?xml|!DOCTYPE\s+(?!html)|[A-Za-z][\w:]*\s+xmlns|collection\b)", re.IGNORECASE
)
_FEED = re.compile(rf"<feed\b[^>]*{re.escape(atom.NAMESPACE)}")
_COLLECTION = re.compile(r"<collection\b")


def reader_of(source: Source, input_format: str | None = None) -> Reader:
    """Return the reader of `input_format`, or of what the content looks like.

    Raises
    ------
    InputError
        There is no such format, or the content is of one that is not read.
    """
    if input_format is None:
        return FORMATS[_format_of(source)]
    if input_format not in FORMATS:
        message = f"{input_format!r} is no input format: take one of {', '.join(FORMATS)}"
        raise InputError(message)
    return FORMATS[input_format]


def _format_of(source: Source) -> str:
    head = source.head
    if _XML.match(head) and not _HTML.match(head):
        return _xml_format_of(source)
    begins: tuple[tuple[str, object], ...] = (
        ("parquet", head.startswith(parquet.MAGIC)),
        ("json", _JSON.match(head)),
        ("html", _HTML.match(head)),
        ("tsv", delimiter_of(head, ["\t"])),
        ("csv", delimiter_of(head)),
        ("ris", ris.START.search(head)),
        ("bibtex", bibtex.BLOCK.search(head)),
        ("tsv", source.suffix == ".tsv"),
        ("csv", source.suffix == ".csv"),
    )
    return next((name for name, found in begins if found), "page")


def _xml_format_of(source: Source) -> str:
    if _FEED.search(source.head):
        return "atom"
    if _COLLECTION.search(source.head):
        return "acl"
    message = f"{source.name}: XML of a kind that is not read: convert it to JSON lines or CSV"
    raise InputError(message)


def _read_listed(source: Source, listed: Objects, convert: Convert | None) -> Iterator[Placed]:
    for where, obj in listed(source):
        if isinstance(obj, dict):
            yield convert_any(obj, where, convert=convert)
        else:
            yield where, obj


def _read_objects(source: Source, convert: Convert | None) -> Iterator[Placed]:
    stem = source.stem
    for where, obj in objects(source):
        if isinstance(obj, dict):
            yield convert_any(obj, where, convert=convert, stem=stem)
        else:
            yield where, obj


def _read_rows(source: Source, delimiter: str | None) -> Iterator[Placed]:
    for where, row in rows(source, delimiter):
        if isinstance(row, dict):
            yield convert_any(row, where, convert=table.convert)
        else:
            yield where, row


def _read_paperlists(source: Source) -> Iterator[Placed]:
    return _read_objects(source, partial(paperlists.convert, stem=source.stem))


def _convert_of(obj: Fields, stem: str) -> Convert:
    """Return the conversion that an object's keys ask for; files may mix them."""
    for module in (record, arxiv, huggingface, semantic_scholar, openalex):
        if module.matches(obj):
            return module.convert  # type: ignore[no-any-return]  # a module's attribute
    if paperlists.matches(obj):
        return partial(paperlists.convert, stem=stem)
    return table.convert


def convert_any(
    obj: Fields, where: str, *, convert: Convert | None = None, stem: str = ""
) -> Placed:
    """Return what an object holds: read by `convert`, or by what its keys ask for."""
    try:
        return (convert or _convert_of(obj, stem))(obj, where)
    except FieldError as err:
        return rejected(Reason.BAD_FIELD, where, str(err))


FORMATS: dict[str, Reader] = {
    "page": page.read,
    "html": partial(_read_listed, listed=huggingface.objects_in_html, convert=huggingface.convert),
    "json": partial(_read_objects, convert=None),
    "jsonl": partial(_read_objects, convert=None),
    "csv": partial(_read_rows, delimiter=None),
    "tsv": partial(_read_rows, delimiter="\t"),
    "table": partial(_read_objects, convert=table.convert),
    "records": partial(_read_objects, convert=record.convert),
    "arxiv": partial(_read_objects, convert=arxiv.convert),
    "paperlists": _read_paperlists,
    "huggingface": partial(_read_objects, convert=huggingface.convert),
    "semantic-scholar": partial(_read_objects, convert=semantic_scholar.convert),
    "openalex": partial(_read_objects, convert=openalex.convert),
    "atom": partial(_read_listed, listed=atom.objects, convert=atom.convert),
    "acl": partial(_read_listed, listed=acl.objects, convert=acl.convert),
    "bibtex": partial(_read_listed, listed=bibtex.objects, convert=bibtex.convert),
    "ris": partial(_read_listed, listed=ris.objects, convert=ris.convert),
    "parquet": partial(_read_listed, listed=parquet.objects, convert=None),
}
"""The names that `--input-format` takes, each with its reader."""
