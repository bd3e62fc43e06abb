"""Read the reported numbers: which system reached which value on what, measured how.

Differences ("by 16.5%") become the margin of an OUTPERFORMS relation of the same sentence.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kg.extract.clauses import Clause
from kg.extract.numbers import SPEEDS, Number, NumberKind, find_numbers
from kg.extract.pairs import subject_of
from kg.extract.settings import find_setting
from kg.extract.state import Reading
from kg.records import PAPER, Entity, Relation, Result
from kg.schema import Label, RelationType, Role

__all__ = ["add_margins", "read_results"]

_SYSTEMS = frozenset({Label.MODEL, Label.METHOD})
_RESOURCES = frozenset({Label.BENCHMARK, Label.DATASET})
_RIVALRY = frozenset({RelationType.OUTPERFORMS, RelationType.COMPARED_WITH})
_SAID = frozenset({"that", "how", "whether"})
"""Words that part "we show" from what is shown: its subject is somebody else."""
_FROM_TO = re.compile(r"^(?:[a-z-]+ ){0,2}?(?:to|→|->) (?:[a-z-]+ )?$")
_FOREIGN = re.compile(
    r"\b(?:humans?|chance|random|competitors?|baselines?|prior (?:work|art|best)|previous (?:best"
    r"|work|methods?)) "
)
_VERSUS = re.compile(r"\b(?:compared (?:to|with)|versus|vs|against|than) ")
_OWN = re.compile(r"(?:^|\s)(?:P|e\d+[MH])\s")
_OPENING = 3
"""A name among the first tokens of a sentence, up to this one, opens it."""
_SURE, _LIKELY = 0.75, 0.55
_MIN_SCORE, _SURE_SCORE, _CERTAIN_SCORE = 0.25, 0.6, 0.9
"""What the trained model must give a number that the rules take for a result, one that they do not
(both chosen on the held-back fold), and one that seems to be somebody else's."""


@dataclass(frozen=True, slots=True)
class _Context:
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


def read_results(reading: Reading, extractor: str) -> list[Result]:
    """Return the results that a text reports, each once, in order."""
    context = _context(reading, extractor)
    results: dict[tuple[str, str | None, str | None, str], Result] = {}
    for clause in reading.clauses:
        for result in _of_sentence(clause, context):
            key = (result.system, result.benchmark, result.metric, result.value)
            results.setdefault(key, result)
    return list(results.values())


def _context(reading: Reading, extractor: str) -> _Context:
    ids = {entity.id: k for k, entity in enumerate(reading.entities)}
    introduced = [
        ids[r.tail] for r in reading.relations
        if r.type == RelationType.INTRODUCES and reading.entities[ids[r.tail]].type in _SYSTEMS
    ]  # fmt: skip
    used = {
        r.tail for r in reading.relations if r.type == RelationType.USES and r.role == "evaluation"
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
    return _Context(
        text=reading.text,
        entities=reading.entities,
        main=main,
        introduced=frozenset(introduced),
        others=frozenset(others),
        only_resource=only,
        extractor=extractor,
        scores=reading.numbers or {},
    )


def _of_sentence(clause: Clause, context: _Context) -> list[Result]:
    if not any(token.text[:1].isdigit() for token in clause.tokens):
        return []
    numbers = find_numbers(clause)
    values = [
        (n, number) for n, number in enumerate(numbers)
        if _is_value(clause, number, context) and not _is_foreign(clause, numbers, n, context)
        and not clause.is_unsure(number.first) and not clause.is_negated(number.first)
        and not _is_start(clause, numbers, n)
    ]  # fmt: skip
    paired = _respectively(clause, [number for _, number in values], context)
    results = []
    for n, number in values:
        result = _result(clause, numbers, n, context, paired.get(number.first))
        if result is not None:
            results.append(result)
    return results


def _is_value(clause: Clause, number: Number, context: _Context) -> bool:
    """Tell whether a number is a reported value: by rules, and by the model where it has read."""
    score = context.scores.get(clause.tokens[number.first].start)
    if score is None:
        return number.kind is NumberKind.VALUE
    if number.kind is NumberKind.MARGIN:
        return False
    return score >= (_MIN_SCORE if number.kind is NumberKind.VALUE else _SURE_SCORE)


def _is_start(clause: Clause, numbers: Sequence[Number], n: int) -> bool:
    """Tell whether a number is what another one has replaced ("from 76.5% to 97.1%")."""
    if n + 1 >= len(numbers):
        return False
    between = clause.line[clause.offset(numbers[n].last) : clause.offset(numbers[n + 1].first)]
    return _FROM_TO.search(between.split(" ", 1)[-1]) is not None


def _is_foreign(clause: Clause, numbers: Sequence[Number], n: int, context: _Context) -> bool:
    """Tell whether a number belongs to people, to chance, or to a system without a name."""
    if context.scores.get(clause.tokens[numbers[n].first].start, 0.0) >= _CERTAIN_SCORE:
        return False
    low = clause.offset(numbers[n - 1].last) if n else 0
    segment = clause.line[low : clause.offset(numbers[n].first)]
    found = list(_FOREIGN.finditer(segment)) or (list(_VERSUS.finditer(segment)) if n else [])
    return bool(found) and not _OWN.search(segment, found[-1].end() - 1)


def _result(
    clause: Clause,
    numbers: Sequence[Number],
    n: int,
    context: _Context,
    paired: dict[str, int] | None,
) -> Result | None:
    number = numbers[n]
    low = numbers[n - 1].last + 1 if n else 0
    high = numbers[n + 1].first if n + 1 < len(numbers) else len(clause.tokens)
    found = paired or {}
    metric = found.get("metric", _metric(clause, number, low, high, context))
    benchmark = found.get("benchmark", _benchmark(clause, number, low, high, context))
    if metric is None and benchmark is None:
        return None
    system = found.get("system", _system(clause, number, context))
    entities = context.entities
    start, end = clause.span
    return Result(
        system=PAPER if system is None else entities[system].id,
        benchmark=None if benchmark is None else entities[benchmark].id,
        metric=None if metric is None else entities[metric].id,
        value=number.value,
        unit=number.unit,
        setting=find_setting(context.text, clause, low, high),
        start=start,
        end=end,
        evidence=context.text[start:end],
        confidence=_confidence(clause, number, context),
        extractor=f"{context.extractor}:result",
    )


def _confidence(clause: Clause, number: Number, context: _Context) -> float:
    by_rule = _SURE if number.named else _LIKELY
    score = context.scores.get(clause.tokens[number.first].start)
    return by_rule if score is None else round((by_rule + score) / 2, 4)


def _near(
    clause: Clause, types: frozenset[str], context: _Context, places: Sequence[int]
) -> int | None:
    for k in places:
        entity = clause.tokens[k].entity
        if entity is not None and context.entities[entity].type in types:
            return entity
    return None


def _metric(clause: Clause, number: Number, low: int, high: int, context: _Context) -> int | None:
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


def _benchmark(
    clause: Clause, number: Number, low: int, high: int, context: _Context
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


def _system(clause: Clause, number: Number, context: _Context) -> int | None:
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


def _is_aside(clause: Clause, entity: int, context: _Context) -> bool:
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


def _respectively(
    clause: Clause, numbers: Sequence[Number], context: _Context
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


def _lists(clause: Clause, types: frozenset[str], context: _Context) -> list[list[int]]:
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


def add_margins(reading: Reading) -> list[Relation]:
    """Return the relations, each OUTPERFORMS with the first difference that its sentence states."""
    margins: dict[int, str] = {}
    for clause in reading.clauses:
        for number in find_numbers(clause):
            if number.kind is NumberKind.MARGIN:
                unit = number.unit or ""
                spaced = f" {unit}" if unit.isalpha() and len(unit) > 1 else unit
                margins.setdefault(clause.span[0], number.value + spaced)
    return [
        replace(relation, margin=margins[relation.start])
        if relation.type == RelationType.OUTPERFORMS and relation.margin is None
        and relation.start is not None and relation.start in margins
        else relation
        for relation in reading.relations
    ]  # fmt: skip
