"""What is compared: the sets of facts that a gold record and a predicted one state.

mention          exact character span and type
mention_coarse   the same with Model = Method and Benchmark = Dataset
span             exact character span alone
entity           distinct entities per abstract: a shared mention string, and the type
relation         head, type, role and tail (entities aligned by a shared mention string)
relation_coarse  the same without the role, and with the paper = any entity that it introduces
uses_benchmark   relation_coarse for USES evaluation alone: "Orca uses BBH"
introduces       INTRODUCES alone
result           system or paper, benchmark or metric, and the value
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kg.records import PAPER
from kg.schema import Label, RelationType, Role
from kg.text import word_occurrences

__all__ = ["MEASURES", "Facts", "compare"]

MEASURES = (
    "mention",
    "mention_coarse",
    "span",
    "entity",
    "relation",
    "relation_coarse",
    "uses_benchmark",
    "introduces",
    "result",
)
Facts = set[tuple[Any, ...]]
_Row = Mapping[str, Any]
_Namer = Callable[[str | None], str | None]
_EMPTY: _Row = {"entities": [], "relations": [], "results": []}


def _coarse(label: str) -> str:
    """Return one name for the types that a lenient reader does not tell apart."""
    if label in {Label.MODEL, Label.METHOD}:
        return "System"
    return "Resource" if label in {Label.BENCHMARK, Label.DATASET} else label


def compare(text: str, gold: _Row, predicted: _Row | None) -> dict[str, tuple[Facts, Facts]]:
    """Return for each measure the facts of `gold` and those of `predicted`.

    The records are JSON objects with `entities`, `relations` and `results`; `text` is title, blank
    line, abstract.
    """
    got = {**_EMPTY, **(predicted or {})}
    a, b = _mentions(text, gold["entities"]), _mentions(text, got["entities"])
    aligned = _Aligned(gold, got)
    return {
        "mention": (a, b),
        "mention_coarse": (_coarsened(a), _coarsened(b)),
        "span": ({fact[:2] for fact in a}, {fact[:2] for fact in b}),
        "entity": (
            {(e["id"], e["type"]) for e in gold["entities"]},
            {(aligned(e["id"]), e["type"]) for e in got["entities"]},
        ),
        "relation": (_triples(gold, _same), _triples(got, aligned)),
        "relation_coarse": (
            _triples(gold, _same, coarse=True),
            _triples(got, aligned, coarse=True),
        ),
        "uses_benchmark": (_evaluations(gold, _same), _evaluations(got, aligned)),
        "introduces": (_introductions(gold, _same), _introductions(got, aligned)),
        "result": (_results(gold, _same), _results(got, aligned)),
    }


def _mentions(text: str, entities: Iterable[_Row]) -> Facts:
    """Return (start, end, type) of all whole-word occurrences, the longer mention first.

    A string that two entities of different type claim counts for the type that is first in the
    alphabet.
    """
    owner: dict[str, str] = {}
    for entity in sorted(entities, key=lambda e: e["type"]):
        for mention in entity["mentions"]:
            owner.setdefault(mention, entity["type"])
    return {(start, end, owner[m]) for start, end, m in word_occurrences(text, owner)}


def _coarsened(facts: Facts) -> Facts:
    return {(start, end, _coarse(label)) for start, end, label in facts}


def _key(mention: str) -> str:
    """Return a string in which case, hyphens and a plural s do not count."""
    folded = re.sub(r"[\W_]+", " ", mention.lower()).strip()
    return folded[:-1] if len(folded) > 4 and folded.endswith("s") else folded


class _Aligned:
    """One abstract's predicted entities, named after the gold entities that they stand for."""

    def __init__(self, gold: _Row, predicted: _Row) -> None:
        owner = {_key(m): e["id"] for e in gold["entities"] for m in [*e["mentions"], e["name"]]}
        self._names: dict[str, str] = {PAPER: PAPER}
        for e in predicted["entities"]:
            keys = [_key(m) for m in [*e["mentions"], e["name"]]]
            votes = Counter(owner[key] for key in keys if key in owner)
            self._names[e["id"]] = votes.most_common(1)[0][0] if votes else f"?{e['id']}"

    def __call__(self, entity_id: str | None) -> str | None:
        """Return the gold entity's id, or one that no gold entity has."""
        return None if entity_id is None else self._names.get(entity_id, f"?{entity_id}")


def _same(entity_id: str | None) -> str | None:
    return entity_id


def _introduced(row: _Row) -> set[str]:
    return {r["tail"] for r in row["relations"] if r["type"] == RelationType.INTRODUCES}


def _triples(row: _Row, name: _Namer, *, coarse: bool = False) -> Facts:
    introduced = _introduced(row)
    facts: Facts = set()
    for relation in row["relations"]:
        head = relation["head"]
        if coarse and relation["type"] != RelationType.INTRODUCES and head in introduced:
            head = PAPER
        ends = [name(head), name(relation["tail"])]
        if relation["type"] == RelationType.COMPARED_WITH:
            ends.sort(key=str)
        role = None if coarse else relation.get("role")
        facts.add((ends[0], relation["type"], role, ends[1]))
    return facts


def _introductions(row: _Row, name: _Namer) -> Facts:
    return {fact for fact in _triples(row, name) if fact[1] == RelationType.INTRODUCES}


def _evaluations(row: _Row, name: _Namer) -> Facts:
    kept = [
        r
        for r in row["relations"]
        if r["type"] == RelationType.INTRODUCES
        or (r["type"] == RelationType.USES and r.get("role") == Role.EVALUATION)
    ]
    facts = _triples({**row, "relations": kept}, name, coarse=True)
    return {fact for fact in facts if fact[1] == RelationType.USES}


def _results(row: _Row, name: _Namer) -> Facts:
    introduced = _introduced(row)
    facts: Facts = set()
    for result in row.get("results", []):
        own = result.get("system") in introduced
        system = PAPER if own else name(result.get("system") or PAPER)
        on = name(result.get("benchmark")) or name(result.get("metric"))
        facts.add((system, on, str(result["value"])))
    return facts
