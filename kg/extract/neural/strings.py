"""Strings that may name something: their places in a text, and which of them name one thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.candidates import MAX_WORDS, propose
from kg.extract.neural.words import Words

__all__ = ["Candidate", "find_candidates", "group", "places_of", "string_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A string and all its whole-word places, as (first, last) words."""

    string: str
    places: tuple[tuple[int, int], ...]
    probability: float
    """The tags' evidence: mean of the probability over the places, and the highest."""
    best: float
    types: tuple[float, ...]
    """The tags' probabilities of each type, summed over the places, to one."""


def string_key(string: str) -> str:
    """Fold what does not tell two strings apart: case, hyphens, spaces, a plural s.

    >>> string_key("Vision-Language Models"), string_key("LLMs"), string_key("loss")
    ('vision language model', 'llm', 'loss')
    """
    stem = string[:-1] if string.endswith("s") and string[:-1].isupper() else string
    folded = " ".join("".join(c if c.isalnum() else " " for c in stem.lower()).split())
    if stem == string and len(folded) > 4 and folded.endswith("s"):
        return folded[:-1]
    return folded


def find_candidates(
    text: str,
    words: Words,
    table: NDArray[np.float64],
    threshold: float,
    pairs: Sequence[tuple[str, str]],
) -> list[Candidate]:
    """Every string that the tags propose, or that a proposed string abbreviates or spells out."""
    spans, _ = propose(table, threshold)
    strings = {text[words.starts[a] : words.ends[b]] for a, b in spans.tolist()}
    keys = {string_key(s) for s in strings}
    for pair in pairs:
        if any(string_key(s) in keys for s in pair):
            strings.update(pair)
    places = Places(text, words)
    found = ((string, places.of(string)) for string in sorted(strings))
    return [_candidate(string, at, table) for string, at in found if at]


class Places:
    """Finds whole-word occurrences of strings, as words."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = text
        self._starts = {start: k for k, start in enumerate(words.starts)}
        self._ends = {end: k for k, end in enumerate(words.ends)}

    def of(self, string: str) -> tuple[tuple[int, int], ...]:
        """All places of a string of at most `MAX_WORDS` words."""
        found, text = [], self._text
        start = text.find(string)
        while start >= 0:
            end = start + len(string)
            first, last = self._starts.get(start), self._ends.get(end)
            whole = not (_in_word(text, start - 1) or _in_word(text, end))
            if whole and first is not None and last is not None and last - first < MAX_WORDS:
                found.append((first, last))
            start = text.find(string, start + 1)
        return tuple(found)


def _in_word(text: str, offset: int) -> bool:
    return 0 <= offset < len(text) and (text[offset].isalnum() or text[offset] == "_")


def _candidate(
    string: str, places: tuple[tuple[int, int], ...], table: NDArray[np.float64]
) -> Candidate:
    rows = np.array([table[first, last - first] for first, last in places])
    sums = rows.sum(1)
    total = rows.sum(0) + 1e-9
    return Candidate(
        string=string,
        places=places,
        probability=float(sums.mean()),
        best=float(sums.max()),
        types=tuple((total / total.sum()).tolist()),
    )


def places_of(candidates: Sequence[Candidate], members: Iterable[int]) -> list[tuple[int, int]]:
    """List where a group of candidates stands, as (first, last) words in order."""
    return sorted({place for m in members for place in candidates[m].places})


def group(candidates: Sequence[Candidate], pairs: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Candidates that name one thing: the same folded string, or a long form and its acronym."""
    keys = [string_key(c.string) for c in candidates]
    parent = {key: key for key in keys}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for long, short in pairs:
        a, b = string_key(long), string_key(short)
        if a in parent and b in parent and root(a) != root(b):
            parent[root(b)] = root(a)
    groups: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        groups.setdefault(root(key), []).append(index)
    return list(groups.values())
