"""Finding the node that a person means by a name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.resolve.normalise import name_key
from kg.schema import Kind, label_of, load_schema
from kg.store.base import Store

__all__ = ["NameHit", "find_names", "nearest_names"]

_ARTICLES = re.compile(r"^(?:the|an?|any|all|some|its|our)\s+", re.IGNORECASE)
_FAMILY = re.compile(
    r"^(?:(?:the )?family of\s+)|\s+(?:family|families|class|based (?:models?|methods?)"
    r"|models?|methods?|systems?|approach(?:es)?|algorithms?|techniques?|polic(?:y|ies)"
    r"|benchmarks?|data ?sets?|robots?|tasks?|papers?|agents?|architectures?|frameworks?)$",
    re.IGNORECASE,
)
_QUOTES = "\"'“”‘’`«»"

_BY_NAME = "MATCH (n:{label} {{name: $name}}) RETURN n.id AS id, n.name AS name"
_ALL = (
    "MATCH (n:Entity) RETURN n.id AS id, n.name AS name, n.aliases AS aliases, labels(n) AS labels"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHit:
    """A node that a name may mean."""

    id: str
    name: str
    label: str

    @property
    def kind(self) -> Kind:
        """Return the kind of the node's label."""
        return load_schema().kinds[self.label]


def find_names(store: Store, text: str, kinds: Sequence[Kind] = ()) -> list[NameHit]:
    """Return the nodes that a text names, those of the first fitting kind where kinds are given.

    An exact name is looked up in the index; else the normalised names and aliases of all nodes
    are compared, then those of the text without its article and a trailing common noun
    ("the Orca family", "VLA models").

    Raises
    ------
    InputError
        No node has such a name; the message gives the nearest names.
    """
    for variant in _variants(text):
        hits = _exact(store, variant) or _normalised(store, variant)
        if hits:
            fitting = [hit for hit in hits if hit.kind in kinds]
            return fitting or hits
    near = nearest_names(store, text)
    hint = f"; the nearest names: {', '.join(near)}" if near else "; the graph holds no names yet"
    message = f"no name {text.strip()!r} in the graph{hint}"
    raise InputError(message)


def nearest_names(store: Store, text: str, *, limit: int = 5) -> list[str]:
    """Return the names in the graph that look most like a text, the nearest first."""
    from rapidfuzz import fuzz, process

    spellings: dict[str, str] = {}
    for hit, names in _all_names(store):
        for name in names:
            spellings.setdefault(name.casefold(), hit.name)
    found = process.extract(text.casefold(), list(spellings), scorer=fuzz.WRatio, limit=4 * limit)
    near = dict.fromkeys(
        spellings[spelling]
        for spelling, _, _ in sorted(found, key=lambda item: (-item[1], item[0]))
    )
    return list(near)[:limit]


def _variants(text: str) -> Iterator[str]:
    name = text.strip().strip(_QUOTES).strip()
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        yield name
        shorter = _ARTICLES.sub("", name)
        if shorter == name:
            shorter = _FAMILY.sub("", name)
        name = shorter.strip(_QUOTES).strip()


def _exact(store: Store, name: str) -> list[NameHit]:
    hits = []
    for label in load_schema().kinds:
        table = store.query(_BY_NAME.format(label=label), {"name": name})
        hits += [NameHit(id=row[0], name=row[1], label=label) for row in table.rows]
    return hits


def _normalised(store: Store, name: str) -> list[NameHit]:
    key = name_key(name)
    if not key:
        return []
    by_name, by_alias = [], []
    for hit, names in _all_names(store):
        if name_key(hit.name) == key:
            by_name.append(hit)
        elif any(name_key(alias) == key for alias in names):
            by_alias.append(hit)
    return sorted(by_name or by_alias, key=lambda hit: hit.id)


def _all_names(store: Store) -> Iterator[tuple[NameHit, list[str]]]:
    for node_id, name, aliases, labels in store.query(_ALL, {}).rows:
        label = label_of(labels)
        yield NameHit(id=node_id, name=name, label=label), [name, *(aliases or ())]
