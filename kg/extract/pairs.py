"""Find the pairs of names that a sentence relates, by the wordings of `patterns.py`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.clauses import Clause
from kg.extract.patterns import BETWEEN, TRIGGERS, Trigger
from kg.schema import RelationType, Role

__all__ = ["Fact", "find_pairs"]

_ENTITY = re.compile(r"e(\d+)[MHBDTSR]")
_PREPOSITIONS = frozenset(
    [
        "of",
        "on",
        "with",
        "than",
        "over",
        "by",
        "for",
        "from",
        "using",
        "via",
        "in",
        "to",
        "against",
        "like",
        "through",
        "under",
        "across",
        "between",
        "into",
        "unlike",
        "without",
        "compared",
        "including",
        "as",
        "about",
    ]
)
_TAKE_OBJECT = frozenset(
    [
        "outperforms",
        "outperform",
        "outperformed",
        "outperforming",
        "surpasses",
        "surpass",
        "surpassed",
        "surpassing",
        "exceeds",
        "exceeding",
        "beats",
        "beating",
        "uses",
        "leverages",
        "employs",
        "combines",
        "extends",
        "matches",
        "rivals",
    ]
)
_STOP_RIGHT = frozenset(
    [
        ";",
        ":",
        ".",
        "on",
        "in",
        "by",
        "for",
        "while",
        "but",
        "when",
        "under",
        "across",
        "at",
        "to",
        "from",
        "using",
        "where",
        "which",
        "that",
    ]
)
_NOUNS = frozenset(
    [
        "model",
        "models",
        "method",
        "methods",
        "policy",
        "policies",
        "approach",
        "approaches",
        "algorithm",
        "algorithms",
        "framework",
        "frameworks",
        "network",
        "networks",
        "architecture",
        "system",
        "systems",
        "baseline",
        "baselines",
        "benchmark",
        "benchmarks",
        "dataset",
        "datasets",
        "task",
        "tasks",
        "suite",
        "series",
        "family",
        "robot",
        "robots",
        "arm",
        "arms",
        "agent",
        "agents",
    ]
)
_JOINERS = frozenset({",", "and", "or", "/", "&", "as", "well", "both"})
_DETERMINERS = frozenset(
    ["the", "a", "an", "its", "our", "their", "both", "all", "existing", "recent"]
)
_EXAMPLE = re.compile(
    r"(?:[a-z-]+ ){0,2}?(?:, )?(?:\( )?(?:such as|including|like|namely|e \. g \.(?: ,)?)"
    r" (?:(?:the|a) )?(?=e\d)"
)
_MAX_SKIP = 9


@dataclass(frozen=True, slots=True)
class Fact:
    """A stated pair; `head` and `tail` are indices of entities, None for the paper."""

    head: int | None
    relation: RelationType
    tail: int | None
    role: Role | None
    rule: str
    clause: Clause


def find_pairs(clause: Clause, main: int | None) -> Iterator[Fact]:
    """Yield what a sentence states; `main` is the entity whose name stands for the paper."""
    if all(token.entity is None for token in clause.tokens):
        return
    for trigger in TRIGGERS:
        for found in trigger.pattern.finditer(clause.line):
            first, last = clause.index(found.start()), clause.index(found.end() - 2)
            yield from _around(clause, trigger, first, last + 1, main)
    for between in BETWEEN:
        for found in between.pattern.finditer(clause.line):
            at = clause.index(found.start())
            place = clause.index(max(found.start("head"), found.start("tail")))
            if clause.is_unsure(place) or clause.is_negated(at) or clause.is_negated(place):
                continue
            for head in _numbers(found.group("head")):
                for tail in _numbers(found.group("tail")):
                    yield Fact(head, between.relation, tail, between.role, between.name, clause)


def _around(
    clause: Clause, trigger: Trigger, first: int, last: int, main: int | None
) -> Iterator[Fact]:
    if clause.is_unsure(first) or clause.is_unsure(last - 1):
        return
    relation: RelationType | None = trigger.relation
    if clause.is_negated(last - 1) or clause.is_negated(first):
        relation = trigger.denied
    if relation is None:
        return
    left_kinds, right_kinds = (trigger.heads, trigger.tails)
    subjects = subject_of(clause, first, left_kinds)
    objects = objects_of(clause, last, right_kinds)
    for left in subjects:
        for right in objects:
            head, tail = (right, left) if trigger.inverted else (left, right)
            head = main if head is None else head
            yield Fact(head, relation, tail, trigger.role, trigger.name, clause)


def subject_of(clause: Clause, index: int, kinds: str) -> list[int | None]:
    """Return the names that are the subject of what stands at token `index`; None is the paper."""
    tokens = clause.tokens
    participle = tokens[index].text.endswith("ing")
    k = index - 1
    while k >= 0 and tokens[k].text not in {";", "."}:
        token = tokens[k]
        if token.text == "P" and "P" in kinds:
            return [None]
        if token.entity is not None and token.text[-1] in kinds:
            start = clause.list_start(k)
            if not _governed(clause, start) or _opens_relative(clause, k + 1):
                return [
                    t.entity
                    for t in tokens[start : k + 1]
                    if t.entity is not None and t.text[-1] in kinds
                ]
            k = start
        k -= 1
    if participle and "P" in kinds:
        return [None]
    return []


def _governed(clause: Clause, index: int) -> bool:
    """Tell whether a preposition, or a verb whose object it is, stands before a name."""
    k = index - 1
    while k >= 0 and (clause.tokens[k].text in _DETERMINERS):
        k -= 1
    return k >= 0 and clause.tokens[k].text in _PREPOSITIONS | _TAKE_OBJECT


def _opens_relative(clause: Clause, index: int) -> bool:
    """Tell whether a relative clause about the name before begins at token `index`."""
    words = [token.text for token in clause.tokens[index : index + 3]]
    return any(w in {"which", "that"} for w in words) and all(
        w in {",", "which", "that"} or w in _NOUNS
        for w in words[: words.index(next(w for w in words if w in {"which", "that"}))]
    )


def objects_of(clause: Clause, index: int, kinds: str) -> list[int | None]:
    """Return the list of names that begins after token `index` - 1."""
    tokens = clause.tokens
    k = index
    while k < len(tokens) and k - index < _MAX_SKIP:
        token = tokens[k]
        if (token.entity is not None and token.text[-1] in kinds) or (
            token.text == "P" and "P" in kinds
        ):
            return [] if clause.is_excluded(k) else _list_from(clause, k, kinds)
        if token.text in _STOP_RIGHT:
            return []
        k += 1
    return []


def _list_from(clause: Clause, index: int, kinds: str) -> list[int | None]:
    tokens = clause.tokens
    found: list[int | None] = []
    k = index
    while k < len(tokens):
        token = tokens[k]
        if token.text == "P":
            found.append(None)
        elif token.entity is not None and token.text[-1] in kinds:
            found.append(token.entity)
        else:
            break
        k += 1
        while k < len(tokens) and tokens[k].text in _NOUNS:
            k += 1
        example = _EXAMPLE.match(clause.line, clause.offset(k)) if k < len(tokens) else None
        if example is not None:
            k = clause.index(example.end() - 2) + 1
            continue
        joined = k
        while k < len(tokens) and tokens[k].text in _JOINERS:
            k += 1
        if k == joined:
            break
        while k < len(tokens) and tokens[k].text in _DETERMINERS:
            k += 1
    return found


def _numbers(line: str) -> Sequence[int]:
    return [int(number) for number in _ENTITY.findall(line)]
