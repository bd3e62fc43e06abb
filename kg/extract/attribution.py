"""Whose a reported number is, what it was measured on, and by which metric."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.extract.clauses import Clause
from kg.extract.numbers import SPEEDS, Number
from kg.extract.pairs import subject_of
from kg.extract.state import Reading
from kg.records import PAPER, Entity
from kg.schema import Label, RelationType, Role

__all__ = [
    "Context",
    "benchmark_of",
    "context_of",
    "metric_of",
    "pair_respectively",
    "system_of",
]

_SYSTEMS = frozenset({Label.MODEL, Label.METHOD})
_RESOURCES = frozenset({Label.BENCHMARK, Label.DATASET})
_RIVALRY = frozenset({RelationType.OUTPERFORMS, RelationType.COMPARED_WITH})
_SAID = frozenset({"that", "how", "whether"})
"""Words that part "we show" from what is shown: its subject is somebody else."""
_OPENING = 3
"""A name among the first tokens of a sentence, up to this one, opens it."""


@dataclass(frozen=True, slots=True)
class Context:
    """A text's entities, the one that stands for the paper, and how an entity is looked up."""

    text: str
    entities: Sequence[Entity]
    main: int | None
    introduced: frozenset[int]
    others: frozenset[int]
    """What the paper uses as a part, beats or is compared with."""
    only_resource: int | None
    extractor: str
    scores: Mapping[int, float]
    """The trained model's probability that a number is a result, by where it starts."""

    def score(self, clause: Clause, number: Number) -> float | None:
        """Return the model's probability that a number is a result, where it has read the text."""
        return self.scores.get(clause.tokens[number.first].start)


def context_of(reading: Reading, extractor: str) -> Context:
    """Gather what the numbers of a text are attributed by."""
    ids = {entity.id: k for k, entity in enumerate(reading.entities)}
    introduced = [
        ids[r.tail] for r in reading.relations
        if r.type == RelationType.INTRODUCES and reading.entities[ids[r.tail]].type in _SYSTEMS
    ]  # fmt: skip
    used = {
        r.tail
        for r in reading.relations
        if r.type == RelationType.USES and r.role == Role.EVALUATION
    }
    heads = [ids[r.head] for r in reading.relations if r.head in ids]
    main = max(introduced, key=lambda k: (heads.count(k), -k), default=None)
    own_heads = {PAPER} if main is None else {PAPER, reading.entities[main].id}
    others = {
        ids[r.tail] for r in reading.relations
        if r.head in own_heads and r.tail in ids
        and (r.type in _RIVALRY or r.role == Role.COMPONENT)
    }  # fmt: skip
    own = [
        r.tail for r in reading.relations
        if r.type == RelationType.INTRODUCES and reading.entities[ids[r.tail]].type in _RESOURCES
    ]  # fmt: skip
    candidates = own if len(own) == 1 else list(used)
    only = ids[candidates[0]] if len(candidates) == 1 else None
    return Context(
        text=reading.text,
        entities=reading.entities,
        main=main,
        introduced=frozenset(introduced),
        others=frozenset(others),
        only_resource=only,
        extractor=extractor,
        scores=reading.numbers or {},
    )


def _near(
    clause: Clause, types: frozenset[str], context: Context, places: Sequence[int]
) -> int | None:
    for k in places:
        entity = clause.tokens[k].entity
        if entity is not None and context.entities[entity].type in types:
            return entity
    return None


def metric_of(clause: Clause, number: Number, low: int, high: int, context: Context) -> int | None:
    """Return the metric: right behind the number, before it, then anywhere before or after."""
    metrics = frozenset({Label.METRIC})
    tokens = clause.tokens
    places = [
        range(number.last + 1, min(high, number.last + 4)),
        range(number.first - 1, low - 1, -1),
        range(number.last + 1, high),
        range(low - 1, -1, -1),
        range(high, len(tokens)),
    ]
    for group in places:
        found = _near(clause, metrics, context, group)
        if found is not None:
            return found
    return None


def benchmark_of(
    clause: Clause, number: Number, low: int, high: int, context: Context
) -> int | None:
    """Return the resource: behind the number ("on X"), before it, then anywhere."""
    before = clause.tokens[number.first - 2 : number.first] if number.first > 1 else ()
    if before and before[1].text == "(":
        found = _near(clause, _RESOURCES, context, [number.first - 2])
        if found is not None:
            return found
    places = [range(number.last + 1, high)]
    if number.unit not in SPEEDS:
        places += [
            range(number.first - 1, low - 1, -1),
            range(high, len(clause.tokens)),
            range(low - 1, -1, -1),
        ]
    for group in places:
        found = _near(clause, _RESOURCES, context, group)
        if found is not None:
            return found
    return None if number.unit in SPEEDS else context.only_resource


def system_of(clause: Clause, number: Number, context: Context) -> int | None:
    """Return whose number it is; None is the paper's own, unnamed."""
    before = number.first - 1
    if before > 0 and clause.tokens[before].text == "(":
        entity = clause.tokens[before - 1].entity
        if entity is not None and context.entities[entity].type in _SYSTEMS:
            return entity
    for k in range(number.last + 1, min(number.last + 5, len(clause.tokens))):
        entity = clause.tokens[k].entity
        governed = clause.tokens[k - 1].text in {"by", "for", "of"}
        if entity is not None and governed and context.entities[entity].type in _SYSTEMS:
            return entity
    subjects = subject_of(clause, number.first, "MHP")
    if not subjects or subjects[0] is None or _is_aside(clause, subjects[0], context):
        return context.main
    return subjects[0]


def _is_aside(clause: Clause, entity: int, context: Context) -> bool:
    """Tell whether a name before a number is only what the paper's own system uses or beats."""
    if entity in context.introduced:
        return False
    first = next(k for k, token in enumerate(clause.tokens) if token.entity == entity)
    if entity in context.others and first > _OPENING:
        return True
    words = [token.text for token in clause.tokens[:first]]
    if "P" not in words:
        return False
    since = words[len(words) - words[::-1].index("P") :]
    return entity in context.others or _SAID.isdisjoint(since)


def pair_respectively(
    clause: Clause, numbers: Sequence[Number], context: Context
) -> dict[int, dict[str, int]]:
    """Pair a list of numbers with a list of as many names, where the text says "respectively"."""
    if len(numbers) < 2 or not re.search(r"\brespectively\b|\d%? / \d", clause.line):
        return {}
    kinds = {"benchmark": _RESOURCES, "metric": frozenset({Label.METRIC}), "system": _SYSTEMS}
    paired: dict[int, dict[str, int]] = {number.first: {} for number in numbers}
    for part, types in kinds.items():
        lists = _lists(clause, types, context)
        fitting = [names for names in lists if len(names) == len(numbers)]
        if fitting:
            for number, name in zip(numbers, fitting[-1], strict=True):
                paired[number.first][part] = name
    return paired


def _lists(clause: Clause, types: frozenset[str], context: Context) -> list[list[int]]:
    lists: list[list[int]] = []
    last = None
    for k, token in enumerate(clause.tokens):
        if token.entity is None or context.entities[token.entity].type not in types:
            continue
        gap = {t.text for t in clause.tokens[last + 1 : k]} if last is not None else None
        if gap is not None and gap <= {",", "and", "the", "&", "/", "on", "in"}:
            lists[-1].append(token.entity)
        else:
            lists.append([token.entity])
        last = k
    return lists
