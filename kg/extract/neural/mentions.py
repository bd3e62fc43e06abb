"""From word tags to entities: strings are scored over all their places, then overlaps settled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.candidates import span_probabilities
from kg.extract.neural.combine import Combiner, logit
from kg.extract.neural.heads import Heads, Reading, spans_of
from kg.extract.neural.strings import Candidate, find_candidates, group, places_of
from kg.extract.neural.words import Words

__all__ = ["N_MENTION_FEATURES", "PROPOSED", "Draft", "Scored", "draft", "settle"]

PROPOSED = 0.06
N_MENTION_FEATURES = 8
_MAX_STRINGS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An accepted entity: its strings with their free places, its type, and how sure that is."""

    strings: tuple[str, ...]
    places: tuple[tuple[tuple[int, int], ...], ...]
    scores: tuple[float, ...]
    type: int

    @property
    def score(self) -> float:
        """How sure the surest string is."""
        return max(self.scores)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """All places, in order."""
        return sorted(place for places in self.places for place in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Candidates, their groups, and what is known of each string."""

    candidates: list[Candidate]
    groups: list[list[int]]
    types: NDArray[np.int64]
    """``(n_candidates,)``: the type of the string's group."""
    features: NDArray[np.float64]
    """``(n_candidates, N_MENTION_FEATURES)``."""


def draft(
    text: str, words: Words, reading: Reading, heads: Heads, pairs: Sequence[tuple[str, str]]
) -> Draft | None:
    """Propose strings and judge each with its group; `None` where nothing is proposed."""
    table = span_probabilities(reading.log_tags)
    found = find_candidates(text, words, table, PROPOSED, pairs)
    found = sorted(found, key=lambda c: (-c.best, c.string))[:_MAX_STRINGS]
    if not found:
        return None
    groups = group(found, pairs)
    none_and_types = heads.types(reading, *spans_of([places_of(found, g) for g in groups]))
    types = np.zeros(len(found), dtype=np.int64)
    raw = np.zeros((len(found), 5))
    plain = np.zeros((len(found), 3))
    for row, members in zip(none_and_types.astype(np.float64), groups, strict=True):
        tagged = np.mean([found[m].types for m in members], axis=0)
        mixed = np.sqrt((tagged + 0.02) * (row[1:] + 0.002))
        top = int(mixed.argmax())
        group_best = max(found[m].best for m in members)
        for m in members:
            c = found[m]
            types[m] = top
            raw[m] = c.probability, c.best, 1 - row[0], mixed[top] / mixed.sum(), group_best
            plain[m] = len(c.places), len(members) > 1, c.places[0][1] - c.places[0][0]
    features = np.concatenate([logit(raw), plain], axis=1)
    features[:, 4] -= features[:, 1]
    features[:, 5] = np.log(plain[:, 0])
    return Draft(candidates=found, groups=groups, types=types, features=features)


def settle(drafted: Draft, combiner: Combiner) -> list[Scored]:
    """Accept strings from the surest on, each at the places that are still free."""
    scores = combiner(drafted.features, drafted.types)
    order = sorted(range(len(scores)), key=lambda k: (-scores[k], drafted.candidates[k].string))
    taken: set[int] = set()
    free: dict[int, tuple[tuple[int, int], ...]] = {}
    for k in order:
        if scores[k] < combiner.threshold:
            break
        places = tuple(
            place
            for place in drafted.candidates[k].places
            if taken.isdisjoint(range(place[0], place[1] + 1))
        )
        if places:
            free[k] = places
            taken.update(w for a, b in places for w in range(a, b + 1))
    entities = []
    for members in drafted.groups:
        kept = [m for m in members if m in free]
        if kept:
            entities.append(
                Scored(
                    strings=tuple(drafted.candidates[m].string for m in kept),
                    places=tuple(free[m] for m in kept),
                    scores=tuple(float(scores[m]) for m in kept),
                    type=int(drafted.types[kept[0]]),
                )
            )
    return sorted(entities, key=lambda e: e.spans[0])
