"""Works as OpenAlex's interface and snapshot give them; the abstract is an inverted index."""

from collections.abc import Mapping
from typing import Any

from kg.identity import arxiv_id_of_doi, find_arxiv_id, normalise_doi
from kg.read.fields import (
    FieldError,
    Fields,
    Placed,
    checked,
    date_of,
    is_withdrawn,
    text_of,
    year_of,
)
from kg.records import Author, Paper, Reference

__all__ = ["convert", "matches"]

_ADDRESS = "https://openalex.org/"
_MAX_WORDS = 100_000


def matches(obj: Fields) -> bool:
    """Tell whether an object is an OpenAlex work."""
    return "abstract_inverted_index" in obj or str(obj.get("id")).startswith(_ADDRESS)


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that a work holds; `referenced_works` are what it cites."""
    identity = _short(obj.get("id"))
    doi = normalise_doi(text_of(obj.get("doi"), "doi") or "")
    abstract = _abstract(obj.get("abstract_inverted_index"))
    place: Any = obj.get("primary_location")
    place = place if isinstance(place, Mapping) else {}
    venue: Any = place.get("source")
    url = text_of(place.get("landing_page_url"), "landing_page_url")
    paper = Paper(
        id=identity or "",
        title=text_of(obj.get("title") or obj.get("display_name"), "title") or "",
        abstract=abstract,
        year=year_of(obj.get("publication_year"), "publication_year"),
        date=date_of(obj.get("publication_date"), "publication_date"),
        venue=text_of(venue.get("display_name"), "venue") if isinstance(venue, Mapping) else None,
        authors=_authors(obj.get("authorships")),
        arxiv_id=(arxiv_id_of_doi(doi) if doi else None) or (find_arxiv_id(url) if url else None),
        doi=doi,
        url=url,
        keywords=_names(obj.get("keywords")),
        topics=_names(obj.get("topics")),
        references=_references(obj.get("referenced_works")),
        source_ids=(identity,) if identity else (),
        withdrawn=obj.get("is_retracted") is True or is_withdrawn(abstract),
    )
    return checked(paper, where)


def _short(value: object) -> str | None:
    text = text_of(value, "id")
    return f"openalex:{text.removeprefix(_ADDRESS)}" if text else None


def _abstract(index: object) -> str:
    """Rebuild an abstract from {word: [positions]}."""
    if index is None:
        return ""
    if not isinstance(index, Mapping):
        raise FieldError(f"abstract_inverted_index: {index!r:.80} is no object")
    words: dict[int, str] = {}
    for word, positions in index.items():
        for position in positions if isinstance(positions, list) else ():
            if not isinstance(position, int) or not 0 <= position < _MAX_WORDS:
                raise FieldError(f"abstract_inverted_index: {position!r:.80} is no position")
            words[position] = word
    return " ".join(words[position] for position in sorted(words))


def _authors(value: object) -> tuple[Author, ...]:
    found = []
    for item in value if isinstance(value, list) else ():
        author: Any = item.get("author") if isinstance(item, Mapping) else None
        name = (
            text_of(author.get("display_name"), "author") if isinstance(author, Mapping) else None
        )
        if name is not None:
            orcid = text_of(author.get("orcid"), "orcid")
            identity = orcid.rsplit("/", 1)[-1] if orcid else _short(author.get("id"))
            found.append(Author(name=name, id=identity))
    return tuple(dict.fromkeys(found))


def _names(value: object) -> tuple[str, ...]:
    items = [x for x in value if isinstance(x, Mapping)] if isinstance(value, list) else []
    return tuple(dict.fromkeys(str(x["display_name"]) for x in items if x.get("display_name")))


def _references(value: object) -> tuple[Reference, ...]:
    cited = [_short(x) for x in value if x] if isinstance(value, list) else []
    return tuple(Reference(id=identity) for identity in dict.fromkeys(cited) if identity)
