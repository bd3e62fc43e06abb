"""The arXiv metadata snapshot: one JSON object a line, millions of them.

The date is that of the first version; `update_date` is when arXiv touched the entry.
"""

from typing import Any

from kg.identity import normalise_arxiv_id, normalise_doi
from kg.read.fields import Fields, Placed, checked, date_of, is_withdrawn, text_of
from kg.read.latex import repair
from kg.records import Author, Paper
from kg.text import collapse_spaces

__all__ = ["convert", "matches"]


def matches(obj: Fields) -> bool:
    """Tell whether an object is an entry of the snapshot."""
    return "authors_parsed" in obj or ("versions" in obj and "update_date" in obj)


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that an entry holds, LaTeX leftovers repaired."""
    own_id = text_of(obj.get("id"), "id") or ""
    abstract = text_of(obj.get("abstract"), "abstract") or ""
    venue = text_of(obj.get("journal-ref"), "journal-ref")
    arxiv_id = normalise_arxiv_id(own_id)
    paper = Paper(
        id=arxiv_id or own_id,
        title=repair(text_of(obj.get("title"), "title") or ""),
        abstract=repair(abstract),
        date=_submitted(obj),
        venue=repair(venue) if venue else None,
        authors=_authors(obj),
        arxiv_id=arxiv_id,
        doi=normalise_doi((text_of(obj.get("doi"), "doi") or "").split(" ")[0]),
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        topics=tuple((text_of(obj.get("categories"), "categories") or "").split()),
        withdrawn=is_withdrawn(abstract.strip(), text_of(obj.get("comments"), "comments")),
    )
    return checked(paper, where)


def _submitted(obj: Fields) -> str | None:
    versions: Any = obj.get("versions")
    if isinstance(versions, list) and versions and isinstance(versions[0], dict):
        return date_of(versions[0].get("created"), "versions[0].created")
    return date_of(obj.get("update_date"), "update_date")


def _authors(obj: Fields) -> tuple[Author, ...]:
    parsed: Any = obj.get("authors_parsed")
    if not isinstance(parsed, list):
        return ()
    names = []
    for parts in parsed:
        last, first, suffix = ([str(part or "") for part in parts] + ["", "", ""])[:3]
        names.append(repair(collapse_spaces(f"{first} {last} {suffix}")))
    return tuple(Author(name=name) for name in dict.fromkeys(names) if name)
