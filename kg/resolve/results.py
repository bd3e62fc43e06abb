"""Result nodes: a number that a paper reports, with the system, the benchmark and the metric."""

import re

from kg.records import Edge, Node, Record, Result, Value
from kg.resolve.facts import Ends, Facts, evidence
from kg.resolve.graph import edge_id, short_hash
from kg.schema import Label, RelationType, load_schema

__all__ = ["numeric_value", "state_results"]

_NUMBER = re.compile(r"([-+\u2212]?\d+(?:,\d{3})+(?:\.\d+)?|[-+\u2212]?(?:\d+\.?\d*|\.\d+))\s*(.*)")
_SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_SOURCE = "result"


def numeric_value(text: str) -> float | None:
    """Return the number that a reported value stands for, or None.

    >>> numeric_value("97.1"), numeric_value("1,024"), numeric_value("2.5M"), numeric_value("SOTA")
    (97.1, 1024.0, 2500000.0, None)
    """
    match = _NUMBER.match(text.strip().lstrip("~<>≈≤≥$ "))
    if match is None:
        return None
    number = float(match[1].replace(",", "").replace("\u2212", "-"))
    rest = match[2].strip().lower()
    return number * _SCALES.get(rest, 1.0)


def state_results(record: Record, ends: Ends, facts: Facts) -> dict[str, Node]:
    """Add a record's results to the facts of its paper, and return their nodes by id.

    A result without a system that may have one is dropped; a benchmark or metric of another kind
    costs only its own relationship.
    """
    nodes: dict[str, Node] = {}
    for result in record.results:
        links = _links(result, ends, facts)
        if links is None:
            continue
        parts = [f"{kind}={end[0]}" for kind, end in sorted(links.items())]
        node_id = "result:" + short_hash(
            ends.paper, *parts, result.value, result.unit or "", result.setting or ""
        )
        nodes[node_id] = Node(id=node_id, label=Label.RESULT, properties=_properties(result))
        facts.add(
            _edge(
                RelationType.REPORTS,
                (ends.paper, Label.PAPER),
                (node_id, Label.RESULT),
                evidence(result, ends.paper),
            )
        )
        for relation_type, end in links.items():
            facts.add(_edge(relation_type, (node_id, Label.RESULT), end, {"source": _SOURCE}))
    return nodes


def _links(result: Result, ends: Ends, facts: Facts) -> dict[RelationType, tuple[str, str]] | None:
    links: dict[RelationType, tuple[str, str]] = {}
    for relation_type, entity in (
        (RelationType.OF, result.system),
        (RelationType.ON, result.benchmark),
        (RelationType.MEASURED_BY, result.metric),
    ):
        if entity is None:
            continue
        end = ends.nodes.get(entity)
        if end is None:
            facts.dropped[f"{relation_type}: an end is no entity of the record"] += 1
        elif not load_schema().allows(relation_type, Label.RESULT, end[1]):
            facts.dropped[f"{relation_type}: Result to {end[1]} is not allowed"] += 1
        else:
            links[relation_type] = end
    return links if RelationType.OF in links else None


def _properties(result: Result) -> dict[str, Value]:
    found: dict[str, Value | None] = {
        "value": numeric_value(result.value),
        "unit": result.unit,
        "text": result.value,
        "setting": result.setting,
    }
    return {name: value for name, value in found.items() if value is not None}


def _edge(
    relation_type: str,
    source: tuple[str, str],
    target: tuple[str, str],
    properties: dict[str, Value],
) -> Edge:
    return Edge(
        id=edge_id(relation_type, source[0], target[0], str(properties.get("paper", ""))),
        type=relation_type,
        source=source[0],
        source_label=source[1],
        target=target[0],
        target_label=target[1],
        properties=properties,
    )
