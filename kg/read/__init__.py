"""Files and exports of many formats → papers, records, and what had to be rejected.

`read_file` opens an input (`kg.read.source`), finds its format from its content
(`kg.read.detect`), and hands it to the reader of that format, one module each. Everything streams:
one paper is in memory at a time, the page text and JSON that is one list or object excepted.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.errors import InputError
from kg.read.detect import FORMATS, reader_of
from kg.read.duplicates import Seen
from kg.read.fields import Placed, rejected
from kg.read.source import open_source
from kg.records import Paper, Reason, Record, Rejected

__all__ = ["FORMATS", "read", "read_file"]


def read(
    paths: Iterable[Path | str], *, input_format: str | None = None, strict: bool = False
) -> Iterator[Paper | Record | Rejected]:
    """Yield what the files hold, in their order; "-" is stdin.

    A later record with an id that was there before is rejected, or left out if it is the same.

    Parameters
    ----------
    paths
        The files.
    input_format
        One of `FORMATS`; None finds it from the content.
    strict
        Raise at the first record that would be rejected.

    Raises
    ------
    InputError
        A file cannot be read at all, the format is unknown, or `strict` and a record is bad.
    """
    seen = Seen()
    for path in paths:
        for item in seen.unique(_items(path, input_format)):
            if strict and isinstance(item, Rejected):
                raise InputError(f"{item.where}: {item.reason}: {item.detail}")
            yield item


def read_file(
    path: Path | str, *, input_format: str | None = None
) -> Iterator[Paper | Record | Rejected]:
    """Yield what one file holds: see `read`."""
    yield from read([path], input_format=input_format)


def _items(path: Path | str, input_format: str | None) -> Iterator[Placed]:
    with open_source(path) as source:
        for where, item in reader_of(source, input_format)(source):
            if isinstance(item, Paper) and not item.abstract.strip():
                yield rejected(Reason.NO_ABSTRACT, where, f"{item.title!r:.120}; references kept")
                yield where, Record(id=item.id, paper=item)
            else:
                yield where, item
