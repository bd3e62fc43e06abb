"""The XML of the ACL Anthology: volumes of papers, with markup inside titles and abstracts."""

import re
from collections.abc import Iterator
from typing import Any

from kg.identity import normalise_doi
from kg.read.fields import Fields, Placed, checked, is_withdrawn, year_of
from kg.read.latex import repair
from kg.read.source import Source
from kg.read.xml_elements import Element, elements, words
from kg.records import Author, Paper

__all__ = ["anthology_id", "convert", "objects"]

_ADDRESS = "https://aclanthology.org/"
_ID = re.compile(
    r"(?:https?://(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)/)?"
    r"([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)(?:\.pdf)?/?"
)


def anthology_id(text: str) -> str | None:
    """Return the id that an address of the Anthology, or the bare id, names.

    >>> anthology_id("https://aclanthology.org/2020.acl-main.1/")
    '2020.acl-main.1'
    """
    found = _ID.fullmatch(text.strip())
    return found[1] if found else None


def objects(source: Source) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Return the fields of each paper of a collection, and a Rejected where the XML breaks off.

    Raises
    ------
    InputError
        The file is no collection.
    """
    return elements(source, _fields, root="collection", tag="paper")


def _fields(paper: Element) -> dict[str, Any]:
    volume = paper.getparent()
    meta = volume.find("meta")
    return {
        "id": _own_id(paper, volume),
        "title": _flat(paper.find("title")),
        "abstract": _flat(paper.find("abstract")),
        "authors": [_author(author) for author in paper.iterfind("author")],
        "doi": words(paper.find("doi")),
        "year": words(paper.find("year")) or (words(meta.find("year")) if meta is not None else ""),
        "venue": _flat(meta.find("booktitle")) if meta is not None else "",
        "withdrawn": paper.find("retracted") is not None or paper.find("removed") is not None,
    }


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that an entry holds, markup and LaTeX leftovers repaired."""
    abstract = repair(obj["abstract"])
    own_id = f"acl:{obj['id']}" if obj["id"] else ""
    paper = Paper(
        id=own_id,
        title=repair(obj["title"]),
        abstract=abstract,
        year=year_of(obj["year"].strip()),
        venue=repair(obj["venue"]) or None,
        authors=tuple(dict.fromkeys(author for author in obj["authors"] if author.name)),
        doi=normalise_doi(obj["doi"]),
        url=_ADDRESS + obj["id"] if obj["id"] else None,
        source_ids=(own_id,) if own_id else (),
        withdrawn=obj["withdrawn"] or is_withdrawn(abstract),
    )
    return checked(paper, where)


def _own_id(paper: Element, volume: Element) -> str:
    """Return the paper's id: its address says it, else it is made of the numbers around it."""
    named = anthology_id(words(paper.find("url")))
    collection = volume.getparent().get("id", "") if volume.getparent() is not None else ""
    first, second = volume.get("id", ""), paper.get("id", "")
    if named is not None or not (collection and first and second):
        return named or ""
    if "." in collection:
        return f"{collection}-{first}.{second}"
    # Workshops have two digits for the volume, two for the paper; others one and three.
    in_pairs = collection.startswith("W") or collection == "C69"
    return (
        f"{collection}-{first:0>2}{second:0>2}" if in_pairs else f"{collection}-{first}{second:0>3}"
    )


def _author(element: Element) -> Author:
    name = f"{words(element.find('first'))} {words(element.find('last'))}"
    return Author(name=repair(name), id=element.get("orcid") or None)


def _flat(element: Element | None) -> str:
    """Return the text of an element: formulas as they are read, other markup left out."""
    if element is None:
        return ""
    pieces = [element.text or ""]
    for child in element:
        formula = child.tag == "tex-math"
        pieces.append(repair(f"${words(child)}$") if formula else _flat(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
