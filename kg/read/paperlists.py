"""Conference lists with submissions of every status: only what was accepted is read.

Authors are one string with `;` between; the year and the venue stand in the file's name alone.
"""

import re

from kg.read.fields import (
    Fields,
    Placed,
    authors_of,
    checked,
    is_withdrawn,
    rejected,
    text_of,
    words_of,
)
from kg.records import Paper, Reason

__all__ = ["convert", "matches"]

_TURNED_DOWN = re.compile(r"reject|withdr|retract", re.IGNORECASE)
_FILE = re.compile(r"(?P<venue>[\w-]*?[A-Za-z])[-_ ]?(?P<year>(?:19|20)\d\d)(?!\d)")


def matches(obj: Fields) -> bool:
    """Tell whether an object is an entry of such a list."""
    return "status" in obj and (
        "site" in obj or "track" in obj or isinstance(obj.get("author"), str)
    )


def convert(obj: Fields, where: str, *, stem: str) -> Placed:
    """Return the paper that an entry holds; `stem` is the file's name without suffix."""
    title = text_of(obj.get("title"), "title") or ""
    status = text_of(obj.get("status"), "status") or ""
    if _TURNED_DOWN.search(status):
        return rejected(Reason.NOT_ACCEPTED, where, f"{title!r:.80} has the status {status!r:.40}")
    file = _FILE.search(stem)
    own_id = text_of(obj.get("id"), "id") or ""
    abstract = text_of(obj.get("abstract"), "abstract") or ""
    paper = Paper(
        id=own_id,
        title=title,
        abstract=abstract,
        year=int(file["year"]) if file else None,
        venue=file["venue"].strip("-_").upper() if file else None,
        authors=authors_of(obj.get("author") or obj.get("authors"), "author"),
        url=text_of(obj.get("site"), "site") or text_of(obj.get("pdf"), "pdf"),
        keywords=words_of(obj.get("keywords"), "keywords"),
        topics=words_of(obj.get("primary_area"), "primary_area"),
        code=words_of(obj.get("github"), "github"),
        withdrawn=is_withdrawn(abstract),
    )
    return checked(paper, where)
