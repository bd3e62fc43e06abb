"""The Atom feed of arXiv's interface: an entry a paper, its date that of the first version.

arXiv answers a wrong request with a feed too: one entry that is titled "Error".
"""

from collections.abc import Iterator
from typing import Any

from kg.identity import normalise_arxiv_id, normalise_doi
from kg.read.fields import Fields, Placed, checked, date_of, is_withdrawn, rejected
from kg.read.latex import repair
from kg.read.source import Source
from kg.read.xml_elements import Element, elements, words
from kg.records import Author, Paper, Reason
from kg.text import collapse_spaces

__all__ = ["NAMESPACE", "convert", "objects"]

NAMESPACE = "http://www.w3.org/2005/Atom"

_ATOM = f"{{{NAMESPACE}}}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


def objects(source: Source) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Return the fields of each entry of a feed, and a Rejected where the XML breaks off.

    Raises
    ------
    InputError
        The file is no feed.
    """
    return elements(source, _fields, root=f"{_ATOM}feed", tag=f"{_ATOM}entry")


def _fields(entry: Element) -> dict[str, Any]:
    names = ("id", "title", "summary", "published", "updated")
    extra = ("doi", "journal_ref", "comment")
    authors = [words(author.find(f"{_ATOM}name")) for author in entry.iterfind(f"{_ATOM}author")]
    categories = [one.get("term") or "" for one in entry.iterfind(f"{_ATOM}category")]
    return {
        **{name: words(entry.find(_ATOM + name)) for name in names},
        **{name: words(entry.find(_ARXIV + name)) for name in extra},
        "authors": authors,
        "categories": categories,
    }


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that an entry holds, LaTeX leftovers repaired."""
    own_id = obj["id"].strip()
    if obj["title"].strip() == "Error" and "/api/errors" in own_id:
        return rejected(Reason.ERROR_ENTRY, where, f"arXiv answered: {obj['summary']}")
    arxiv_id = normalise_arxiv_id(own_id)
    paper = Paper(
        id=arxiv_id or own_id,
        title=repair(obj["title"]),
        abstract=repair(obj["summary"]),
        date=date_of(obj["published"] or obj["updated"], "published"),
        venue=repair(obj["journal_ref"]) or None,
        authors=_authors(obj["authors"]),
        arxiv_id=arxiv_id,
        doi=normalise_doi((obj["doi"].split() or [""])[0]),
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        topics=tuple(dict.fromkeys(term for term in obj["categories"] if term)),
        withdrawn=is_withdrawn(obj["summary"].strip(), obj["comment"].strip()),
    )
    return checked(paper, where)


def _authors(names: list[str]) -> tuple[Author, ...]:
    tidy = (repair(collapse_spaces(name)) for name in names)
    return tuple(Author(name=name) for name in dict.fromkeys(tidy) if name)
