"""The results on a benchmark: a table for each metric, never two metrics in one column."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from kg.query.closure import family_members
from kg.query.names import find_names
from kg.query.narrowing import Narrowing
from kg.query.table import with_unit
from kg.resolve.normalise import join_words, name_key, name_words
from kg.schema import Kind, schema_file
from kg.store.base import Store

__all__ = ["Direction", "Leaderboard", "Standing", "leaderboards", "metric_direction"]


class Direction(StrEnum):
    """Which values of a metric are better."""

    HIGHER = "higher"
    LOWER = "lower"


_RESULTS = """UNWIND $ids AS id
MATCH (b:Entity {id: id})<-[:ON]-(x:Result)<-[r:REPORTS]-(p:Paper)
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
MATCH (x)-[:OF]->(s)
OPTIONAL MATCH (x)-[:MEASURED_BY]->(m:Metric)
RETURN b.id AS benchmark_id, b.name AS benchmark, m.name AS metric,
       coalesce(s.name, s.title) AS system, x.value AS value, x.text AS text, x.unit AS unit,
       x.setting AS setting, p.year AS year, p.id AS paper, r.sentence AS sentence"""

_CUTOFF = re.compile(r"@.*$")
_NUMBERED = re.compile(r"[\s-]?\d+(?:\.\d+)?$")
_PERCENT = "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A reported result: `text` is the value as written with its unit, `value` its number."""

    system: str
    text: str
    value: float | None
    setting: str | None
    year: int | None
    paper: str
    sentence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """The results on one benchmark by one metric in one unit.

    They come best first where it is known which values are better, else by system. `metric` is
    None where the papers name none: then nothing can be compared.
    """

    benchmark: str
    metric: str | None
    unit: str | None
    direction: Direction | None
    standings: tuple[Standing, ...]


def leaderboards(
    store: Store, name: str, *, direct: bool = False, narrowing: Narrowing | None = None
) -> list[Leaderboard]:
    """Return the tables of a benchmark and, unless `direct`, of its parts, the longest first.

    The named benchmark comes before its parts, and results without a metric come last. With a
    support in the narrowing only values that so many papers report for a system are listed.

    Raises
    ------
    InputError
        No node has such a name; the message gives the nearest names.
    """
    narrowing = narrowing or Narrowing()
    parameters = narrowing.parameters()
    del parameters["min_support"]
    hits = [hit.id for hit in find_names(store, name, [Kind.RESOURCE])]
    ids = hits if direct else family_members(store, hits)
    table = store.query(_RESULTS, {"ids": ids, **parameters})
    groups: dict[tuple[str, str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for cells in table.rows:
        row = dict(zip(table.columns, cells, strict=True))
        unit = _comparable(row["unit"])
        groups[row["benchmark_id"], row["benchmark"], row["metric"] or "", unit].append(row)
    boards = {
        (benchmark not in hits, not metric, -len(rows), benchmark, metric, unit): _board(
            shown, metric or None, unit or None, _supported(rows, narrowing.min_support)
        )
        for (benchmark, shown, metric, unit), rows in groups.items()
    }
    return [boards[key] for key in sorted(boards) if boards[key].standings]


def metric_direction(metric: str) -> Direction | None:
    """Return which values of a metric are better, where its name or the end of it tells.

    >>> metric_direction("top-5 error"), metric_direction("Pass@10")
    (<Direction.LOWER: 'lower'>, <Direction.HIGHER: 'higher'>)
    >>> metric_direction("attack success rate") is None
    True
    """
    bare = _CUTOFF.sub("", metric)
    for spelling in dict.fromkeys((metric, bare, _NUMBERED.sub("", bare))):
        words = name_words(spelling)
        for start in range(len(words)):
            known = _directions().get(join_words(words[start:]))
            if known is not None:
                return Direction(known) if known in set(Direction) else None
    return None


@cache
def _directions() -> Mapping[str, str]:
    data = json.loads(schema_file("metric_directions.json").read_text(encoding="utf-8"))
    return {name_key(name): direction for direction, names in data.items() for name in names}


def _comparable(unit: str | None) -> str:
    """Return what of a unit keeps results apart: papers leave the sign of per cent out."""
    return "" if unit is None or unit == _PERCENT else unit


def _supported(rows: list[dict[str, Any]], min_support: int) -> list[dict[str, Any]]:
    papers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        papers[row["system"], row["text"]].add(row["paper"])
    return [row for row in rows if len(papers[row["system"], row["text"]]) >= min_support]


def _board(
    benchmark: str, metric: str | None, unit: str | None, rows: Iterable[Mapping[str, Any]]
) -> Leaderboard:
    direction = metric_direction(metric) if metric else None
    standings = [
        Standing(
            system=row["system"],
            text=with_unit(row["text"], row["unit"]),
            value=row["value"],
            setting=row["setting"],
            year=row["year"],
            paper=row["paper"],
            sentence=row["sentence"],
        )
        for row in rows
    ]
    standings.sort(
        key=lambda s: (
            *_better(s.value, direction),
            s.system.casefold(),
            s.paper,
            s.text,
            s.setting or "",
        )
    )
    return Leaderboard(
        benchmark=benchmark,
        metric=metric,
        unit=unit,
        direction=direction,
        standings=tuple(standings),
    )


def _better(value: float | None, direction: Direction | None) -> tuple[bool, float]:
    """Return what sorts the best first; a value that is no number comes last."""
    if direction is None:
        return False, 0.0
    if value is None:
        return True, 0.0
    return False, value if direction is Direction.LOWER else -value
