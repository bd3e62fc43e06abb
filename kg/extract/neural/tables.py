"""Looks terms up in the field's knowledge tables: one row of numbers for every word of a text."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from kg.extract.neural.words import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.extract.neural.words import Words

__all__ = [
    "COLUMNS",
    "MAX_NAME",
    "MAX_TERM",
    "N_KNOWLEDGE",
    "STOPWORDS",
    "knowledge",
    "term_hash",
    "terms",
]

COLUMNS = (
    "df", "cohesion", "capital", "title", "on", "using", "acronym", "long_form",
    "model", "method", "resource", "task", "metric", "robot",
)  # fmt: skip
MAX_TERM = 5
MAX_NAME = 8
N_TYPES = 7
_N_GAZETTEER = 4 + N_TYPES + 2
N_KNOWLEDGE = (1 + len(COLUMNS)) + (4 + len(COLUMNS)) + _N_GAZETTEER
_STOPWORDS = (
    "a an and are as at be been but by can for from has have in into is it its of on or our s "
    "such than that the their them then these they this those to under via was we were where "
    "which while who with within without also both each more most not only other over same some "
    "through using use used show shows how between across however further here based new novel "
    "propose proposed paper i e g et al there when"
)
STOPWORDS = frozenset(_STOPWORDS.split())


def term_hash(words: Sequence[str]) -> int:
    """Return a 32-bit number for a term: lower-case words, the last one without a plural s."""
    return zlib.crc32(" ".join([*words[:-1], fold(words[-1])]).encode())


def terms(words: Words, longest: int) -> list[tuple[int, int, int]]:
    """List every candidate term as (first unit, number of units, hash), inside one chain each."""
    found = []
    folded, chain = words.folded, words.chain
    lasts = [fold(w) for w in folded]
    for k in range(len(folded)):
        prefix = ""
        for n in range(1, min(longest, len(folded) - k) + 1):
            if chain[k + n - 1] != chain[k]:
                break
            found.append((k, n, zlib.crc32((prefix + lasts[k + n - 1]).encode())))
            prefix += folded[k + n - 1] + " "
    return found


def knowledge(
    words: Words,
    corpus: tuple[np.ndarray, np.ndarray],
    names: tuple[np.ndarray, np.ndarray],
    minus: Mapping[int, np.ndarray] | None = None,
) -> np.ndarray:
    """Gather what the tables say of each word, ``(n_words, N_KNOWLEDGE)``, scaled to about [0, 1].

    ``corpus`` and ``names`` are (sorted hashes, values); ``names`` counts, for a string, the
    training documents that gave it each type and those that contain it. ``minus`` takes a
    document's own counts away, so that a training document sees the features of an unseen one.
    """
    rows = np.zeros((len(words), N_KNOWLEDGE), dtype=np.float32)
    if not words.units:
        return rows
    found = np.array(terms(words, MAX_NAME), dtype=np.int64)
    units = np.array(words.units)
    short = found[found[:, 1] <= MAX_TERM]
    row, known = _look_up(corpus, short[:, 2])
    single = known & (short[:, 1] == 1)
    rows[units[short[single, 0]], 0] = 1
    rows[units[short[single, 0]], 1 : 1 + len(COLUMNS)] = corpus[1][row[single]] / np.float32(255)
    at = 1 + len(COLUMNS)
    several = known & (short[:, 1] > 1)
    values = corpus[1][row[several]] / np.float32(255)
    _cover(rows[:, at:], units, short[several], values)
    at += 4 + len(COLUMNS)
    row, known = _look_up(names, found[:, 2])
    _cover(rows[:, at:], units, *_gazetteer(found[known], names[1][row[known]], minus))
    return rows


def _gazetteer(
    found: np.ndarray, counts: np.ndarray, minus: Mapping[int, np.ndarray] | None
) -> tuple[np.ndarray, np.ndarray]:
    counts = counts.astype(np.float32)
    for k, term in enumerate(found[:, 2].tolist() if minus else ()):
        own = minus.get(term) if minus else None
        if own is not None:
            counts[k] -= own
    annotated = counts[:, :N_TYPES].sum(1)
    keep = annotated > 0
    counts, annotated = counts[keep], annotated[keep]
    values = np.empty((len(counts), N_TYPES + 2), dtype=np.float32)
    values[:, :N_TYPES] = counts[:, :N_TYPES] / (annotated[:, None] + 0.3)
    values[:, N_TYPES] = annotated / (np.maximum(counts[:, N_TYPES], annotated) + 0.3)
    values[:, N_TYPES + 1] = np.minimum(1, np.log2(1 + annotated) / 8)
    return found[keep], values


def _look_up(
    table: tuple[np.ndarray, np.ndarray], hashes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the row of each hash, and whether the table, which may be empty, holds it at all."""
    place = np.searchsorted(table[0], hashes)
    return place, np.searchsorted(table[0], hashes, side="right") > place


def _cover(rows: np.ndarray, units: np.ndarray, found: np.ndarray, values: np.ndarray) -> None:
    """Write first, inside, last, length and the values of the longest term over each word."""
    for k in np.lexsort((values.sum(1), found[:, 1])):
        first, n = int(found[k, 0]), int(found[k, 1])
        start, stop = units[first], units[first + n - 1] + 1
        rows[start:stop, :3] = 0
        rows[start, 0], rows[stop - 1, 2] = 1, 1
        rows[start + 1 : stop, 1] = 1
        rows[start:stop, 3] = n / 8
        rows[start:stop, 4 : 4 + values.shape[1]] = values[k]
