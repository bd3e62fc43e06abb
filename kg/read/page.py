"""The text of a daily-papers page as a person copies it: a title line, an abstract line, and so on.

What stands where is told from the lines alone: an abstract is long, or a sentence of some length
under a title; the line before it is the title. Short lines that belong to no abstract are the
page's own (its header, dates, buttons); one that reads like a title is rejected as a paper
without abstract. Line ends, blank lines and hard wrapping do not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, takewhile, zip_longest

from kg.read.fields import Placed, checked, is_withdrawn, rejected
from kg.read.latex import repair
from kg.read.source import Source
from kg.records import Paper, Reason

__all__ = ["read"]

_LONG_CHARS = 300
_SENTENCE_WORDS = 12
_TITLE_WORDS = 4
_MAX_TITLE_WORDS = 40
_WRAP_MIN, _WRAP_MAX = 50, 120
_MAX_ABSTRACT_CHARS = 2000
"""arXiv allows 1,920; what is longer is two abstracts, the second without its title."""

_HEADING = re.compile(r"daily papers?", re.IGNORECASE)
_FURNITURE = re.compile(
    r"[\W\d_]*"
    r"|(?:\W*\d+\s*)?(?:authors?|comments?|upvotes?|likes?|views?|papers?|replies|days? ago)"
    r"|(?:submitted|published|posted|upvoted)(?: (?:by|on|at)\b.{0,60})?|by(?-i:[A-Z]).{0,60}"
    r"|(?:view|open|read|download|get|copy|save) (?:the )?(?:paper|pdf|arxiv|abstract|page).{0,30}"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.{0,20}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.? \d{1,2}(?:,? \d{4})?"
    r"|\d{1,2} [a-z]{3,9}\.?(?: \d{4})?|\d{4}-\d\d-\d\d"
    r"|daily papers?|abstract|ai-generated summary|subscribe|new|trending|sign up|log ?in|©.*",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(r"submitted by", re.IGNORECASE)
_ADDRESSES = ("http://", "https://")
_NO_TITLE = re.compile(r"https?://|www\.|©|@\w|!$|^\W*by(?:[A-Z]|\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of text, or the lines of a hard-wrapped paragraph, with its number in the file."""

    number: int
    text: str

    @property
    def n_words(self) -> int:
        return len(self.text.split())

    @property
    def is_long(self) -> bool:
        return len(self.text) >= _LONG_CHARS

    @property
    def is_sentence(self) -> bool:
        return self.n_words >= _SENTENCE_WORDS and self.text.endswith((".", ".)", '."'))


def read(source: Source) -> Iterator[Placed]:
    """Yield the papers of a page, in their order; the page is held in memory."""
    lines = _unwrapped(
        [_Line(number=n, text=line.strip()) for n, line in enumerate(source.lines, 1)]
    )
    start = _end_of_header(lines)
    times = Counter(line.text for line in lines)
    own = {text for text, n in times.items() if n > 1} | {line.text for line in lines[:start]}
    body = _without_furniture(lines[start:])
    n_papers = 0
    for item in _papers(body, source.name, page_lines=own, has_heading=start > 0):
        n_papers += isinstance(item[1], Paper)
        yield item
    if n_papers == 0:
        detail = "no title with an abstract below it: is this the text of a daily-papers page?"
        yield rejected(Reason.MALFORMED, f"{source.name}:1", detail)


def _without_furniture(lines: Sequence[_Line]) -> list[_Line]:
    kept = []
    above = ""
    for line in lines:
        is_name = _BEFORE_NAME.fullmatch(above) is not None
        if not is_name and _FURNITURE.fullmatch(line.text) is None:
            kept.append(line)
        above = line.text
    return kept


def _unwrapped(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines that are not blank; where all are short, hard-wrapped paragraphs joined."""
    if any(len(line.text) > _WRAP_MAX for line in lines):
        return [line for line in lines if line.text]
    joined = []
    for blank, block in groupby(lines, key=lambda line: not line.text):
        paragraph = list(block)
        if blank:
            continue
        full = [len(line.text) for line in paragraph[:-1]]
        if not full or sum(full) >= _WRAP_MIN * len(full):
            paragraph = [replace(paragraph[0], text=" ".join(line.text for line in paragraph))]
        joined += paragraph
    return joined


def _end_of_header(lines: Sequence[_Line]) -> int:
    """Return the index after the page's heading, 0 where it has none above the papers."""
    headings = [i for i, line in enumerate(lines) if _HEADING.fullmatch(line.text)]
    if not headings:
        return 0
    n_above = sum(line.is_long for line in lines[: headings[0]])
    n_below = sum(line.is_long for line in lines[headings[0] :])
    return headings[0] + 1 if n_above < n_below else 0


def _papers(
    body: Sequence[_Line], name: str, *, page_lines: set[str], has_heading: bool
) -> Iterator[Placed]:
    title: _Line | None = None
    texts: list[str] = []
    for above, abstract in _entries(body):
        if title and abstract and not above and _fits(texts, abstract):
            texts.append(abstract.text)
            continue
        others = above[:-1] if abstract else above
        if title:
            texts += [line.text for line in takewhile(_goes_on, others)]
            yield _paper(title, texts, name)
        if title or has_heading:
            yield from _untold(others, name, page_lines, after_paper=title is not None)
        title, texts = (above[-1], [abstract.text]) if abstract and above else (None, [])
        if abstract and not above:
            yield rejected(Reason.NO_TITLE, f"{name}:{abstract.number}", f"{abstract.text!r:.120}")


def _entries(body: Sequence[_Line]) -> Iterator[tuple[list[_Line], _Line | None]]:
    """Yield each abstract after the short lines above it, and at last those below them all."""
    above: list[_Line] = []
    for line, following in zip_longest(body, body[1:]):
        if line and _is_abstract(line, above, following):
            yield above, line
            above = []
        elif line:
            above.append(line)
    yield above, None


def _fits(texts: Sequence[str], paragraph: _Line) -> bool:
    """Tell whether a paragraph may go on with an abstract, whose length arXiv limits."""
    return sum(map(len, texts)) + len(paragraph.text) <= _MAX_ABSTRACT_CHARS


def _is_abstract(line: _Line, waiting: Sequence[_Line], following: _Line | None) -> bool:
    if line.is_long:
        return True
    before_long = following is not None and following.is_long
    return line.is_sentence and not before_long and bool(waiting) and waiting[-1].n_words > 1


def _goes_on(line: _Line) -> bool:
    """Tell whether a line below an abstract belongs to it: a whole sentence, or an address."""
    if line.n_words <= _TITLE_WORDS:
        return False
    last_word = line.text.split()[-1]
    return last_word.rstrip(")]\"'”’").endswith(".") or last_word.startswith(_ADDRESSES)


def _untold(
    lines: Sequence[_Line], name: str, page_lines: set[str], *, after_paper: bool
) -> Iterator[Placed]:
    """Yield what reads like a title, but has no abstract below it."""
    for line in dropwhile(_goes_on, lines) if after_paper else lines:
        is_title = _TITLE_WORDS <= line.n_words <= _MAX_TITLE_WORDS
        if is_title and line.text not in page_lines and not _NO_TITLE.search(line.text):
            yield rejected(Reason.NO_ABSTRACT, f"{name}:{line.number}", f"{line.text!r:.120}")


def _paper(title: _Line, abstract: Sequence[str], name: str) -> Placed:
    text = " ".join(abstract)
    paper = Paper(
        id="", title=repair(title.text), abstract=repair(text), withdrawn=is_withdrawn(text)
    )
    return checked(paper, f"{name}:{title.number}")
