"""Figures over many abstracts: micro-averages, by type and relation, errors, intervals."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.evaluate.measures import MEASURES, Facts, compare

__all__ = ["Evaluation", "Figure", "evaluate", "read_rows"]

SEED = 20_24


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many facts were right, annotated and predicted; percentages with one decimal."""

    hit: int
    gold: int
    predicted: int

    @property
    def precision(self) -> float:
        """The share of the predicted facts that are right."""
        return round(100 * self.hit / self.predicted, 1) if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the annotated facts that were found."""
        return round(100 * self.hit / self.gold, 1) if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.gold + self.predicted
        return round(200 * self.hit / both, 1) if both else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The facts of every scored abstract: `pairs[measure]` is a list of (gold, predicted) sets."""

    ids: tuple[str, ...]
    pairs: Mapping[str, Sequence[tuple[Facts, Facts]]]

    def figures(self) -> dict[str, Figure]:
        """Return the figure of each measure."""
        return {measure: _figure(pairs) for measure, pairs in self.pairs.items()}

    def by_type(self) -> dict[str, Figure]:
        """Return the mention figures of each entity type."""
        return _split(self.pairs["mention"], lambda fact: str(fact[2]))

    def by_relation(self) -> dict[str, Figure]:
        """Return the relation figures of each relation, with its role."""
        return _split(
            self.pairs["relation"], lambda fact: f"{fact[1]} {fact[2]}" if fact[2] else str(fact[1])
        )

    def confusion(self) -> Counter[tuple[str, str]]:
        """Count (gold type, predicted type) of mentions; "-" where one side has none."""
        counts: Counter[tuple[str, str]] = Counter()
        for want, got in self.pairs["mention"]:
            a = {fact[:2]: fact[2] for fact in want}
            b = {fact[:2]: fact[2] for fact in got}
            counts.update((a.get(span, "-"), b.get(span, "-")) for span in a.keys() | b.keys())
        return counts

    def errors(self, measure: str) -> Iterator[tuple[str, str, str]]:
        """Yield (id, "missed" or "wrong", fact) of each error, in order."""
        for doc_id, (want, got) in zip(self.ids, self.pairs[measure], strict=True):
            for fact in sorted(map(str, want - got)):
                yield doc_id, "missed", fact
            for fact in sorted(map(str, got - want)):
                yield doc_id, "wrong", fact

    def interval(self, measure: str, n_samples: int, level: float = 0.95) -> tuple[float, float]:
        """Return the bootstrap interval of F1, abstracts drawn with replacement, seed fixed."""
        tallies = [(len(a & b), len(a), len(b)) for a, b in self.pairs[measure]]
        chance = random.Random(SEED)
        drawn = []
        for _ in range(n_samples):
            sample = chance.choices(tallies, k=len(tallies))
            hit, both = sum(t[0] for t in sample), sum(t[1] + t[2] for t in sample)
            drawn.append(200 * hit / both if both else 0.0)
        drawn.sort()
        margin = (1 - level) / 2
        low, high = int(margin * n_samples), min(n_samples - 1, int((1 - margin) * n_samples))
        return round(drawn[low], 1), round(drawn[high], 1)


def evaluate(
    texts: Iterable[Mapping[str, Any]],
    gold: Mapping[str, Mapping[str, Any]],
    predicted: Mapping[str, Mapping[str, Any]],
) -> Evaluation:
    """Compare the predicted records of `texts` with the gold ones; both by id.

    A text without a gold record is left out; one without a prediction counts as empty.
    """
    ids = []
    pairs: dict[str, list[tuple[Facts, Facts]]] = {measure: [] for measure in MEASURES}
    for row in texts:
        if row["id"] not in gold:
            continue
        ids.append(str(row["id"]))
        text = row["title"] + "\n\n" + row["abstract"]
        facts = compare(text, gold[row["id"]], predicted.get(row["id"]))
        for measure, pair in facts.items():
            pairs[measure].append(pair)
    return Evaluation(ids=tuple(ids), pairs=pairs)


def read_rows(path: Path) -> dict[str, dict[str, Any]]:
    """Read JSON lines with an `id` each.

    Raises
    ------
    InputError
        A line is no JSON object, or has no id.
    """
    rows: dict[str, dict[str, Any]] = {}
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as err:
                message = (
                    f"{path}:{number}: not a JSON object ({err}); write one object on each line"
                )
                raise InputError(message) from err
            if not isinstance(row, dict) or not isinstance(row.get("id"), str):
                message = f"{path}:{number}: no id; every line needs the same id in texts and gold"
                raise InputError(message)
            rows[row["id"]] = row
    return rows


def _figure(pairs: Iterable[tuple[Facts, Facts]]) -> Figure:
    hit = gold = predicted = 0
    for want, got in pairs:
        hit += len(want & got)
        gold += len(want)
        predicted += len(got)
    return Figure(hit=hit, gold=gold, predicted=predicted)


def _split(
    pairs: Iterable[tuple[Facts, Facts]], group: Callable[[tuple[Any, ...]], str]
) -> dict[str, Figure]:
    split: dict[str, list[tuple[Facts, Facts]]] = defaultdict(list)
    for want, got in pairs:
        for name in {group(fact) for fact in want | got}:
            split[name].append(
                ({f for f in want if group(f) == name}, {f for f in got if group(f) == name})
            )
    return {name: _figure(split[name]) for name in sorted(split)}
