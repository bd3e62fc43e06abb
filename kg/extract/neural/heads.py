"""The heads over strings and pairs, as `kg.train.network` fits them.

Every function takes the rows of one abstract. Shapes: `W` words, `S` spans, `E` entities.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.candidates import (
    entity_features,
    member_table,
    pair_features,
)
from kg.extract.neural.runtime import open_graph

__all__ = ["Heads", "Judged", "Reading", "spans_of"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the encoder makes of an abstract."""

    words: Floats
    """``(W, width + field)``: the encoder's state beside what the tables say."""
    document: Floats
    """``(width,)``: the state of the opening mark."""
    log_tags: Floats
    """``(W, 15)``: log-probabilities of the tags."""
    numbers: Floats
    """``(W, 3)``: probabilities that a number is nothing, a result, a margin."""
    sentence: Ints
    """``(W,)``: number of each word's sentence."""
    title_words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the heads say of a set of entities."""

    types: Floats
    """``(E, 8)``: probabilities of no entity, then of each type."""
    roles: Floats
    """``(E, 10)``: probabilities of each role for the paper."""
    span_roles: Floats
    """``(S, 10)``: logits, which place speaks most for a role."""
    pairs: Floats
    """``(E, E, 9)``: probabilities that the first stands so to the second."""
    places: Ints
    """``(E, E, 2)``: the nearest spans of each pair."""


class Heads:
    """The two graphs of fitted layers: over strings, and over pairs of entities."""

    def __init__(self, folder: Path) -> None:
        self._strings = open_graph(folder / "strings.onnx", n_threads=1)
        self._pairs = open_graph(folder / "pairs.onnx", n_threads=1)
        self._width = self._strings.get_inputs()[-1].shape[1]

    def types(self, reading: Reading, spans: Ints, owner: Ints) -> Floats:
        """Find probabilities of no entity and of each type, ``(E, 8)``, as `judge` does."""
        return self._all_entities(reading, spans, owner)["types"]

    def judge(self, reading: Reading, spans: Ints, owner: Ints) -> Judged:
        """Judge entities, given their spans ``(S, 2)`` ordered by ``owner`` ``(S,)``."""
        n = int(owner[-1]) + 1
        entities = self._all_entities(reading, spans, owner)
        places, features = pair_features(spans, owner, n, reading.sentence)
        i, j = places[:, 0], places[:, 1]
        left = np.minimum(spans[i, 1], spans[j, 1]) + 1
        right = np.maximum(np.maximum(spans[i, 0], spans[j, 0]), left)
        given = {
            "words": reading.words[:, : self._width],
            "states": entities["states"],
            "seen": entities["seen"],
            "features": features,
            "inverse": (1 / np.maximum(right - left, 1)).astype(np.float32)[:, None],
            "head": i,
            "tail": j,
            "left": left,
            "right": right,
        }
        [pairs] = self._pairs.run(["pairs"], given)
        return Judged(
            types=entities["types"],
            roles=entities["roles"],
            span_roles=entities["local"],
            pairs=pairs.reshape(n, n, -1),
            places=places.reshape(n, n, 2),
        )

    def _all_entities(self, reading: Reading, spans: Ints, owner: Ints) -> dict[str, Floats]:
        n = int(owner[-1]) + 1
        members = member_table(owner, n)
        first, last = spans[:, 0], spans[:, 1]
        sums = np.zeros((len(reading.words) + 1, reading.words.shape[1]))
        np.cumsum(reading.words, axis=0, dtype=np.float64, out=sums[1:])
        mean = ((sums[last + 1] - sums[first]) / (last - first + 1)[:, None]).astype(np.float32)
        names = ["states", "seen", "types", "roles", "local"]
        given = {
            "rows": np.concatenate([reading.words[first], reading.words[last], mean], axis=1),
            "members": np.maximum(members, 0),
            "absent": (members < 0).astype(np.float32)[..., None],
            "features": entity_features(spans, owner, n, len(reading.words), reading.title_words),
            "document": reading.document[None],
        }
        return dict(zip(names, self._strings.run(names, given), strict=True))


def spans_of(groups: Sequence[Sequence[tuple[int, int]]]) -> tuple[Ints, Ints]:
    """Spans ``(S, 2)`` and owners ``(S,)`` of entities, each a list of (first, last) words."""
    spans = np.array([span for group in groups for span in group], dtype=np.int64).reshape(-1, 2)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return spans, owner
