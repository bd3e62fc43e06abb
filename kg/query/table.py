"""A survey's table: the systems of a family, and what papers state about each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kg.query.closure import family_members
from kg.query.names import NameHit, find_names
from kg.query.narrowing import Narrowing
from kg.schema import Kind, RelationType, Role, label_of, load_schema
from kg.store.base import Store

__all__ = ["Cell", "CellFact", "Column", "Survey", "SurveyRow", "survey_table", "with_unit"]


class Column(StrEnum):
    """What a column of a survey's table tells of a system."""

    BENCHMARK = "benchmark"
    RESULT = "result"
    ROBOT = "robot"
    DATASET = "dataset"
    TASK = "task"
    USES = "uses"
    OUTPERFORMS = "outperforms"
    EXTENDS = "extends"


_COLUMNS: Mapping[tuple[str, str | None], Column] = {
    (RelationType.USES, Role.EVALUATION): Column.BENCHMARK,
    (RelationType.USES, Role.PLATFORM): Column.ROBOT,
    (RelationType.USES, Role.TRAINING): Column.DATASET,
    (RelationType.USES, Role.COMPONENT): Column.USES,
    (RelationType.ADDRESSES, None): Column.TASK,
    (RelationType.OUTPERFORMS, None): Column.OUTPERFORMS,
    (RelationType.EXTENDS, None): Column.EXTENDS,
}

_SYSTEMS = "UNWIND $ids AS id MATCH (s:Entity {id: id}) RETURN s.id, s.name, labels(s)"
_USERS = """UNWIND $ids AS id
MATCH (member:Entity {id: id})<-[r:USES|EXTENDS|ADDRESSES]-(user:Entity)
WHERE r.confidence >= $min_confidence
RETURN DISTINCT user.id"""
_INTRODUCED = """UNWIND $ids AS id
MATCH (member:Entity {id: id})<-[r:USES|EXTENDS|ADDRESSES]-(p:Paper)
WHERE r.confidence >= $min_confidence
MATCH (p)-[i:INTRODUCES]->(user:Entity)
WHERE i.paper = r.paper
RETURN DISTINCT user.id"""
_FACTS = """UNWIND $ids AS id
MATCH (s:Entity {id: id})-[r:USES|ADDRESSES|OUTPERFORMS|EXTENDS]->(other:Entity)
WHERE r.confidence >= $min_confidence
MATCH (p:Paper {id: r.paper})
WHERE ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
RETURN s.id, type(r), r.role, other.name, r.margin, p.id"""
_RESULTS = """UNWIND $ids AS id
MATCH (s:Entity {id: id})<-[:OF]-(x:Result)<-[r:REPORTS]-(p:Paper)
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
OPTIONAL MATCH (x)-[:ON]->(b:Entity)
OPTIONAL MATCH (x)-[:MEASURED_BY]->(m:Metric)
RETURN s.id, x.text, x.unit, m.name, b.name, x.setting, p.id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFact:
    """One fact of a cell, with the ids of the papers that state it, sorted."""

    text: str
    papers: tuple[str, ...] = ()


Cell = tuple[CellFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """A system with a cell for each column of the table."""

    id: str
    name: str
    type: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The table of a family; `subjects` are the names that were asked for."""

    subjects: tuple[NameHit, ...]
    columns: tuple[Column, ...]
    rows: tuple[SurveyRow, ...]


def survey_table(
    store: Store,
    name: str,
    columns: Sequence[Column],
    *,
    users: bool = False,
    narrowing: Narrowing | None = None,
) -> Survey:
    """Return the table of the systems of a family, sorted by name; a row without facts is left out.

    The systems are the name itself and all that is a kind of it; with `users` also those that use,
    extend or address one of these. Of a name that is no system (a task, a benchmark, a robot)
    they are those that address or use it. The narrowing's support is the number of papers that
    state the fact of a cell.

    Raises
    ------
    InputError
        No node has such a name; the message gives the nearest names.
    """
    narrowing = narrowing or Narrowing()
    parameters = narrowing.parameters()
    del parameters["min_support"]
    hits = find_names(store, name, [Kind.SYSTEM])
    members = family_members(store, (hit.id for hit in hits))
    ids = set(members)
    if users or any(hit.kind != Kind.SYSTEM for hit in hits):
        for query in (_USERS, _INTRODUCED):
            sure = {"ids": members, "min_confidence": parameters["min_confidence"]}
            ids.update(row[0] for row in store.query(query, sure).rows)
    cells = _cells(store, {"ids": sorted(ids), **parameters})
    rows = []
    for node_id, shown, labels in store.query(_SYSTEMS, {"ids": sorted(ids)}).rows:
        label = label_of(labels)
        found = [_cell(cells[node_id, column], narrowing.min_support) for column in columns]
        if load_schema().kinds[label] == Kind.SYSTEM and any(found):
            rows.append(SurveyRow(id=node_id, name=shown, type=label, cells=tuple(found)))
    rows.sort(key=lambda row: (row.name.casefold(), row.id))
    return Survey(subjects=tuple(hits), columns=tuple(columns), rows=tuple(rows))


_Facts = Mapping[tuple[str, Column], Mapping[str, set[str]]]
"""By system and column: the texts of the facts, each with the papers that state it."""


def _cells(store: Store, parameters: Mapping[str, Any]) -> _Facts:
    facts: dict[tuple[str, Column], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for system, relation, role, other, margin, paper in store.query(_FACTS, parameters).rows:
        column = _COLUMNS[relation, role]
        facts[system, column][f"{other} (by {margin})" if margin else other].add(paper)
    for system, *parts, paper in store.query(_RESULTS, parameters).rows:
        facts[system, Column.RESULT][_result(*parts)].add(paper)
    return facts


def _result(
    text: str, unit: str | None, metric: str | None, benchmark: str | None, setting: str | None
) -> str:
    shown = with_unit(text, unit)
    shown += f" {metric}" if metric else ""
    shown += f" on {benchmark}" if benchmark else ""
    return shown + (f" ({setting})" if setting and setting != metric else "")


def with_unit(text: str, unit: str | None) -> str:
    """Return a reported value with its unit, once.

    >>> with_unit("97.1", "%"), with_unit("97.1%", "%"), with_unit("12", "ms")
    ('97.1%', '97.1%', '12 ms')
    """
    if not unit or text.endswith(unit):
        return text
    return f"{text} {unit}" if unit[0].isalpha() else f"{text}{unit}"


def _cell(facts: Mapping[str, Iterable[str]], min_support: int) -> Cell:
    found = [CellFact(text=text, papers=tuple(sorted(papers))) for text, papers in facts.items()]
    kept = [fact for fact in found if len(fact.papers) >= min_support]
    return tuple(sorted(kept, key=lambda f: (-len(f.papers), f.text.casefold(), f.text)))
