"""Words of a text: where they stand, how they look, and which of them join to one term.

A word is a run of letters and digits, or one other character that is not white space, so that every
whole-word mention starts and ends at a border of words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["N_SHAPES", "Words", "fold", "head_of", "shapes", "split_words"]

_WORD = re.compile(r"[^\W_]+|\S")
_JOINTS = frozenset("-./+*_'’:&–")
_MARKS = {"(": 8, ")": 9, "-": 10, ".": 11, ",": 12, ":": 13, "/": 14}
N_SHAPES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one text: borders, and the alphanumeric ones ("terms") as chains.

    ``units[k]`` is the index of the k-th alphanumeric word, ``folded[k]`` its lower case, and
    ``chain[k]`` numbers the stretches inside which units may join to one term.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    texts: tuple[str, ...]
    units: tuple[int, ...]
    folded: tuple[str, ...]
    chain: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.texts)


def fold(word: str) -> str:
    """Return lower case without a plural s, as the last word of a term is compared.

    >>> fold("Networks"), fold("loss"), fold("GANs")
    ('network', 'loss', 'gans')
    """
    lower = word.lower()
    return lower[:-1] if len(lower) > 4 and lower.endswith("s") else lower


def split_words(text: str) -> Words:
    """Split a text into words and find which neighbours may join to one term."""
    hits = [hit.span() for hit in _WORD.finditer(text)]
    texts = tuple(text[start:end] for start, end in hits)
    units, folded, chain = [], [], []
    last_end, number = 0, 0
    for index, ((start, end), word) in enumerate(zip(hits, texts, strict=True)):
        if not word[0].isalnum():
            continue
        if not _joins(text[last_end:start]):
            number += 1
        units.append(index)
        folded.append(word.lower())
        chain.append(number)
        last_end = end
    return Words(
        starts=tuple(start for start, _ in hits),
        ends=tuple(end for _, end in hits),
        texts=texts,
        units=tuple(units),
        folded=tuple(folded),
        chain=tuple(chain),
    )


def _joins(gap: str) -> bool:
    return gap == " " or (0 < len(gap) <= 2 and set(gap) <= _JOINTS)


def shapes(text: str, words: Words, sentences: Sequence[tuple[int, int]]) -> np.ndarray:
    """Describe the one-hot form of every word, and where it stands, ``(n_words, N_SHAPES)``."""
    rows = np.zeros((len(words), N_SHAPES), dtype=np.float32)
    openings = {start for start, _ in sentences}
    title_end = text.find("\n\n")
    for index, word in enumerate(words.texts):
        start, end = words.starts[index], words.ends[index]
        rows[index, _shape(word)] = 1.0
        rows[index, 16] = start > 0 and text[start - 1].isspace()
        rows[index, 17] = end < len(text) and text[end].isspace()
        rows[index, 18] = start < title_end
        rows[index, 19] = start in openings
    return rows


def _shape(word: str) -> int:
    first = word[0]
    if not first.isalnum():
        return _MARKS.get(first, 15)
    if word.isdigit():
        return 0
    if not word.isalpha() and any(c.isdigit() for c in word):
        return 1
    if word.islower():
        return 2
    if len(word) == 1:
        return 3
    if word.isupper():
        return 4
    if word[1:].islower():
        return 5
    return 6 if first.isupper() else 7


def head_of(words: Words, n_words: int) -> Words:
    """Return the first words of a text."""
    if len(words) <= n_words:
        return words
    n_units = bisect_left(words.units, n_words)
    return Words(
        starts=words.starts[:n_words],
        ends=words.ends[:n_words],
        texts=words.texts[:n_words],
        units=words.units[:n_units],
        folded=words.folded[:n_units],
        chain=words.chain[:n_units],
    )
