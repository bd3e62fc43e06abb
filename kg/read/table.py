"""A generic paper: an object or a row with `title` and `abstract`, everything else optional.

Title and abstract are taken exactly as they are, so that offsets into them stay true.
"""

import re
from collections.abc import Iterable
from typing import Any

from kg.identity import find_arxiv_id, normalise_arxiv_id, normalise_doi
from kg.read.fields import (
    FieldError,
    Fields,
    Placed,
    arxiv_id_in,
    authors_of,
    checked,
    date_of,
    doi_in,
    is_withdrawn,
    references_of,
    rejected,
    text_of,
    words_of,
    year_of,
)
from kg.records import Paper, Reason

__all__ = ["COLUMNS", "convert", "field_of", "is_header"]

COLUMNS = {
    "id": ("id", "paper_id"),
    "title": ("title", "paper_title"),
    "abstract": ("abstract", "summary", "paper_abstract"),
    "year": ("year", "publication_year", "published_year"),
    "date": ("date", "publication_date", "published", "published_at"),
    "venue": ("venue", "journal", "booktitle", "conference"),
    "authors": ("authors", "author"),
    "arxiv_id": ("arxiv_id", "arxiv", "eprint"),
    "doi": ("doi",),
    "url": ("url", "link"),
    "keywords": ("keywords", "keyword", "tags"),
    "topics": ("topics", "categories", "fields_of_study"),
    "code": ("code", "code_url", "github", "repository"),
    "references": ("references", "cites", "referenced_works"),
    "source_ids": ("source_ids",),
    "withdrawn": ("withdrawn", "retracted", "is_retracted"),
}
"""Each field of a Paper, and the columns that may hold it; letter case and `_` do not count."""

_ALIASES = {re.sub(r"[\W_]+", "", a): field for field, names in COLUMNS.items() for a in names}
_TRUE = {"true", "yes", "1", "withdrawn", "retracted"}
_FALSE = {"", "false", "no", "0"}


def field_of(column: str) -> str | None:
    """Return the Paper's field that a column holds, or None."""
    return _ALIASES.get(re.sub(r"[\W_]+", "", column).lower())


def is_header(columns: Iterable[str]) -> bool:
    """Tell whether a table's first row names its columns: one of them is the title."""
    found = [field_of(column) for column in columns]
    return "title" in found and len(found) > 1


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that a row or an object holds."""
    row: dict[str, Any] = {}
    for column, value in obj.items():
        field = field_of(column)
        if field is not None and value not in (None, "") and row.get(field) is None:
            row[field] = value
    if "title" not in row:
        detail = f"no `title` among {', '.join(map(str, obj)) or 'no fields'}"
        return rejected(Reason.NO_TITLE, where, f"{detail:.120}")
    own_id = text_of(row.get("id"), "id")
    url = text_of(row.get("url"), "url")
    abstract = _string(row, "abstract")
    paper = Paper(
        id=own_id.strip() if own_id else "",
        title=_string(row, "title"),
        abstract=abstract,
        year=year_of(row.get("year")),
        date=date_of(row.get("date")),
        venue=text_of(row.get("venue"), "venue"),
        authors=authors_of(row.get("authors")),
        arxiv_id=arxiv_id_in(row.get("arxiv_id"), "arxiv_id") or _implied_arxiv_id(own_id, url),
        doi=doi_in(row.get("doi"), "doi") or (normalise_doi(own_id) if own_id else None),
        url=url,
        keywords=words_of(row.get("keywords"), "keywords"),
        topics=words_of(row.get("topics"), "topics"),
        code=words_of(row.get("code"), "code"),
        references=references_of(row.get("references")),
        source_ids=words_of(row.get("source_ids"), "source_ids"),
        withdrawn=_flag(row.get("withdrawn"), "withdrawn") or is_withdrawn(abstract),
    )
    return checked(paper, where)


def _string(row: Fields, field: str) -> str:
    value = row.get(field, "")
    if not isinstance(value, str):
        raise FieldError(f"{field}: {value!r:.80} is no text")
    return value


def _implied_arxiv_id(own_id: str | None, url: str | None) -> str | None:
    named = normalise_arxiv_id(own_id) if own_id is not None else None
    return named or (find_arxiv_id(url) if url is not None else None)


def _flag(value: object, field: str) -> bool:
    word = str(value if value is not None else "").strip().lower()
    if word not in _TRUE | _FALSE:
        raise FieldError(f"{field}: {value!r:.80} is neither true nor false")
    return word in _TRUE
