"""What an annotated record leaves out: the places of mentions, the sentences of its facts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeVar

from kg.records import PAPER, Entity, Relation, Result
from kg.text import sentence_spans, word_occurrences

__all__ = ["TextIndex", "fill_spans"]

_Fact = TypeVar("_Fact", Relation, Result)
_MAX_SENTENCES = 3
"""Two entities that stand further apart have no evidence that one would read."""


def fill_spans(text: str, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return `entities`, each without spans given all whole-word occurrences of its mentions.

    A longer mention is placed first and none stands inside another. A string that two entities
    mention belongs to the first.
    """
    if all(entity.spans for entity in entities):
        return tuple(entities)
    owner: dict[str, int] = {}
    for i, entity in enumerate(entities):
        for mention in entity.mentions:
            owner.setdefault(mention, i)
    places: dict[int, list[tuple[int, int]]] = {}
    for start, end, mention in word_occurrences(text, owner):
        places.setdefault(owner[mention], []).append((start, end))
    return tuple(
        entity if entity.spans else replace(entity, spans=tuple(sorted(places.get(i, ()))))
        for i, entity in enumerate(entities)
    )


class TextIndex:
    """The sentences of one paper's text and the places of its entities: finds evidence."""

    def __init__(self, text: str, title_length: int, entities: Sequence[Entity]) -> None:
        self.text = text
        self._title_length = title_length
        self._spans: Mapping[str, tuple[tuple[int, int], ...]] = {e.id: e.spans for e in entities}

    @cached_property
    def _sentences(self) -> tuple[tuple[int, int], ...]:
        return sentence_spans(self.text)

    def with_evidence(self, fact: _Fact) -> _Fact:
        """Return `fact` with `start`, `end` and `evidence`, as far as the text gives them."""
        start, end = fact.start, fact.end
        if start is not None and end is not None:
            if fact.evidence is not None:
                return fact
            return replace(fact, evidence=self.text[start:end])
        if fact.evidence is not None:
            place = self._quoted(fact.evidence)
        else:
            place = self._window(_ends(fact))
        if place is None:
            return fact
        start, end = place
        return replace(fact, start=start, end=end, evidence=self.text[start:end])

    def _quoted(self, evidence: str) -> tuple[int, int] | None:
        at = self.text.find(evidence) if evidence else -1
        return None if at < 0 else (at, at + len(evidence))

    def _window(self, ends: Sequence[str]) -> tuple[int, int] | None:
        """Return the shortest run of sentences that names all `ends`, the earliest of equals.

        The abstract's come before the title: a title names things, but rarely states anything.
        """
        held = [self._sentences_of(entity) for entity in ends]
        if not held or not all(held):
            return None
        runs = []
        for first in held[0]:
            nearest = [min(where, key=lambda i: abs(i - first)) for where in held]
            runs.append((min(nearest), max(nearest)))
        low, high = min(runs, key=lambda run: (run[1] - run[0], self._in_title(run[0]), run[0]))
        if high - low >= _MAX_SENTENCES:
            return None
        return self._sentences[low][0], self._sentences[high][1]

    def _sentences_of(self, entity: str) -> list[int]:
        return [
            i
            for i, (start, end) in enumerate(self._sentences)
            if any(start <= left < end for left, _ in self._spans.get(entity, ()))
        ]

    def _in_title(self, sentence: int) -> bool:
        return self._sentences[sentence][0] < self._title_length


def _ends(fact: Relation | Result) -> list[str]:
    if isinstance(fact, Relation):
        named = [fact.head, fact.tail]
    else:
        named = [fact.system, fact.benchmark or "", fact.metric or ""]
    return [entity for entity in named if entity not in {"", PAPER}]
