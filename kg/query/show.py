"""Everything that the graph holds about one name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kg.query.names import find_names
from kg.schema import Label, label_of
from kg.store.base import Store

__all__ = ["Fact", "Profile", "show"]

_NODE = "MATCH (n:Entity {id: $id}) RETURN n.name, labels(n), n.aliases"
_OUT = """MATCH (n:Entity {id: $id})-[r]->(other)
RETURN type(r), r.role, coalesce(other.name, other.title, other.text), labels(other),
       r.paper, r.sentence, r.confidence, r.source"""
_IN = """MATCH (n:Entity {id: $id})<-[r]-(other)
RETURN type(r), r.role, coalesce(other.name, other.title, other.text), labels(other),
       r.paper, r.sentence, r.confidence, r.source"""
_RESULTS = """MATCH (n:Entity {id: $id})<-[:OF|ON|MEASURED_BY]-(result:Result)
MATCH (result)<-[r:REPORTS]-(:Paper)
MATCH (result)-[:OF]->(system)
OPTIONAL MATCH (result)-[:ON]->(resource)
OPTIONAL MATCH (result)-[:MEASURED_BY]->(metric)
RETURN DISTINCT 'REPORTS', result.setting,
       coalesce(system.name, system.title) + ': ' + result.text + coalesce(' ' + metric.name, '')
       + coalesce(' on ' + resource.name, ''),
       labels(result), r.paper, r.sentence, r.confidence, null"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One relationship of the name: `direction` is "→" from it, "←" to it.

    `source` says where a derived fact comes from; a stated one has paper and sentence instead.
    """

    relation: str
    direction: str
    role: str | None
    other: str
    label: str
    paper: str | None
    sentence: str | None
    confidence: float | None
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A node and its facts, sorted by relation, direction, other end and paper."""

    id: str
    name: str
    label: str
    aliases: tuple[str, ...]
    facts: tuple[Fact, ...]


def show(store: Store, name: str) -> list[Profile]:
    """Return a profile of each node that a name means.

    Raises
    ------
    InputError
        No node has such a name; the message gives the nearest names.
    """
    return [_profile(store, hit.id) for hit in find_names(store, name)]


def _profile(store: Store, node_id: str) -> Profile:
    name, labels, aliases = store.query(_NODE, {"id": node_id}).rows[0]
    facts = [
        _fact(row, direction)
        for query, direction in ((_OUT, "→"), (_IN, "←"), (_RESULTS, "←"))
        for row in store.query(query, {"id": node_id}).rows
        if not (direction == "←" and label_of(row[3]) == Label.RESULT and row[0] != "REPORTS")
    ]
    return Profile(
        id=node_id,
        name=name,
        label=label_of(labels),
        aliases=tuple(aliases or ()),
        facts=tuple(sorted(facts, key=_order)),
    )


def _fact(row: Sequence[Any], direction: str) -> Fact:
    relation, role, other, labels, paper, sentence, confidence, source = row
    return Fact(
        relation=str(relation),
        direction=direction,
        role=_text(role),
        other=str(other),
        label=label_of(labels),
        paper=_text(paper),
        sentence=_text(sentence),
        confidence=float(confidence) if isinstance(confidence, int | float) else None,
        source=_text(source),
    )


def _order(fact: Fact) -> tuple[str, ...]:
    return (fact.relation, fact.direction, fact.role or "", fact.other.casefold(), fact.paper or "")


def _text(value: object) -> str | None:
    return None if value is None else str(value)
