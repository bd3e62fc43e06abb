"""The first pass: what resolution keeps of each record, its names and not its text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from sys import intern

from kg.records import PAPER, Paper, Record
from kg.schema import Kind, RelationType, load_schema

__all__ = ["ANCHOR", "Name", "Occurrence", "RecordNames", "collect", "name_groups"]

ANCHOR = "= "
"""How the key begins that stands for an entry of the catalogue itself; no name has such a key."""

Name = tuple[Kind, str]
"""A kind and a key: what two names share that are one without any further reason."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An entity as one record names it; `introduced` if the record's paper introduces it."""

    kind: Kind
    label: str
    name: str
    mentions: tuple[str, ...]
    introduced: bool


@dataclass(frozen=True, slots=True)
class RecordNames:
    """The names of one record; `entities` stand in the record's own order."""

    id: str
    paper: Paper
    entities: tuple[Occurrence | None, ...]
    abbreviations: tuple[tuple[str, str], ...]


def collect(records: Iterable[Record]) -> tuple[RecordNames, ...]:
    """Return the names of all records, sorted by record id. It looks at the whole corpus.

    The abstracts are not kept. An entity of an unknown type or without a name is None.
    """
    return tuple(sorted((_names(record) for record in records), key=lambda names: names.id))


def _names(record: Record) -> RecordNames:
    introduced = {
        relation.tail
        for relation in record.relations
        if relation.type == RelationType.INTRODUCES and relation.head == PAPER
    }
    kinds = load_schema().kinds
    return RecordNames(
        record.id,
        replace(record.paper, abstract=""),
        tuple(
            Occurrence(
                kinds[entity.type],
                entity.type,
                intern(entity.name),
                tuple(intern(m) for m in entity.mentions if m.strip() and m != entity.name),
                entity.id in introduced,
            )
            if entity.type in kinds and entity.name.strip()
            else None
            for entity in record.entities
        ),
        tuple((intern(long), intern(short)) for long, short in record.abbreviations),
    )


def name_groups(
    names: Iterable[RecordNames],
) -> Iterator[tuple[RecordNames, Occurrence, tuple[str, ...]]]:
    """Yield each entity with all its names in its record: name, mentions, abbreviations."""
    for record in names:
        partners = _partners(record.abbreviations)
        for entity in record.entities:
            if entity is not None:
                own = (entity.name, *entity.mentions)
                more = [other for name in own for other in partners.get(name, ())]
                yield record, entity, tuple(dict.fromkeys((*own, *more)))


def _partners(abbreviations: tuple[tuple[str, str], ...]) -> Mapping[str, list[str]]:
    partners: dict[str, list[str]] = {}
    for long, short in abbreviations:
        partners.setdefault(long, []).append(short)
        partners.setdefault(short, []).append(long)
    return partners
