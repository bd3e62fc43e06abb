"""The heads over strings and pairs in NumPy, as `kg.train.network` fits them.

Every function takes the rows of one abstract. Shapes: `W` words, `S` spans, `E` entities.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.candidates import (
    entity_features,
    member_table,
    pair_features,
)

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
    """The fitted layers, as matrices ``(n_in, n_out)`` and biases by name."""

    def __init__(self, weights: Mapping[str, NDArray[np.floating]]) -> None:
        self._weights = {name: value.astype(np.float32) for name, value in weights.items()}

    def types(self, reading: Reading, spans: Ints, owner: Ints) -> Floats:
        """Probabilities of no entity and of each type, ``(E, 8)``, as `judge` finds them."""
        return self._all_entities(reading, spans, owner)[1][1]

    def judge(self, reading: Reading, spans: Ints, owner: Ints) -> Judged:
        """Judge entities, given their spans ``(S, 2)`` ordered by ``owner`` ``(S,)``."""
        n = int(owner[-1]) + 1
        states, (entities, types, roles, local) = self._all_entities(reading, spans, owner)
        places, near = pair_features(spans, owner, n, reading.sentence)
        seen = np.concatenate([entities, types, roles[:, :1]], axis=1)
        pairs = self._pairs(reading, states, spans, seen, (places, near))
        return Judged(
            types=types,
            roles=roles,
            span_roles=local,
            pairs=pairs.reshape(n, n, -1),
            places=places.reshape(n, n, 2),
        )

    def _all_entities(
        self, reading: Reading, spans: Ints, owner: Ints
    ) -> tuple[Floats, tuple[Floats, Floats, Floats, Floats]]:
        n = int(owner[-1]) + 1
        states = self._spans(reading.words, spans)
        features = entity_features(spans, owner, n, len(reading.words), reading.title_words)
        members = member_table(owner, n)
        return states, self._entities(states, members, features, reading.document)

    def _linear(self, name: str, rows: Floats) -> Floats:
        out: Floats = rows @ self._weights[f"{name}.weight"]
        bias = self._weights.get(f"{name}.bias")
        return out if bias is None else out + bias

    def _spans(self, words: Floats, spans: Ints) -> Floats:
        first, last = spans[:, 0], spans[:, 1]
        sums = _running(words)
        mean = (sums[last + 1] - sums[first]) / (last - first + 1)[:, None]
        rows = np.concatenate([words[first], words[last], mean.astype(np.float32)], axis=1)
        return _gelu(self._linear("span", rows))

    def _entities(
        self, spans: Floats, members: Ints, features: Floats, document: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        absent = (members < 0)[..., None]
        own = spans[np.maximum(members, 0)]
        top = np.where(absent, np.float32(-1e4), own).max(1)
        mean = np.where(absent, np.float32(0), own).sum(1) / (~absent).sum(1)
        doc = _gelu(self._linear("document", document[None])).repeat(len(members), 0)
        rows = np.concatenate([top, mean.astype(np.float32), doc, features], axis=1)
        state = self._normalise("entity_norm", _gelu(self._linear("entity", rows)))
        local = self._linear("span_role", spans)
        best = np.where(absent, np.float32(-1e4), local[np.maximum(members, 0)]).max(1)
        roles = self._linear("role2", _gelu(self._linear("role1", state))) + best
        return state, _softmax(self._linear("kind", state)), _sigmoid(roles), local

    def _normalise(self, name: str, rows: Floats) -> Floats:
        centred = rows - rows.mean(1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-5)
        out: Floats = scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return out

    def _pairs(
        self,
        reading: Reading,
        spans: Floats,
        borders: Ints,
        seen: Floats,
        near: tuple[Ints, Floats],
    ) -> Floats:
        i, j = near[0][:, 0], near[0][:, 1]
        width = len(self._weights["between.weight"])
        sums = _running(self._linear("between", reading.words[:, :width]))
        left = np.minimum(borders[i, 1], borders[j, 1]) + 1
        right = np.maximum(np.maximum(borders[i, 0], borders[j, 0]), left)
        between = (sums[right] - sums[left]) / np.maximum(right - left, 1)[:, None]
        keys = self._linear("head_key", seen)[:, None] * self._linear("tail_key", seen)[None]
        ends = self._linear("head_entity", seen)[:, None] + self._linear("tail_entity", seen)[None]
        ends = ends + self._linear("product", keys)
        local = self._linear("head_span", spans)[i] + self._linear("tail_span", spans)[j]
        local = local + between.astype(np.float32) + self._linear("pair_features", near[1])
        return _sigmoid(self._linear("pair", _gelu(ends.reshape(len(local), -1) + local)))


def _running(rows: Floats) -> NDArray[np.float64]:
    sums = np.zeros((len(rows) + 1, rows.shape[1]))
    np.cumsum(rows, axis=0, dtype=np.float64, out=sums[1:])
    return sums


def _gelu(x: Floats) -> Floats:
    """Gaussian error linear unit; erf by Abramowitz and Stegun 7.1.26, error below 2e-7."""
    z = np.abs(x)
    z *= np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = np.float32(1.061405429) * t
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        poly += np.float32(factor)
        poly *= t
    np.multiply(z, -z, out=z)
    poly *= np.exp(z, out=z)
    erf = np.copysign(1 - poly, x)
    erf += 1
    erf *= x
    erf *= np.float32(0.5)
    return erf


def _sigmoid(x: Floats) -> Floats:
    return (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)


def _softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(1, keepdims=True))
    out: Floats = powers / powers.sum(1, keepdims=True)
    return out


def spans_of(groups: Sequence[Sequence[tuple[int, int]]]) -> tuple[Ints, Ints]:
    """Spans ``(S, 2)`` and owners ``(S,)`` of entities, each a list of (first, last) words."""
    spans = np.array([span for group in groups for span in group], dtype=np.int64).reshape(-1, 2)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return spans, owner
