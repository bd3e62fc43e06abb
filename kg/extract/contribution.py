"""Relate entities to the paper's contribution: what it introduces, uses, addresses, beats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.clauses import Clause
from kg.extract.pairs import Fact
from kg.extract.roles import RoleModel, features_at, features_of_entity
from kg.records import Entity
from kg.schema import Label, RelationType, Role

__all__ = ["PARTS", "Places", "find_introduced", "find_main", "find_roles", "part_of"]

_SYSTEMS = frozenset({Label.MODEL, Label.METHOD})
_TYPES: dict[str, tuple[RelationType, Role | None]] = {
    "INTRODUCES": (RelationType.INTRODUCES, None),
    "USES evaluation": (RelationType.USES, Role.EVALUATION),
    "USES training": (RelationType.USES, Role.TRAINING),
    "USES component": (RelationType.USES, Role.COMPONENT),
    "USES platform": (RelationType.USES, Role.PLATFORM),
    "ADDRESSES": (RelationType.ADDRESSES, None),
    "OUTPERFORMS": (RelationType.OUTPERFORMS, None),
    "COMPARED_WITH": (RelationType.COMPARED_WITH, None),
    "EXTENDS": (RelationType.EXTENDS, None),
    "IS_A": (RelationType.IS_A, None),
}
PARTS = tuple(_TYPES)
"""What an entity may be for the paper; the first, introduced, is decided before the others."""


def part_of(relation_type: str, role: str | None) -> str:
    """Return the name of the part that a relation's tail plays for its head."""
    return f"{relation_type} {role}" if role else relation_type


def find_main(entities: Sequence[Entity], introduced: Sequence[int]) -> int | None:
    """Return the introduced system that stands for the paper: that of the title, or the first."""
    systems = [k for k in introduced if entities[k].type in _SYSTEMS]
    return min(
        systems, key=lambda k: (entities[k].spans[0][0] != 0, systems.index(k)), default=None
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """The features of an entity, all together and by sentence."""

    everything: frozenset[str]
    by_clause: tuple[tuple[Clause, frozenset[str]], ...]


class Places:
    """Where the text states something of its entities, and what is seen there."""

    def __init__(
        self, text: str, title_end: int, entities: Sequence[Entity], clauses: Sequence[Clause]
    ) -> None:
        self.entities = entities
        self._text, self._title_end, self._clauses = text, title_end, clauses
        self._at: dict[int, list[tuple[int, int]]] = {}
        for number, clause in enumerate(clauses):
            for index, token in enumerate(clause.tokens):
                if token.entity is not None and clause.asserts(index):
                    self._at.setdefault(token.entity, []).append((number, index))

    def stated(self) -> list[int]:
        """Return the entities of which something is stated, in the order of the text."""
        return sorted(self._at)

    def seen(self, k: int, stage: str, main: int | None) -> _Seen:
        """Return the features of entity `k` for a stage, "intro" or "role"."""
        base = features_of_entity(self.entities[k], self._text, self._title_end)
        base.add(f"main={main is not None and self.entities[main].type}")
        everything = {f"{stage} {feature}" for feature in base}
        by_clause = []
        for number, index in self._at.get(k, ()):
            clause = self._clauses[number]
            in_title = clause.span[0] < self._title_end
            own = features_at(clause, index, in_title=in_title, main=main)
            own = {f"{stage} {feature}" for feature in own}
            everything |= own
            by_clause.append((clause, frozenset(own)))
        return _Seen(frozenset(everything), tuple(by_clause))


def find_introduced(model: RoleModel, places: Places) -> list[tuple[int, float, Clause]]:
    """Return the entities that the paper introduces, with probability and evidence."""
    found = []
    for k in places.stated():
        seen = places.seen(k, "intro", None)
        probability = model.probabilities(seen.everything)[PARTS[0]]
        if probability >= model.threshold[0]:
            found.append((k, probability, _best(model, seen, 0)))
    return found


def find_roles(model: RoleModel, places: Places, main: int | None) -> Iterator[tuple[Fact, float]]:
    """Yield what the contribution has to do with the other entities, with probabilities."""
    for k in places.stated():
        if k == main:
            continue
        seen = places.seen(k, "role", main)
        probabilities = model.probabilities(seen.everything)
        for part, name in enumerate(PARTS):
            if part and probabilities[name] >= model.threshold[part]:
                relation, role = _TYPES[name]
                clause = _best(model, seen, part)
                yield Fact(main, relation, k, role, f"role {name}", clause), probabilities[name]


def _best(model: RoleModel, seen: _Seen, part: int) -> Clause:
    """Return the sentence that says most for a part, the earliest of equals."""
    scores = [
        sum(model.weights[f][part] for f in sorted(own) if f in model.weights)
        for _, own in seen.by_clause
    ]
    return seen.by_clause[scores.index(max(scores))][0]
