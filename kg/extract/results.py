"""Read the reported numbers: which system reached which value on what, measured how.

Differences ("by 16.5%") become the margin of an OUTPERFORMS relation of the same sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.extract.attribution import (
    Context,
    benchmark_of,
    context_of,
    metric_of,
    pair_respectively,
    system_of,
)
from kg.extract.clauses import Clause
from kg.extract.numbers import Number, NumberKind, find_numbers
from kg.extract.settings import find_setting
from kg.extract.state import Reading
from kg.records import PAPER, Relation, Result
from kg.schema import RelationType

__all__ = ["add_margins", "read_results"]

_FROM_TO = re.compile(r"^(?:[a-z-]+ ){0,2}?(?:to|→|->) (?:[a-z-]+ )?$")
_FOREIGN = re.compile(
    r"\b(?:humans?|chance|random|competitors?|baselines?|prior (?:work|art|best)|previous (?:best"
    r"|work|methods?)) "
)
_VERSUS = re.compile(r"\b(?:compared (?:to|with)|versus|vs|against|than) ")
_OWN = re.compile(r"(?:^|\s)(?:P|e\d+[MH])\s")
_SURE, _LIKELY = 0.75, 0.55
_MIN_SCORE, _SURE_SCORE, _CERTAIN_SCORE = 0.25, 0.6, 0.9
"""What the trained model must give a number that the rules take for a result, one that they do not
(both chosen on the held-back fold), and one that seems to be somebody else's."""


def read_results(reading: Reading, extractor: str) -> list[Result]:
    """Return the results that a text reports, each once, in order."""
    context = context_of(reading, extractor)
    results: dict[tuple[str, str | None, str | None, str], Result] = {}
    for clause in reading.clauses:
        for result in _of_sentence(clause, context):
            key = (result.system, result.benchmark, result.metric, result.value)
            results.setdefault(key, result)
    return list(results.values())


def _of_sentence(clause: Clause, context: Context) -> list[Result]:
    if not any(token.text[:1].isdigit() for token in clause.tokens):
        return []
    numbers = find_numbers(clause)
    values = [
        (n, number) for n, number in enumerate(numbers)
        if _is_value(clause, number, context) and not _is_foreign(clause, numbers, n, context)
        and not clause.is_unsure(number.first) and not clause.is_negated(number.first)
        and not _is_start(clause, numbers, n)
    ]  # fmt: skip
    paired = pair_respectively(clause, [number for _, number in values], context)
    results = []
    for n, number in values:
        result = _result(clause, numbers, n, context, paired.get(number.first))
        if result is not None:
            results.append(result)
    return results


def _is_value(clause: Clause, number: Number, context: Context) -> bool:
    """Tell whether a number is a reported value: by rules, and by the model where it has read."""
    score = context.score(clause, number)
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


def _is_foreign(clause: Clause, numbers: Sequence[Number], n: int, context: Context) -> bool:
    """Tell whether a number belongs to people, to chance, or to a system without a name."""
    if (context.score(clause, numbers[n]) or 0.0) >= _CERTAIN_SCORE:
        return False
    low = clause.offset(numbers[n - 1].last) if n else 0
    segment = clause.line[low : clause.offset(numbers[n].first)]
    found = list(_FOREIGN.finditer(segment)) or (list(_VERSUS.finditer(segment)) if n else [])
    return bool(found) and not _OWN.search(segment, found[-1].end() - 1)


def _result(
    clause: Clause,
    numbers: Sequence[Number],
    n: int,
    context: Context,
    paired: dict[str, int] | None,
) -> Result | None:
    number = numbers[n]
    low = numbers[n - 1].last + 1 if n else 0
    high = numbers[n + 1].first if n + 1 < len(numbers) else len(clause.tokens)
    found = paired or {}
    metric = found.get("metric", metric_of(clause, number, low, high, context))
    benchmark = found.get("benchmark", benchmark_of(clause, number, low, high, context))
    if metric is None and benchmark is None:
        return None
    system = found.get("system", system_of(clause, number, context))
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


def _confidence(clause: Clause, number: Number, context: Context) -> float:
    by_rule = _SURE if number.named else _LIKELY
    score = context.score(clause, number)
    return by_rule if score is None else round((by_rule + score) / 2, 4)


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
