"""Daily papers as Hugging Face gives them: as JSON, and inside the HTML of the page."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import InputError
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
from kg.read.source import Source
from kg.records import Paper

__all__ = ["convert", "matches", "objects_in_html"]

_PROPS = re.compile(r'data-target="DailyPapers"[^>]*?\sdata-props="([^"]*)"')


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


def objects_in_html(source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries that the HTML of a daily-papers page carries as data.

    Raises
    ------
    InputError
        The page carries none.
    """
    found = _PROPS.search(source.lines.read())
    entries = _entries(found[1]) if found else None
    if entries is None:
        message = f"{source.name}: HTML without daily papers: copy the page's text into a file"
        raise InputError(message)
    for i, entry in enumerate(entries):
        if isinstance(entry, dict):
            yield f"{source.name}#{i}", entry


def _entries(escaped: str) -> list[Any] | None:
    """Return the list in the page's data, which may be escaped twice."""
    for text in (html.unescape(escaped), html.unescape(html.unescape(escaped))):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and isinstance(value.get("dailyPapers"), list):
            return list(value["dailyPapers"])
    return None
