"""Papers as Semantic Scholar's interface and dumps give them."""

from collections.abc import Mapping
from typing import Any

from kg.identity import normalise_arxiv_id, normalise_doi
from kg.read.fields import (
    Fields,
    Placed,
    authors_of,
    checked,
    date_of,
    is_withdrawn,
    text_of,
    year_of,
)
from kg.records import Author, Paper, Reference

__all__ = ["convert", "matches"]


def matches(obj: Fields) -> bool:
    """Tell whether an object has a Semantic Scholar id."""
    return "paperId" in obj or "corpusid" in obj


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that an object holds; `references[].paperId` are what it cites."""
    ids = _external_ids(obj)
    abstract = text_of(obj.get("abstract"), "abstract") or ""
    own_id = _own_id(obj)
    paper = Paper(
        id=own_id or "",
        title=text_of(obj.get("title"), "title") or "",
        abstract=abstract,
        year=year_of(obj.get("year")),
        date=date_of(obj.get("publicationDate"), "publicationDate"),
        venue=text_of(obj.get("venue"), "venue"),
        authors=_authors(obj.get("authors")),
        arxiv_id=normalise_arxiv_id(ids.get("ArXiv", "")),
        doi=normalise_doi(ids.get("DOI", "")),
        url=text_of(obj.get("url"), "url"),
        topics=_topics(obj.get("fieldsOfStudy")),
        references=_references(obj.get("references")),
        source_ids=_source_ids(own_id, ids),
        withdrawn=is_withdrawn(abstract),
    )
    return checked(paper, where)


def _external_ids(obj: Fields) -> dict[str, str]:
    found: Any = obj.get("externalIds") or obj.get("externalids")
    if not isinstance(found, Mapping):
        return {}
    return {str(key): str(value) for key, value in found.items() if value}


def _own_id(obj: Fields) -> str | None:
    value = text_of(obj.get("paperId"), "paperId")
    if value is not None:
        return f"s2:{value}"
    corpus_id = text_of(obj.get("corpusid"), "corpusid")
    return f"s2corpus:{corpus_id}" if corpus_id is not None else None


def _source_ids(own_id: str | None, ids: Mapping[str, str]) -> tuple[str, ...]:
    found = [own_id] if own_id else []
    for scheme, prefix in (("ACL", "acl"), ("DBLP", "dblp"), ("CorpusId", "s2corpus")):
        if scheme in ids:
            found.append(f"{prefix}:{ids[scheme]}")
    return tuple(dict.fromkeys(found))


def _authors(value: object) -> tuple[Author, ...]:
    if not isinstance(value, list):
        return authors_of(value)
    known = [a for a in value if isinstance(a, Mapping) and a.get("name")]
    return authors_of([{"name": a["name"], "id": _author_id(a.get("authorId"))} for a in known])


def _author_id(value: object) -> str | None:
    return f"s2:{value}" if value else None


def _topics(value: object) -> tuple[str, ...]:
    return tuple(str(x) for x in value if x) if isinstance(value, list) else ()


def _references(value: object) -> tuple[Reference, ...]:
    found = []
    for item in value if isinstance(value, list) else ():
        cited: Any = item.get("citedPaper", item) if isinstance(item, Mapping) else None
        identity = _cited_id(cited) if isinstance(cited, Mapping) else None
        if identity is not None:
            title = text_of(cited.get("title"), "references[].title")
            found.append(Reference(id=identity, title=title))
    return tuple(dict.fromkeys(found))


def _cited_id(cited: Fields) -> str | None:
    ids = _external_ids(cited)
    known = normalise_arxiv_id(ids.get("ArXiv", "")) or normalise_doi(ids.get("DOI", ""))
    return known or _own_id(cited)
