"""Shared text things: folding, control characters, sentences, whole-word occurrences.

Pure functions on strings, with the standard library alone, so that every stage can use them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

__all__ = [
    "collapse_spaces",
    "fold",
    "has_lone_surrogate",
    "sentence_spans",
    "strip_controls",
    "word_occurrences",
]

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC: titles, links, clipboard
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, erase
    r"|\x1b[ -/]*[0-~]?"  # two-byte sequences
)
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_QUOTES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)

_STOP = re.compile(r"(?<![.!?])[.!?]+[)\]\"'\u2019\u201d]*(?=\s)")
_OPENING = re.compile(r"\s+[(\[\"'\u2018\u201c$\\]*([^\W_])")
_PARAGRAPH = re.compile(r"\n\s*\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|viz|resp|approx|ca|al|etc|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Nos"
    r"|Dr|Prof|Mr|Mrs|Ms|St|Jr|Sr|Inc|Ltd|Corp|Vol|pp|ver|w\.r\.t|a\.k\.a|i\.i\.d)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_MAY_END = ("al.", "etc.", "inc.", "ltd.", "corp.", "i.i.d.", "jr.", "sr.")
"""Abbreviations after which a sentence may end: it does where a capital follows."""


def strip_controls(text: str) -> str:
    r"""Return `text` without terminal escapes, control and bidirectional formatting characters.

    Tabs and line feeds stay. What is left cannot move a cursor, set a title or reorder a line.

    >>> strip_controls("\x1b[31mOrca\x1b[0m\x07")
    'Orca'
    """
    if text.isprintable():
        return text
    return _LONE_SURROGATE.sub("\ufffd", _CONTROL.sub("", _ESCAPE_SEQUENCE.sub("", text)))


def has_lone_surrogate(text: str) -> bool:
    """Tell whether `text` holds a half of a surrogate pair, which UTF-8 cannot write."""
    return not text.isprintable() and _LONE_SURROGATE.search(text) is not None


def collapse_spaces(text: str) -> str:
    """Return `text` with every run of white space as one blank, and none at the ends."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Return the form in which spellings are compared: case, accents, dashes and quotes folded.

    Letters of every script stay, digits and punctuation too (compatibility forms unfolded: NFKC).

    >>> fold("Naïve  Bayes\u2013Π0")
    'naive bayes-π0'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_DASHES | _QUOTES)
        text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
        text = unicodedata.normalize("NFKC", text).translate(_UNDECOMPOSED)
    return collapse_spaces(text.lower())


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the half-open spans of the sentences of `text`, outer white space left out.

    A blank line ends a sentence (so a title is one); "e.g.", "et al.", "v1.5" and initials do not.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _sentence_ends(text):
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append((start + left, start + len(piece.rstrip())))
        start = end
    return tuple(spans)


def _sentence_ends(text: str) -> Iterator[int]:
    ends = {match.start() for match in _PARAGRAPH.finditer(text)} | {len(text)}
    ends.update(match.end() for match in _STOP.finditer(text) if _ends_sentence(text, match))
    yield from sorted(ends)


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    after = _OPENING.match(text, stop.end())
    if after is None:
        return text[stop.end() :].strip() == ""
    if after[1].islower():
        return False
    word = text[max(0, stop.start() - 12) : stop.start() + 1].split()
    if stop[0][0] != "." or not word or _ABBREVIATION.search(word[-1]) is None:
        return True
    return word[-1].lower().endswith(_MAY_END) and after[1].isupper()


def word_occurrences(text: str, mentions: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Yield `(start, end, mention)` of each whole-word occurrence, none inside a longer one.

    The longer mention is placed first, as the guidelines of the gold data say.
    """
    taken = bytearray(len(text))
    for mention in sorted({m for m in mentions if m}, key=lambda m: (-len(m), m)):
        start = text.find(mention)
        while start >= 0:
            end = start + len(mention)
            whole = not _is_word(text[start - 1 : start]) and not _is_word(text[end : end + 1])
            if whole and not any(taken[start:end]):
                taken[start:end] = b"\x01" * len(mention)
                yield start, end, mention
            start = text.find(mention, end if whole else start + 1)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
