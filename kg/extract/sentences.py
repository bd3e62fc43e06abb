"""Split a paper's text into sentences, abbreviations and version numbers left whole."""

import re
from itertools import pairwise

from kg.extract.state import Span

__all__ = ["sentence_at", "split_sentences"]

_NEVER_LAST = frozenset(
    [
        "e.g",
        "i.e",
        "eg",
        "ie",
        "cf",
        "vs",
        "fig",
        "figs",
        "eq",
        "eqs",
        "eqn",
        "sec",
        "sect",
        "tab",
        "no",
        "nos",
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "st",
        "approx",
        "resp",
        "ca",
        "ref",
        "refs",
        "app",
        "ch",
        "vol",
        "pp",
        "viz",
        "w.r.t",
        "a.k.a",
        "incl",
        "esp",
        "ver",
        "v",
        "seq",
        "max",
        "min",
        "avg",
    ]
)
_SOMETIMES_LAST = frozenset(
    [
        "al",
        "etc",
        "inc",
        "ltd",
        "corp",
        "co",
        "jr",
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "a.i",
        "p.m",
        "a.m",
        "ph.d",
        "dept",
        "univ",
    ]
)
_OPENERS = frozenset(
    [
        "the",
        "a",
        "an",
        "we",
        "our",
        "in",
        "this",
        "these",
        "those",
        "that",
        "it",
        "its",
        "they",
        "their",
        "there",
        "however",
        "moreover",
        "furthermore",
        "to",
        "for",
        "by",
        "on",
        "with",
        "from",
        "as",
        "at",
        "here",
        "finally",
        "additionally",
        "experiments",
        "results",
        "extensive",
        "existing",
        "recent",
        "specifically",
        "while",
        "although",
        "when",
        "such",
        "code",
        "compared",
        "unlike",
        "despite",
        "since",
        "both",
    ]
)
_END = re.compile(
    r"""[.!?]+["'’”)\]}]*(?=\s+["'“‘(\[{`$\\]*(?:[A-Z0-9\u0370-\u03ff]|[a-z]+[A-Z\d]|\\|\$))"""
    r"""|[.!?]+["'’”)\]}]*(?=\s*\n\s*\n)"""
    r"""|(?<=[a-z)\]%]{2})[.!?](?=[A-Z][a-z]*\s)"""
)
_WORD_BEFORE = re.compile(r"[^\s(\[{“\"'‘]*$")
_WORD_AFTER = re.compile(r"\s*[\"'“‘(\[{`]*(\w+)")
_INITIAL = re.compile(r"(?:[A-Z]\.)*[A-Z]")


def split_sentences(text: str, title_end: int = 0) -> list[Span]:
    r"""Return the sentences of `text` in order; the first `title_end` characters are one.

    >>> text = "A title\n\nWe use v1.5, e.g. GPT-4. It wins."
    >>> [text[a:b] for a, b in split_sentences(text, 7)]
    ['A title', 'We use v1.5, e.g. GPT-4.', 'It wins.']
    """
    bounds = [0, title_end] if title_end else [0]
    bounds += [m.end() for m in _END.finditer(text, title_end) if _is_end(text, m)]
    bounds.append(len(text))
    sentences = []
    for start, end in pairwise(bounds):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = end - (len(piece) - len(piece.rstrip()))
        if left < right:
            sentences.append((left, right))
    return sentences


def sentence_at(sentences: list[Span], offset: int) -> Span | None:
    """Return the sentence that holds `offset`."""
    return next(((a, b) for a, b in sentences if a <= offset < b), None)


def _is_end(text: str, end: re.Match[str]) -> bool:
    if end.group()[0] != "." or end.group().startswith(".."):
        return True
    found = _WORD_BEFORE.search(text, max(0, end.start() - 40), end.start())
    word = found.group().lower().lstrip("~-–—") if found else ""
    if "://" in word or word.startswith("www"):
        return text[end.end() : end.end() + 1].isspace()
    if word in _NEVER_LAST:
        return False
    if word in _SOMETIMES_LAST or (found and _INITIAL.fullmatch(found.group())):
        after = _WORD_AFTER.match(text, end.end())
        return after is not None and after.group(1).lower() in _OPENERS
    return True
