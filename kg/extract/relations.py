"""State the relations between the entities of a text.

Three sources: the parts that entities play for the paper's contribution (`contribution.py`), the
wordings that relate two names (`pairs.py`), and names that say their family ("contrastive
learning" is a kind of "learning"). A trained model's links, where there are any, take the place
of the first; what the text denies or only supposes is left out whoever found it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from kg.extract.clauses import Clause
from kg.extract.contribution import Places, find_introduced, find_main, find_roles
from kg.extract.entities import mention_key
from kg.extract.pairs import Fact, find_pairs
from kg.extract.roles import load_roles
from kg.extract.state import Link, Reading, Span
from kg.records import PAPER, Entity, Relation
from kg.schema import Label, RelationType, Role, load_schema

__all__ = ["find_families", "find_versions", "relate"]

MIN_PRECISION = 0.4
MIN_BESIDE_MODEL = 0.75
LEFT_TO_RULES = frozenset({RelationType.EXTENDS, RelationType.COMPARED_WITH})
"""Relations too rare in the annotations for the model to have learnt."""
MIN_INTRODUCED = 0.6
"""How sure the rules must be of what a paper introduces, where the model names nothing."""
MODEL_RULE = "model"
_UNMEASURED = 0.6


_VERSION = re.compile(r"(?P<base>[A-Za-z][\w+-]*?[A-Za-z])[ -]?[vV]?(?P<major>\d)(?:\.\d)?")
_UNNUMBERED = re.compile(r"(?P<base>[A-Za-z][\w+-]*[A-Za-z])")


@dataclass(frozen=True, slots=True)
class _Draft:
    fact: Fact
    confidence: float


@cache
def _precisions() -> Mapping[str, float]:
    """Read how often each rule is right."""
    data = json.loads((files("kg.extract") / "data" / "precision.json").read_text("utf-8"))
    return {str(rule): float(value) for rule, value in data.items()}


def relate(reading: Reading, extractor: str) -> list[Relation]:
    """Return the relations between a text's entities; `extractor` names who found them."""
    text, entities, clauses = reading.text, reading.entities, reading.clauses
    places = Places(text, reading.title_end, entities, clauses)
    if reading.links is None:
        drafts = _by_roles(places)
    else:
        drafts = _by_model(reading.links, entities, clauses)
    named_by_rules = []
    if reading.links is not None and not _introduces(drafts):
        named_by_rules = [d for d in _by_roles(places) if d.confidence >= MIN_INTRODUCED]
        drafts += named_by_rules
    introduced = [
        d.fact.tail for d in drafts
        if d.fact.relation is RelationType.INTRODUCES and d.fact.tail is not None
    ]  # fmt: skip
    main = find_main(entities, introduced)
    if named_by_rules and main is not None:
        drafts = [_headed(draft, main) for draft in drafts]
    if reading.links is None:
        drafts += [_Draft(fact, p) for fact, p in find_roles(load_roles(), places, main)]
    has_model = reading.links is not None
    facts = [fact for clause in clauses for fact in find_pairs(clause, main)]
    facts += [*find_families(entities, clauses), *find_versions(entities, clauses, main)]
    for fact in facts:
        precision = _precisions().get(fact.rule, _UNMEASURED)
        if precision >= _minimum(fact, has_model=has_model):
            drafts.append(_Draft(fact, precision))
    return _finish(text, entities, drafts, extractor)


def _minimum(fact: Fact, *, has_model: bool) -> float:
    if has_model and fact.relation not in LEFT_TO_RULES:
        return MIN_BESIDE_MODEL
    return MIN_PRECISION


def _introduces(drafts: Sequence[_Draft]) -> bool:
    return any(draft.fact.relation is RelationType.INTRODUCES for draft in drafts)


def _headed(draft: _Draft, main: int) -> _Draft:
    """Give what the model says of the paper to the system that the paper introduces."""
    fact = draft.fact
    if fact.head is not None or fact.relation is RelationType.INTRODUCES or fact.tail == main:
        return draft
    return replace(draft, fact=replace(fact, head=main))


def _by_roles(places: Places) -> list[_Draft]:
    found = find_introduced(load_roles(), places)
    return [
        _Draft(Fact(None, RelationType.INTRODUCES, k, None, "introduced", clause), probability)
        for k, probability, clause in found
    ]


def _by_model(
    links: Sequence[Link], entities: Sequence[Entity], clauses: Sequence[Clause]
) -> list[_Draft]:
    """Return the trained model's links, where a sentence asserts something of the tail."""
    owner = {mention: k for k, entity in enumerate(entities) for mention in entity.mentions}
    drafts = []
    for link in links:
        tail = owner.get(link.tail)
        head = None if link.head is None else owner.get(link.head)
        if tail is None or (link.head is not None and head is None):
            continue
        clause = _asserting(clauses, tail, link.sentence)
        if clause is None:
            continue
        role = None if link.role is None else Role(link.role)
        fact = Fact(head, RelationType(link.type), tail, role, MODEL_RULE, clause)
        drafts.append(_Draft(fact, link.confidence))
    return drafts


def _asserting(clauses: Sequence[Clause], entity: int, sentence: Span) -> Clause | None:
    """Return the sentence, the given one if possible, that asserts something of an entity."""
    for clause in sorted(clauses, key=lambda c: (c.span != sentence, c.span)):
        if any(t.entity == entity and clause.asserts(k) for k, t in enumerate(clause.tokens)):
            return clause
    return None


def find_families(entities: Sequence[Entity], clauses: Sequence[Clause]) -> Iterator[Fact]:
    """Yield that "supervised contrastive learning" is a kind of "contrastive learning"."""
    keys = [{mention_key(name) for name in (e.name, *e.mentions)} for e in entities]
    kinds = load_schema().kinds
    for k, entity in enumerate(entities):
        for j, family in enumerate(entities):
            if k == j or kinds[entity.type] != kinds[family.type]:
                continue
            if any(a.endswith(" " + b) for a in keys[k] for b in keys[j]):
                clause = next((c for c in clauses if any(t.entity == k for t in c.tokens)), None)
                if clause is not None:
                    yield Fact(k, RelationType.IS_A, j, None, "name of family", clause)


def find_versions(
    entities: Sequence[Entity], clauses: Sequence[Clause], main: int | None
) -> Iterator[Fact]:
    """Yield that the introduced "Orca 2" extends the "Orca" of the same text."""
    if main is None:
        return
    own = _VERSION.fullmatch(entities[main].name)
    if own is None or int(own["major"]) < 2:
        return
    for k, entity in enumerate(entities):
        other = _VERSION.fullmatch(entity.name) or _UNNUMBERED.fullmatch(entity.name)
        if k == main or other is None or other["base"].lower() != own["base"].lower():
            continue
        if int(other.groupdict().get("major") or 1) < int(own["major"]):
            clause = next((c for c in clauses if any(t.entity == k for t in c.tokens)), None)
            if clause is not None:
                yield Fact(main, RelationType.EXTENDS, k, None, "later version", clause)


def _finish(
    text: str, entities: Sequence[Entity], drafts: Sequence[_Draft], extractor: str
) -> list[Relation]:
    """Return the allowed relations, each once, the surest first evidence kept."""
    best: dict[tuple[str, str, str, str | None], Relation] = {}
    for draft in drafts:
        relation = _relation(text, entities, draft, extractor)
        if relation is None:
            continue
        key = (relation.head, relation.type, relation.tail, relation.role)
        known = best.get(key)
        if known is None or relation.confidence > known.confidence:
            best[key] = relation
    order = {entity.id: n for n, entity in enumerate(entities)}
    return sorted(
        best.values(),
        key=lambda r: (order.get(r.head, -1), r.type, r.role or "", order[r.tail]),
    )


def _relation(
    text: str, entities: Sequence[Entity], draft: _Draft, extractor: str
) -> Relation | None:
    fact = draft.fact
    if fact.tail is None or fact.head == fact.tail:
        return None
    tail = entities[fact.tail]
    head = None if fact.head is None else entities[fact.head]
    allows = load_schema().allows
    if head is not None and not allows(fact.relation, head.type, tail.type, fact.role):
        if fact.rule.startswith("role ") or fact.rule == MODEL_RULE:
            head = None
        else:
            return None
    if head is None and not allows(fact.relation, Label.PAPER, tail.type, fact.role):
        return None
    start, end = fact.clause.span
    return Relation(
        head=PAPER if head is None else head.id,
        type=str(fact.relation),
        tail=tail.id,
        role=None if fact.role is None else str(fact.role),
        start=start,
        end=end,
        evidence=text[start:end],
        confidence=round(min(1.0, max(0.0, draft.confidence)), 3),
        extractor=MODEL_RULE if fact.rule == MODEL_RULE else f"{extractor}:{_slug(fact.rule)}",
    )


def _slug(rule: str) -> str:
    return rule.lower().replace(" ", "-").replace("_", "-")
