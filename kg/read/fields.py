"""Lenient conversions of what sources give, into the fields of a Paper."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from kg.identity import arxiv_id_of_doi, normalise_arxiv_id, normalise_doi, normalise_id, paper_id
from kg.records import Author, Paper, Reason, Record, Reference, Rejected
from kg.records_json import paper_to_json, to_line
from kg.text import collapse_spaces, has_lone_surrogate

__all__ = [
    "FieldError",
    "Fields",
    "Placed",
    "arxiv_id_among",
    "arxiv_id_in",
    "authors_of",
    "checked",
    "date_of",
    "doi_in",
    "is_withdrawn",
    "references_of",
    "rejected",
    "text_of",
    "words_of",
    "year_of",
]

Fields = Mapping[str, Any]
"""One object of a JSON file, or one row of a table."""

_ARXIV = re.compile(r"(?:\barxiv\s*[: .]\s*|\babs/)([\w-]+(?:\.\w+)?(?:/\d+)?)", re.IGNORECASE)
_ENCODING_HELP = "save the file as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"
_SEPARATOR = re.compile(r"\s*[;|]\s*")
_ISO = re.compile(r"([1-9]\d{3})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ].*)?$")
_WITHDRAWN = re.compile(
    r"\W*(?:this|the) (?:paper|article|submission|work|manuscript|preprint|version)"
    r" (?:has been|is|was) (?:being )?(?:withdrawn|retracted)|\W*withdrawn\b",
    re.IGNORECASE,
)


Placed = tuple[str, Paper | Record | Rejected]
"""What a reader yields: the place ("file:line", "file#index") and what stands there."""


class FieldError(ValueError):
    """A field that cannot be read: the record that has it is rejected."""


def rejected(reason: Reason, where: str, detail: str) -> Placed:
    """Return a place with a Rejected, whose detail is one line."""
    return where, Rejected(reason=reason, where=where, detail=collapse_spaces(detail))


def checked(paper: Paper, where: str) -> Placed:
    """Return `paper` with its ids in normal form, or why it cannot be used."""
    if has_lone_surrogate(to_line(paper_to_json(paper))):
        shown = paper.title.encode("utf-8", "backslashreplace").decode()
        detail = f"{shown!r:.80} holds bytes or code points that are no text: {_ENCODING_HELP}"
        return rejected(Reason.BAD_ENCODING, where, detail)
    if not paper.title.strip():
        return rejected(Reason.NO_TITLE, where, f"{paper.id or paper.abstract!r:.80}")
    if not paper.abstract.strip() and not paper.references:
        return rejected(Reason.NO_ABSTRACT, where, f"{paper.title!r:.120}")
    arxiv_id = paper.arxiv_id or (arxiv_id_of_doi(paper.doi) if paper.doi else None)
    paper = replace(paper, arxiv_id=arxiv_id, year=paper.year or _year_in(paper.date))
    return where, paper if paper.id else replace(paper, id=paper_id(paper))


def text_of(value: object, name: str) -> str | None:
    """Return a string, or a number as one; None where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise FieldError(f"{name}: {value!r:.80} is no text")
    return value if value.strip() else None


def words_of(value: object, name: str) -> tuple[str, ...]:
    """Return a list of strings, given as a list or as a string with `;` or `|` between."""
    if isinstance(value, list | tuple):
        words = [collapse_spaces(text_of(item, name) or "") for item in value]
    else:
        text = text_of(value, name) or ""
        if (listed := _listed(text)) is not None:
            return words_of(listed, name)
        words = [collapse_spaces(word) for word in _SEPARATOR.split(text)]
        if len(words) == 1:
            words = [word.strip() for word in words[0].split(",")]
    return tuple(dict.fromkeys(word for word in words if word))


def year_of(value: object, name: str = "year") -> int | None:
    """Return a year, given as a number, a string, or a date."""
    text = text_of(value, name)
    if text is None:
        return None
    match = re.match(r"([1-9]\d{3})(?:\.0+)?(?:$|\D)", text.strip())
    if match is None:
        raise FieldError(f"{name}: {text!r:.80} is no year: write four digits")
    return int(match[1])


def date_of(value: object, name: str = "date") -> str | None:
    """Return an ISO date, month or year, given in ISO form or as in a mail header."""
    text = text_of(value, name)
    if text is None:
        return None
    match = _ISO.match(text.strip())
    try:
        if match is None:
            return parsedate_to_datetime(text).date().isoformat()
        year, month, day = match.groups()
        full = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError as err:
        raise FieldError(f"{name}: {text!r:.80} is no date: write YYYY-MM-DD") from err
    return full if day else full[:7] if month else full[:4]


def authors_of(value: object, name: str = "authors") -> tuple[Author, ...]:
    """Return authors, given as strings, as objects {name, id or orcid}, or as one string."""
    if isinstance(value, str):
        listed = _listed(value)
        value = _split_names(value) if listed is None else listed
    found = [_author(item, name) for item in _items(value, name)]
    return tuple(dict.fromkeys(author for author in found if author is not None))


def references_of(value: object, name: str = "references") -> tuple[Reference, ...]:
    """Return cited works, given as ids or as objects {id, title}."""
    if isinstance(value, str):
        value = _listed(value) or words_of(value, name)
    found = [_reference(item, name) for item in _items(value, name)]
    return tuple(dict.fromkeys(reference for reference in found if reference is not None))


def is_withdrawn(*texts: str | None) -> bool:
    """Tell whether an abstract or a comment begins by saying that the paper is withdrawn."""
    return any(text is not None and _WITHDRAWN.match(text) is not None for text in texts)


def _items(value: object, name: str) -> Iterable[object]:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ()
    if isinstance(value, list | tuple):
        return value
    raise FieldError(f"{name}: {value!r:.80} is no list")


def _listed(text: str) -> list[object] | None:
    """Return the list that a cell of a table spells as JSON, or None."""
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, list) else None


def _split_names(text: str) -> list[str]:
    """Split "A; B", "A and B" and "A B, C D"; "Last, First" is one name."""
    for separator in (";", "|", "\n", " and ", " & "):
        if separator in text:
            parts = [part.strip(" ,\t\r\n") for part in text.split(separator)]
            if separator in " and & ":
                return [name for part in parts for name in _split_commas(part)]
            return parts
    return _split_commas(text)


def _split_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    return parts if all(" " in part for part in parts) else [text]


def _author(item: object, field: str) -> Author | None:
    if isinstance(item, dict):
        name = text_of(item.get("name"), f"{field}.name")
        own_id = next((item[key] for key in ("orcid", "id") if item.get(key)), None)
        identity = text_of(own_id, f"{field}.id")
    else:
        name, identity = text_of(item, field), None
    if name is None:
        return None
    if identity is not None:
        identity = re.sub(r"^https?://(?:www\.)?orcid\.org/", "", identity.strip())
    return Author(name=collapse_spaces(name), id=identity or None)


def _reference(item: object, field: str) -> Reference | None:
    title = None
    if isinstance(item, dict):
        title = text_of(item.get("title"), f"{field}.title")
        item = next((item[k] for k in ("id", "arxiv_id", "doi") if item.get(k)), None)
    identity = text_of(item, field)
    if identity is None:
        return None
    return Reference(id=normalise_id(identity), title=title and collapse_spaces(title))


def _year_in(iso_date: str | None) -> int | None:
    return int(iso_date[:4]) if iso_date else None


def arxiv_id_in(value: object, name: str) -> str | None:
    """Return an arXiv id without version; a value that is none is an error."""
    text = text_of(value, name)
    if text is None:
        return None
    found = normalise_arxiv_id(text)
    if found is None:
        raise FieldError(f"{name}: {text!r:.80} is no arXiv id: write 2306.02707")
    return found


def arxiv_id_among(*texts: str) -> str | None:
    """Return the first arXiv id that a text names as one, as references do.

    >>> arxiv_id_among("arXiv preprint arXiv:2306.02707v2, 2023")
    '2306.02707'
    """
    found = (normalise_arxiv_id(match[1]) for text in texts for match in _ARXIV.finditer(text))
    return next((arxiv_id for arxiv_id in found if arxiv_id is not None), None)


def doi_in(value: object, name: str) -> str | None:
    """Return a DOI in normal form; a value that is none is an error."""
    text = text_of(value, name)
    if text is None:
        return None
    found = normalise_doi(text)
    if found is None:
        raise FieldError(f"{name}: {text!r:.80} is no DOI: write 10.1234/abc")
    return found
