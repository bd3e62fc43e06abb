r"""BibTeX entries: names in every order, braces and LaTeX accents, `@string` abbreviations.

The text is cut where a line begins with `@`, as bibtexparser itself does after an error, so that a
long file is not held in memory whole. An entry's key is of its file alone, and no paper's id.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kg.identity import find_arxiv_id, normalise_arxiv_id, normalise_doi
from kg.read.acl import anthology_id
from kg.read.fields import (
    Fields,
    Placed,
    arxiv_id_among,
    authors_of,
    checked,
    is_withdrawn,
    rejected,
    words_of,
)
from kg.read.latex import repair
from kg.read.source import Source
from kg.records import Author, Paper, Reason
from kg.text import has_lone_surrogate

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.model import Block, ParsingFailedBlock

__all__ = ["BLOCK", "convert", "objects"]

BLOCK = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)
"""The beginning of an entry."""

_ENTRIES_AT_ONCE = 200
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_BRACES = re.compile(r"(?<!\\)[{}]")
_TEXT_BRACES = str.maketrans({"\ue000": "{", "\ue001": "}"})
_ADDRESS = re.compile(r"https?://[^\s{}\\]+(?:\\[_%#&~][^\s{}\\]+)*")


def objects(source: Source) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield the fields of each entry with its place, and a Rejected for a broken one."""
    strings: list[Block] = []
    for first_line, text in _portions(source.lines):
        library = _parsed(text, strings)
        strings = list(library.strings)
        for block in library.blocks:
            where = f"{source.name}:{first_line + (block.start_line or 0)}"
            yield from _object(block, where)


def _portions(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield runs of whole entries, each with the number of its first line."""
    portion: list[str] = []
    first, n_entries = 1, 0
    for number, line in enumerate(lines, 1):
        if BLOCK.match(line):
            n_entries += 1
            if n_entries > _ENTRIES_AT_ONCE:
                yield first, "".join(portion)
                portion, first, n_entries = [], number, 1
        portion.append(line)
    yield first, "".join(portion)


def _parsed(text: str, strings: "list[Block]") -> "Library":
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.library import Library

    with _without_log():
        return parse_string(text, library=Library(strings))


@contextmanager
def _without_log() -> Iterator[None]:
    """Keep the parser's log away: what it warns about is rejected with its reason."""
    log = logging.getLogger("bibtexparser")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)


def _object(block: Any, where: str) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield what a block holds; a key or a field that stands twice is no reason to reject it."""
    from bibtexparser.model import Entry, ParsingFailedBlock

    entry = block
    if isinstance(block, ParsingFailedBlock):
        entry = block.ignore_error_block
        if entry is None:
            yield rejected(Reason.MALFORMED, where, _why(block))
    if isinstance(entry, Entry):
        fields = {"type": entry.entry_type, "key": entry.key}
        for field in reversed(entry.fields):
            fields[field.key.lower()] = str(field.value)
        yield where, fields


def _why(block: "ParsingFailedBlock") -> str:
    reason = getattr(block.error, "abort_reason", block.error)
    return f"no BibTeX entry ({reason}): {block.raw or ''!r:.60}"


def convert(obj: Fields, where: str) -> Placed:
    """Return the paper that an entry holds; braces are left out, LaTeX is read."""
    abstract = _plain(obj.get("abstract"))
    address = _ADDRESS.search(obj.get("url") or obj.get("howpublished") or "")
    url = _unescaped(address[0]) if address else None
    acl_id = anthology_id(url) if url else None
    doi = normalise_doi(_unescaped(_BRACES.sub("", obj.get("doi") or "")))
    year = _YEAR.search(obj.get("year") or obj.get("date") or "")
    venue = next((obj[k] for k in ("journal", "journaltitle", "booktitle") if obj.get(k)), None)
    paper = Paper(
        id="",
        title=_plain(obj.get("title")),
        abstract=abstract,
        year=int(year[0]) if year else None,
        venue=_plain(venue) or None,
        authors=_authors(obj.get("author") or ""),
        arxiv_id=_arxiv_id(obj, url),
        doi=doi,
        url=url,
        keywords=words_of(_plain(obj.get("keywords")), "keywords"),
        source_ids=(f"acl:{acl_id}",) if acl_id else (),
        withdrawn=is_withdrawn(abstract, _plain(obj.get("note"))),
    )
    return checked(paper, where)


def _arxiv_id(obj: Fields, url: str | None) -> str | None:
    kind = (obj.get("archiveprefix") or obj.get("eprinttype") or "arxiv").strip("{} ").lower()
    eprint = _BRACES.sub("", obj.get("eprint") or "")
    named = normalise_arxiv_id(eprint) if kind == "arxiv" and eprint else None
    texts = [_BRACES.sub("", obj.get(key) or "") for key in ("journal", "volume", "note")]
    return named or (find_arxiv_id(url) if url else None) or arxiv_id_among(*texts)


def _plain(value: str | None) -> str:
    r"""Return a value as it is read: LaTeX repaired, braces left out, but not `\{` and `\}`."""
    if not value:
        return ""
    kept = value.replace(r"\{", "\ue000").replace(r"\}", "\ue001")
    return _BRACES.sub("", repair(kept)).translate(_TEXT_BRACES)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([_%#&~])", r"\1", text)


def _authors(value: str) -> tuple[Author, ...]:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    if has_lone_surrogate(value):
        return (Author(name=value),)
    persons = split_multiple_persons_names(value)
    names = [name for person in persons for name in _names(person)]
    return tuple(Author(name=name) for name in dict.fromkeys(names) if name)


def _names(person: str) -> list[str]:
    """Return a name, "Last, First" turned round; commas where an `and` should be part names."""
    from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

    if person.strip().lower() == "others":
        return []
    listed = [author.name for author in authors_of(_plain(person))]
    if person.count(",") > 1 and len(listed) > 1:
        return listed
    try:
        parts = parse_single_name_into_parts(person)
    except InvalidNameError:
        return listed
    return [_plain(" ".join([*parts.first, *parts.von, *parts.last, *parts.jr]))]
