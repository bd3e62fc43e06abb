"""What is known before a paper is read: the catalogue and the thesaurus, by key."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from kg.catalogue import Catalogue, CatalogueEntry
from kg.records import Node
from kg.resolve.acronyms import is_short, may_abbreviate, spells
from kg.resolve.corpus import ANCHOR, Name
from kg.resolve.graph import short_hash
from kg.resolve.match import WordBlocks, word_blocks
from kg.resolve.normalise import name_key, name_words, raw_words, slug
from kg.schema import Kind, load_schema
from kg.thesaurus import Thesaurus, ThesaurusRule

__all__ = ["Knowledge", "anchor", "expand", "know"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The catalogue's entries by name, and the thesaurus.

    `entries` has all entries that a name may mean, `ambiguous` the names that may mean something
    else too, `expansions` the words for which an acronym stands inside longer names, `words` the
    long words of the catalogue. `own_keys` are names that the thesaurus splits in spite of one key.
    """

    entries: Mapping[Name, tuple[CatalogueEntry, ...]]
    anchors: Mapping[Name, CatalogueEntry]
    ambiguous: frozenset[Name]
    expansions: Mapping[str, tuple[str, ...]]
    words: WordBlocks
    thesaurus: Thesaurus
    own_keys: Mapping[str, str]

    def name(self, kind: Kind, text: str) -> Name:
        """Return the kind and key under which a name is looked up."""
        if self.own_keys and text in self.own_keys:
            return kind, self.own_keys[text]
        return kind, name_key(text, kind)

    def entry(self, name: Name) -> CatalogueEntry | None:
        """Return the one entry that `name` means, or None."""
        found = self.entries.get(name, ())
        return found[0] if len(found) == 1 else None

    def written(self, short: Name) -> list[tuple[Name, str]]:
        """Return the long forms that the catalogue gives for an acronym, each with its anchor."""
        return [
            (anchor(short[0], entry), text)
            for entry in self.entries.get(short, ())
            for text in entry.names
            if may_abbreviate(short[1], text)
        ]

    def of_anchor(self, root: Name) -> CatalogueEntry | None:
        """Return the entry for which an anchor stands; None for another name."""
        return self.anchors.get(root)

    def family(self, kind: Kind, text: str) -> Name | None:
        """Return the anchor of the entry that a `family` of the catalogue names."""
        own = (kind, ANCHOR + text)
        if own in self.anchors:
            return own
        entry = self.entry(self.name(kind, text))
        return None if entry is None else anchor(kind, entry)

    def node(self, root: Name, taken: Set[str]) -> Node:
        """Return the node of an entry that no paper names."""
        entry = self.anchors[root]
        node_id = f"{root[0]}:{slug(entry.name)}"
        if node_id in taken:
            node_id = f"{node_id}:{short_hash(*root)}"
        aliases = tuple(sorted(entry.aliases))
        return Node(
            id=node_id, label=entry.type, properties={"name": entry.name, "aliases": aliases}
        )

    def senses(self, name: Name) -> tuple[Name, ...]:
        """Return the anchors of all entries that `name` may mean."""
        return tuple(anchor(name[0], entry) for entry in self.entries.get(name, ()))


def anchor(kind: Kind, entry: CatalogueEntry) -> Name:
    """Return the name that stands for an entry itself, whatever its names may mean besides."""
    return kind, ANCHOR + entry.name


def know(catalogue: Catalogue, thesaurus: Thesaurus) -> Knowledge:
    """Index the catalogue and the thesaurus by key."""
    kinds = load_schema().kinds
    entries: dict[Name, dict[tuple[str, str], CatalogueEntry]] = {}
    ambiguous: set[Name] = set()
    for entry in catalogue.entries:
        kind = kinds[entry.type]
        for text in entry.names:
            name = (kind, name_key(text, kind))
            entries.setdefault(name, {})[entry.type, entry.name] = entry
            if text in entry.ambiguous and is_short(text):
                ambiguous.add(name)
    by_name = {name: _first(name, found.values()) for name, found in entries.items()}
    by_name |= _first_versions(by_name)
    return Knowledge(
        entries=by_name,
        anchors={anchor(kinds[entry.type], entry): entry for entry in reversed(catalogue.entries)},
        ambiguous=frozenset(ambiguous | {n for n, found in by_name.items() if len(found) > 1}),
        expansions=_expansions(catalogue.entries),
        words=word_blocks({w for e in catalogue.entries for t in e.names for w in name_words(t)}),
        thesaurus=thesaurus,
        own_keys=_own_keys(thesaurus.splits),
    )


def _first(name: Name, found: Iterable[CatalogueEntry]) -> tuple[CatalogueEntry, ...]:
    """Return the entries that have `name` as their own name, else all of which it is an alias.

    Two entries of one kind and name are one thing that the files type twice.
    """
    entries = {entry.name: entry for entry in sorted(found, key=lambda e: (e.name, e.type))}
    own = [entry for entry in entries.values() if name_key(entry.name, name[0]) == name[1]]
    return tuple(own or entries.values())


def _first_versions(
    entries: Mapping[Name, tuple[CatalogueEntry, ...]],
) -> dict[Name, tuple[CatalogueEntry, ...]]:
    """Return "Orca 1" as a name of Orca where Orca 2 is known, and no other first version."""
    return {
        (kind, f"{key} 1"): entries[kind, key]
        for kind, key in entries
        if kind is Kind.SYSTEM and (kind, f"{key} 2") in entries
        if (kind, f"{key} 1") not in entries and not key[-1].isdigit()
    }


def _expansions(entries: tuple[CatalogueEntry, ...]) -> dict[str, tuple[str, ...]]:
    senses: dict[str, set[tuple[str, ...]]] = {}
    for entry in entries:
        for short in entry.names:
            longs = [long for long in entry.names if is_short(short) and spells(short, long)]
            if longs:
                senses.setdefault(name_key(short), set()).add(name_words(min(longs)))
    return {short: min(found) for short, found in senses.items() if len(found) == 1}


def _own_keys(splits: tuple[ThesaurusRule, ...]) -> dict[str, str]:
    """Return a key of its own for the second of two names that are split but have one key."""
    keys = {}
    for rule in splits:
        first, second = rule.names
        if name_key(first) == name_key(second):
            keys[second] = f"{name_key(second)} = {second}"
    return keys


def expand(
    name: str, kind: Kind, expansions: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    """Return the words of a longer name with known acronyms written out, or None if it has none.

    >>> expand("offline RL", Kind.SYSTEM, {"rl": ("reinforcement", "learning")})
    ('offline', 'reinforcement', 'learning')
    >>> expand("re-ranking", Kind.TASK, {"re": ("relation", "extraction")}) is None
    True
    """
    words = name_words(name, kind)
    if len(words) < 2 or not any(word in expansions for word in words):
        return None
    full: list[str] = []
    for word, raw in zip(words, raw_words(name), strict=False):
        for part in expansions.get(word, (word,)) if is_short(raw) else (word,):
            if not full or full[-1] != part:
                full.append(part)
    return tuple(full) if tuple(full) != words else None
