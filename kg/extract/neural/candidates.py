"""Spans that the word tags propose as mentions, grouped by string, and what joins two groups."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MAX_WORDS",
    "N_ENTITY_FEATURES",
    "N_PAIR_FEATURES",
    "N_TYPES",
    "entity_features",
    "member_table",
    "pair_features",
    "propose",
    "sentence_numbers",
    "span_probabilities",
]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
N_TYPES = 7
MAX_WORDS = 10
N_ENTITY_FEATURES = 8
N_PAIR_FEATURES = 9


def span_probabilities(log_tags: Floats) -> NDArray[np.float64]:
    """Compute the probability of each span and type under the tags, ``(n_words, MAX_WORDS, 7)``.

    ``log_tags`` is ``(n_words, 15)``: outside, then first and inside for each type. Row ``[i, k]``
    is the span of k + 1 words that starts at word i; words are taken as independent.
    """
    n_words = len(log_tags)
    first, inside = log_tags[:, 1::2].astype(np.float64), log_tags[:, 2::2].astype(np.float64)
    sums = np.vstack([np.zeros((1, N_TYPES)), np.cumsum(inside, axis=0)])
    stop = np.vstack([np.log1p(-np.minimum(np.exp(inside), 0.999999)), np.zeros((1, N_TYPES))])
    table = np.zeros((n_words, MAX_WORDS, N_TYPES))
    for k in range(min(MAX_WORDS, n_words)):
        begin = np.arange(n_words - k)
        score = first[begin] + sums[begin + k + 1] - sums[begin + 1] + stop[begin + k + 1]
        table[: n_words - k, k] = np.exp(score)
    return table


def propose(table: NDArray[np.float64], threshold: float) -> tuple[Ints, NDArray[np.float64]]:
    """Find the spans whose summed probability reaches a threshold, with that of each type.

    Gives ``(n_spans, 2)`` first and last words and ``(n_spans, 7)``.
    """
    begin, width = np.nonzero(table.sum(2) >= threshold)
    return np.stack([begin, begin + width], axis=1), table[begin, width]


def entity_features(
    spans: Ints, owner: Ints, n_entities: int, n_words: int, title_words: int
) -> Floats:
    """Describe where and how often each entity is named, ``(n_entities, N_ENTITY_FEATURES)``.

    ``spans`` is ``(n_spans, 2)``, ordered by ``owner``; every entity has at least one.
    """
    rows = np.zeros((n_entities, N_ENTITY_FEATURES), dtype=np.float32)
    counts = np.bincount(owner, minlength=n_entities)
    opens = np.searchsorted(owner, np.arange(n_entities))
    first = np.minimum.reduceat(spans[:, 0], opens)
    last = np.maximum.reduceat(spans[:, 1], opens)
    rows[:, 0] = np.log2(1 + counts) / 3
    rows[:, 1] = counts == 1
    rows[:, 2] = first < title_words
    rows[:, 3] = first == 0
    rows[:, 4] = first / n_words
    rows[:, 5] = last / n_words
    rows[:, 6] = np.maximum.reduceat(spans[:, 1] - spans[:, 0], opens) / 8
    order = np.argsort(np.argsort(first, kind="stable"), kind="stable")
    rows[:, 7] = order / n_entities
    return rows


def pair_features(spans: Ints, owner: Ints, n_entities: int, sentence: Ints) -> tuple[Ints, Floats]:
    """Find the nearest places of every ordered pair of entities, and how they stand to each other.

    ``sentence`` numbers the sentence of each word. Gives the indices of the two spans
    ``(n_pairs, 2)`` and ``(n_pairs, N_PAIR_FEATURES)``; pair ``h * n_entities + t`` has head h and
    tail t.
    """
    n_spans = len(spans)
    gap = np.maximum(spans[None, :, 0] - spans[:, None, 1], spans[:, None, 0] - spans[None, :, 1])
    apart = np.abs(sentence[spans[:, 0]][:, None] - sentence[spans[:, 0]][None, :])
    cost = (np.minimum(apart, 9) * 10_000 + np.clip(gap, 0, 9_999)).astype(np.int64)
    cost = cost * n_spans * n_spans + np.arange(n_spans * n_spans).reshape(n_spans, n_spans)
    opens = np.searchsorted(owner, np.arange(n_entities))
    best = np.minimum.reduceat(np.minimum.reduceat(cost, opens, axis=0), opens, axis=1)
    place = best.reshape(-1) % (n_spans * n_spans)
    i, j = place // n_spans, place % n_spans
    rows = np.zeros((len(place), N_PAIR_FEATURES), dtype=np.float32)
    distance = np.maximum(gap[i, j], 0)
    rows[:, 0] = apart[i, j] == 0
    rows[:, 1] = apart[i, j] == 1
    rows[:, 2] = spans[i, 0] < spans[j, 0]
    rows[:, 3] = np.log2(1 + distance) / 8
    rows[:, 4] = distance <= 1
    rows[:, 5] = distance <= 3
    rows[:, 6] = distance <= 8
    rows[:, 7] = np.minimum(apart[i, j], 5) / 5
    rows[:, 8] = (spans[i, 0] <= spans[j, 0]) & (spans[i, 1] >= spans[j, 1])
    return np.stack([i, j], axis=1), rows


def member_table(owner: Ints, n_entities: int) -> Ints:
    """Table the indices of each entity's spans, filled up with -1, ``(n_entities, most)``."""
    counts = np.bincount(owner, minlength=n_entities)
    table = np.full((n_entities, int(counts.max())), -1, dtype=np.int64)
    opens = np.searchsorted(owner, np.arange(n_entities))
    table[owner, np.arange(len(owner)) - opens[owner]] = np.arange(len(owner))
    return table


def sentence_numbers(starts: Sequence[int], sentences: Sequence[tuple[int, int]]) -> Ints:
    """Find the number of the sentence that each word starts in."""
    openings = np.array([start for start, _ in sentences] or [0])
    return np.maximum(
        np.searchsorted(openings, np.array(starts, dtype=np.int64), side="right") - 1, 0
    )
