"""Which reader an input needs: told from its content, the suffix being a hint only."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from kg.errors import InputError
from kg.read import (
    arxiv,
    huggingface,
    openalex,
    page,
    paperlists,
    record,
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

_JSON = re.compile(r"\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[{\]]|$))")
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|[A-Za-z][\w:]*\s+xmlns)")


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
    if _JSON.match(source.head):
        return "json"
    if _HTML.match(source.head):
        return "html"
    if _XML.match(source.head):
        raise InputError(f"{source.name}: XML, which is not read: convert it to JSON lines or CSV")
    if delimiter_of(source.head, ["\t"]) or source.suffix == ".tsv":
        return "tsv"
    if delimiter_of(source.head) or source.suffix == ".csv":
        return "csv"
    return "page"


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


def _read_html(source: Source) -> Iterator[Placed]:
    for where, obj in huggingface.objects_in_html(source):
        yield convert_any(obj, where, convert=huggingface.convert)


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
    "html": _read_html,
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
}
"""The names that `--input-format` takes, each with its reader."""
