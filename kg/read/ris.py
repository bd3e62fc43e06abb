"""RIS references: a tag a line, from `TY` to `ER`.

The records are cut apart here, at `TY`: rispy drops a last one without `ER` and makes one of two
where an `ER` is missing. It reads what is between.
"""

import re
from collections.abc import Iterator
from typing import Any

from kg.identity import find_arxiv_id, normalise_doi
from kg.read.acl import anthology_id
from kg.read.fields import (
    Fields,
    Placed,
    arxiv_id_among,
    checked,
    date_of,
    is_withdrawn,
    rejected,
    words_of,
)
from kg.read.source import Source
from kg.records import Author, Paper, Reason
from kg.text import collapse_spaces

__all__ = ["START", "convert", "objects"]

START = re.compile(r"^TY  - ?", re.MULTILINE)
"""The beginning of a record."""

_END = "ER  - "
_DATE = re.compile(r"\s*([12]\d{3})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?")
_TITLES = ("title", "primary_title", "translated_title")
_ABSTRACTS = ("abstract", "notes_abstract")
_VENUES = (
    "secondary_title",
    "journal_name",
    "alternate_title3",
    "alternate_title2",
    "alternate_title1",
)
_PLACES = (*_VENUES, "doi", "urls", "notes", "note", "accession_number", "volume", "publisher")


def objects(source: Source) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield the tags of each record by rispy's names, and a Rejected for lines outside of any."""
    import rispy

    for number, lines in _records(source):
        where = f"{source.name}:{number}"
        if not START.match(lines[0]):
            detail = f"no TY tag before {lines[0].strip()!r:.60}: is this RIS?"
            yield rejected(Reason.MALFORMED, where, detail)
            continue
        inside = [line for line in lines if not line.startswith("ER  -")]
        (record,) = rispy.loads(
            "\n".join([*inside, _END]),
            skip_unknown_tags=True, enforce_list_tags=False, delimiter_tags_mapping={},
        )  # fmt: skip
        yield where, record


def _records(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines from each `TY` to the next, with the number of the first.

    Lines before the first `TY` count as a record only where they carry tags.
    """
    first, lines = 1, list[str]()
    for number, line in enumerate(source.lines, 1):
        if START.match(line):
            if _counts(lines):
                yield first, lines
            first, lines = number, []
        if lines or line.strip():
            first = first if lines else number
            lines.append(line.rstrip("\r\n"))
    if _counts(lines):
        yield first, lines


def _counts(lines: list[str]) -> bool:
    return any(re.match(r"[A-Z][A-Z0-9]  -", line) for line in lines)


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that a record holds; texts are taken as they are."""
    abstract = _first(obj, _ABSTRACTS)
    urls = _all(obj, "urls")
    year, date = _when(_first(obj, ("year", "publication_year")), _first(obj, ("date",)))
    acl_ids = [found for url in urls if (found := anthology_id(url)) is not None]
    dois = [normalise_doi(text) for text in (*_all(obj, "doi"), *urls)]
    paper = Paper(
        id="",
        title=_first(obj, _TITLES),
        abstract=abstract,
        year=year,
        date=date,
        venue=_first(obj, _VENUES) or None,
        authors=_authors(_all(obj, "authors") or _all(obj, "first_authors")),
        arxiv_id=next((found for url in urls if (found := find_arxiv_id(url))), None)
        or arxiv_id_among(*(text for key in _PLACES for text in _all(obj, key))),
        doi=next((doi for doi in dois if doi is not None), None),
        url=urls[0] if urls else None,
        keywords=words_of("; ".join(_all(obj, "keywords")), "keywords"),
        source_ids=tuple(f"acl:{found}" for found in dict.fromkeys(acl_ids)),
        withdrawn=is_withdrawn(abstract),
    )
    return checked(paper, where)


def _all(obj: Fields, key: str) -> list[str]:
    """Return what stands under a tag, which may stand more than once."""
    value = obj.get(key)
    values = value if isinstance(value, list) else [value]
    return [str(one).strip() for one in values if one and str(one).strip()]


def _first(obj: Fields, keys: tuple[str, ...]) -> str:
    """Return the text of the first tag that has one; paragraphs of one tag are joined."""
    return next((" ".join(_all(obj, key)) for key in keys if _all(obj, key)), "")


def _when(year: str, day: str) -> tuple[int | None, str | None]:
    """Return year and ISO date of "2023", "2023/06/01/" or "2023/06//summer"."""
    years, days = _DATE.match(year), _DATE.match(day)
    found = days or (years if years is not None and years[2] else None)
    iso = "-".join(part.zfill(2) for part in found.groups() if part) if found else None
    known = years or days
    return int(known[1]) if known else None, date_of(iso, "DA")


def _authors(names: list[str]) -> tuple[Author, ...]:
    """Return authors, "Last, First, Suffix" turned round."""
    turned = []
    for name in names:
        last, first, suffix = [*(part.strip() for part in name.split(",", 2)), "", ""][:3]
        turned.append(collapse_spaces(f"{first} {last} {suffix}"))
    return tuple(Author(name=name) for name in dict.fromkeys(turned) if name)
