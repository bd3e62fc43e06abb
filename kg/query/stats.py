"""Counts of what is in the graph."""

from dataclasses import dataclass

from kg.schema import load_schema
from kg.store.base import Store

__all__ = ["Count", "count_graph"]

_NODES = "MATCH (n:{label}) RETURN count(n)"
_EDGES = "MATCH ()-[r:{type}]->() RETURN count(r)"
_CITATIONS = "MATCH ()-[r:CITES]->() RETURN r.kind AS kind, count(r) AS n ORDER BY kind"
_STUBS = "MATCH (p:Paper) WHERE p.stub = true RETURN count(p)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many nodes of a label, or relationships of a type, there are."""

    what: str
    name: str
    count: int


def count_graph(store: Store) -> list[Count]:
    """Return the number of nodes of each label and of relationships of each type.

    Papers that are only cited are counted apart, and so is each kind of citation.
    """
    schema = load_schema()
    counts = [
        Count(what="nodes", name=label, count=_one(store, _NODES.format(label=label)))
        for label in schema.properties
    ]
    counts.append(Count(what="nodes", name="Paper (only cited)", count=_one(store, _STUBS)))
    for relation_type in schema.relationships:
        number = _one(store, _EDGES.format(type=relation_type))
        counts.append(Count(what="relationships", name=relation_type, count=number))
    for kind, number in store.query(_CITATIONS, {}).rows:
        counts.append(Count(what="relationships", name=f"CITES ({kind})", count=number))
    return counts


def _one(store: Store, cypher: str) -> int:
    return int(store.query(cypher, {}).rows[0][0])
