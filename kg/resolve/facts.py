"""Edges: what one paper states, with the ends resolved, each fact once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.records import PAPER, Edge, Record, Relation, Result, Value
from kg.resolve.graph import edge_id
from kg.schema import Label, RelationType, load_schema
from kg.text import sentence_spans

__all__ = ["Ends", "Facts", "state_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The nodes that a record's entity ids mean, `PAPER` among them: (node id, label)."""

    nodes: Mapping[str, tuple[str, str]]
    paper: str


@dataclass(slots=True)
class Facts:
    """The edges of a paper while its records are read; what cannot be one is counted."""

    edges: dict[str, Edge] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, edge: Edge) -> None:
        """Keep an edge, or the better one of two that state one fact."""
        known = self.edges.get(edge.id)
        if known is None or _rank(edge) < _rank(known):
            self.edges[edge.id] = edge


def _rank(edge: Edge) -> tuple[float, float, str, str]:
    """Highest confidence first, then the first sentence; the rest only makes it one order."""
    properties = edge.properties
    confidence, start = properties.get("confidence"), properties.get("start")
    return (
        -confidence if isinstance(confidence, float) else 0.0,
        start if isinstance(start, int) else float("inf"),
        str(properties.get("sentence", "")),
        repr(sorted(properties.items())),
    )


def state_facts(record: Record, ends: Ends, facts: Facts) -> None:
    """Add the relations and mentions of a record to the facts of its paper."""
    for relation in record.relations:
        _add_relation(relation, ends, facts)
    for edge in _mentions(record, ends):
        facts.add(edge)


def _add_relation(relation: Relation, ends: Ends, facts: Facts) -> None:
    head, tail = ends.nodes.get(relation.head), ends.nodes.get(relation.tail)
    if head is None or tail is None or relation.tail == PAPER:
        facts.dropped[f"{relation.type}: an end is no entity of the record"] += 1
    elif not load_schema().allows(relation.type, head[1], tail[1], relation.role):
        role = f" ({relation.role})" if relation.role is not None else ""
        facts.dropped[f"{relation.type}{role}: {head[1]} to {tail[1]} is not allowed"] += 1
    elif head == tail:
        facts.dropped[f"{relation.type}: both ends are one entity"] += 1
    else:
        facts.add(
            Edge(
                id=edge_id(relation.type, head[0], tail[0], ends.paper, relation.role or ""),
                type=relation.type,
                source=head[0],
                source_label=head[1],
                target=tail[0],
                target_label=tail[1],
                properties=evidence(relation, ends.paper) | _own_properties(relation),
            )
        )


def _own_properties(relation: Relation) -> dict[str, Value]:
    own = {"role": relation.role, "margin": relation.margin}
    allowed = load_schema().relationships[relation.type].properties
    return {key: text for key, text in own.items() if text is not None and key in allowed}


def evidence(fact: Relation | Result, paper: str) -> dict[str, Value]:
    """Return the properties that say where a paper states something; unknown ones left out."""
    found: dict[str, Value | None] = {
        "paper": paper,
        "sentence": fact.evidence,
        "start": fact.start,
        "end": fact.end,
        "confidence": float(fact.confidence),
        "extractor": fact.extractor,
    }
    return {name: value for name, value in found.items() if value is not None}


def _mentions(record: Record, ends: Ends) -> Iterator[Edge]:
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for entity in record.entities:
        node = ends.nodes.get(entity.id)
        if node is not None:
            spans.setdefault(node, []).extend(entity.spans)
    sentences = sentence_spans(record.paper.text)
    for (node_id, label), places in sorted(spans.items()):
        properties: dict[str, Value] = {"paper": ends.paper, "count": max(1, len(set(places)))}
        properties |= {"confidence": 1.0, "extractor": "record"}
        yield Edge(
            id=edge_id(RelationType.MENTIONS, ends.paper, node_id, ends.paper, ""),
            type=RelationType.MENTIONS,
            source=ends.paper,
            source_label=Label.PAPER,
            target=node_id,
            target_label=label,
            properties=properties | _sentence(places, sentences, record.paper.text),
        )


def _sentence(
    places: Iterable[tuple[int, int]], sentences: tuple[tuple[int, int], ...], text: str
) -> dict[str, Value]:
    first = min(places, default=None)
    for start, end in sentences:
        if first is not None and start <= first[0] < end:
            return {"sentence": text[start:end], "start": start, "end": end}
    return {}
