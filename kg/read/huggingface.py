"""Daily papers as the Hugging Face interface and page data give them: arXiv ids and summaries."""

from collections.abc import Mapping
from typing import Any

from kg.identity import normalise_arxiv_id
from kg.read.fields import (
    Fields,
    Placed,
    authors_of,
    checked,
    date_of,
    is_withdrawn,
    text_of,
    words_of,
)
from kg.read.latex import repair
from kg.records import Paper

__all__ = ["convert", "matches"]


def matches(obj: Fields) -> bool:
    """Tell whether an object is a daily paper, or an entry that holds one."""
    inner: Any = obj.get("paper", obj)
    return isinstance(inner, Mapping) and "summary" in inner and "publishedAt" in {*inner, *obj}


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that an entry holds, LaTeX leftovers repaired."""
    inner: Fields = {**obj, **obj["paper"]} if isinstance(obj.get("paper"), Mapping) else obj
    own_id = text_of(inner.get("id"), "id") or ""
    arxiv_id = normalise_arxiv_id(own_id)
    summary = text_of(inner.get("summary"), "summary") or ""
    paper = Paper(
        id=arxiv_id or own_id,
        title=repair(text_of(inner.get("title"), "title") or ""),
        abstract=repair(summary),
        date=date_of(inner.get("publishedAt"), "publishedAt"),
        authors=authors_of(_visible(inner.get("authors"))),
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None,
        keywords=words_of(inner.get("ai_keywords"), "ai_keywords"),
        code=words_of(inner.get("githubRepo"), "githubRepo"),
        withdrawn=is_withdrawn(summary),
    )
    return checked(paper, where)


def _visible(authors: object) -> object:
    """Return authors by name alone: their `_id` names an entry of this one page."""
    if not isinstance(authors, list):
        return authors
    return [a.get("name") if isinstance(a, Mapping) else a for a in authors]
