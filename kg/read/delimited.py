"""Tables with a delimiter: CSV (comma or semicolon) and TSV, the first row naming the columns."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any

from kg.errors import InputError
from kg.read.fields import Placed, rejected
from kg.read.source import Source
from kg.read.table import is_header
from kg.records import Reason

__all__ = ["delimiter_of", "rows"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_DELIMITERS = ("\t", ",", ";", "|")


def delimiter_of(head: str, allowed: Sequence[str] = _DELIMITERS) -> str | None:
    """Return the delimiter with which the first row of `head` names a title column, or None."""
    first = next((line for line in _LINE_END.split(head) if line.strip()), "")
    for delimiter in allowed:
        try:
            columns = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            continue
        if is_header(columns):
            return delimiter
    return None


def rows(
    source: Source, delimiter: str | None = None
) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield each row as an object with its place, and a Rejected for a broken one.

    Raises
    ------
    InputError
        The first row names no title column.
    """
    delimiter = delimiter or delimiter_of(source.head) or ","
    if _has_bare_quotes(source.head, delimiter):
        reader = csv.reader(source.lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(source.lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        where = f"{source.name}:{reader.line_num + 1}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            detail = f"no row of a table ({err}): double the quotes inside quoted texts"
            yield rejected(Reason.MALFORMED, where, detail)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = _header(cells, where)
        elif len(cells) > len(header):
            detail = f"{len(cells)} cells under {len(header)} columns: quote texts that hold"
            yield rejected(Reason.MALFORMED, where, f"{detail} {delimiter!r}")
        else:
            yield where, dict(zip(header, cells, strict=False))


def _header(cells: list[str], where: str) -> list[str]:
    if is_header(cells):
        return cells
    shown = ", ".join(cells)
    raise InputError(f"{where}: no column `title` in the first row ({shown:.80}): name the columns")


def _has_bare_quotes(head: str, delimiter: str) -> bool:
    """Tell whether a tab-separated table is written without quoting: its quotes are text."""
    if delimiter != "\t":
        return False
    lines = _LINE_END.split(head)
    lines = lines[:-1] or lines
    n_columns = lines[0].count("\t") if lines else 0
    if any(line.count("\t") != n_columns for line in lines if line):
        return False
    try:
        quoted = list(csv.reader(lines, delimiter="\t", strict=True))
    except csv.Error:
        return True
    return any(len(cells) != n_columns + 1 for cells in quoted if cells)
