"""From clusters to nodes: what each entity of each record is, and what its node is called."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.records import Node
from kg.resolve.acronyms import is_short, may_abbreviate
from kg.resolve.corpus import ANCHOR, Name, Occurrence, RecordNames, name_groups
from kg.resolve.display import display_name
from kg.resolve.graph import short_hash
from kg.resolve.knowledge import Knowledge
from kg.resolve.links import Links
from kg.resolve.normalise import slug

__all__ = ["EntityIndex", "build_entities"]

Meanings = Mapping[tuple[str, int], Name]


@dataclass(slots=True)
class _Evidence:
    """All that the records say about one node."""

    names: Counter[str] = field(default_factory=Counter)
    other_names: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    introductions: list[tuple[int, str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityIndex:
    """The nodes of all entities, and for each entity of each record the id of its node.

    `ids[record id]` has one place for each entity of the record, in its order; None where an
    entity cannot be used. `roots` maps the names that stand for the clusters to node ids.
    """

    nodes: Mapping[str, Node]
    ids: Mapping[str, tuple[str | None, ...]]
    roots: Mapping[Name, str]


def build_entities(
    corpus: tuple[RecordNames, ...], links: Links, knowledge: Knowledge
) -> EntityIndex:
    """Return the node of every entity of the corpus."""
    meanings = _meanings(corpus, links, knowledge)
    evidence = _evidence(corpus, meanings, links, knowledge)
    names = {root: display_name_of(root, found, knowledge) for root, found in evidence.items()}
    ids = _unique_ids(names, evidence)
    nodes = {
        ids[root]: Node(
            id=ids[root],
            label=_label(root, found, knowledge),
            properties={"name": names[root], "aliases": _aliases(root, names, found, knowledge)},
        )
        for root, found in evidence.items()
    }
    return EntityIndex(
        nodes=nodes,
        ids={
            record.id: tuple(
                None if entity is None else ids[meanings[record.id, index]]
                for index, entity in enumerate(record.entities)
            )
            for record in corpus
        },
        roots=ids,
    )


def _meanings(
    corpus: tuple[RecordNames, ...], links: Links, knowledge: Knowledge
) -> dict[tuple[str, int], Name]:
    """Return the root that each entity means, ambiguous acronyms last: by their company."""
    meanings: dict[tuple[str, int], Name] = {}
    open_cases: list[tuple[str, int, Name]] = []
    for record in corpus:
        for index, entity, texts in _indexed(record):
            name = knowledge.name(entity.kind, entity.name)
            long = _own_long_form(entity.name, texts)
            if long is not None:
                meanings[record.id, index] = links.clusters.root(knowledge.name(entity.kind, long))
            elif name in links.ambiguous:
                open_cases.append((record.id, index, name))
            else:
                meanings[record.id, index] = links.clusters.root(name)
    company = _company(meanings)
    for record_id, index, name in open_cases:
        meanings[record_id, index] = _by_company(
            name, company.get(record_id, set()), links, company
        )
    return meanings


def _indexed(record: RecordNames) -> list[tuple[int, Occurrence, tuple[str, ...]]]:
    places = [i for i, entity in enumerate(record.entities) if entity is not None]
    groups = name_groups([record])
    return [(i, entity, texts) for i, (_, entity, texts) in zip(places, groups, strict=True)]


def _own_long_form(name: str, texts: Iterable[str]) -> str | None:
    """Return the long form that the record itself gives for an acronym."""
    longs = [text for text in texts if may_abbreviate(name, text)]
    return min(longs, key=lambda text: (-len(text), text)) if longs else None


def _company(meanings: Meanings) -> dict[str, set[Name]]:
    company: dict[str, set[Name]] = {}
    for (record_id, _), root in meanings.items():
        company.setdefault(record_id, set()).add(root)
    return company


def _by_company(
    name: Name, around: set[Name], links: Links, company: Mapping[str, set[Name]]
) -> Name:
    """Return the sense whose papers share most with what stands around, or the bare name."""
    scores: dict[Name, float] = {}
    for sense, papers in links.ambiguous[name].roots.items():
        known = [company.get(paper, set()) for paper in papers]
        shared = sum(len(around & other) / (1 + len(around | other)) for other in known)
        scores[sense] = shared / max(1, len(known)) + (1.0 if sense in around else 0.0)
    ranked = sorted(scores, key=lambda sense: (-scores[sense], sense))
    if not ranked or scores[ranked[0]] <= 0:
        return name
    if len(ranked) > 1 and scores[ranked[0]] < 2 * scores[ranked[1]]:
        return name
    return ranked[0]


def _evidence(
    corpus: tuple[RecordNames, ...], meanings: Meanings, links: Links, knowledge: Knowledge
) -> dict[Name, _Evidence]:
    evidence: dict[Name, _Evidence] = {}
    for record in corpus:
        for index, entity, texts in _indexed(record):
            root = meanings[record.id, index]
            found = evidence.setdefault(root, _Evidence())
            found.names[entity.name] += 1
            found.labels[entity.label] += 1
            found.other_names.update(
                text
                for text in texts
                if text != entity.name and _is_name_of(text, root, entity, links, knowledge)
            )
            if entity.introduced:
                year = record.paper.year or 9999
                found.introductions.append((year, record.id, entity.name, entity.label))
    return {root: evidence[root] for root in sorted(evidence)}


def _is_name_of(
    text: str, root: Name, entity: Occurrence, links: Links, knowledge: Knowledge
) -> bool:
    """Tell whether a mention is a name beyond its paper: "the model" or a part of a name is not."""
    name = knowledge.name(entity.kind, text)
    if links.clusters.root(name) == root:
        return True
    return may_abbreviate(text, entity.name) and links.clusters.entry(name) is None


def display_name_of(root: Name, found: _Evidence, knowledge: Knowledge) -> str:
    """Return the catalogue's name, else the introducing paper's, else the most frequent one."""
    if root[1].startswith(ANCHOR):
        return root[1].removeprefix(ANCHOR)
    introduced = [min(found.introductions)[2]] if found.introductions else []
    return display_name(found.names, found.other_names, introduced)


def _label(root: Name, found: _Evidence, knowledge: Knowledge) -> str:
    if root[1].startswith(ANCHOR):
        entry = knowledge.of_anchor(root)
        if entry is not None:
            return entry.type
    if found.introductions:
        return min(found.introductions)[3]
    return min(found.labels, key=lambda label: (-found.labels[label], label))


def _aliases(
    root: Name, names: Mapping[Name, str], found: _Evidence, knowledge: Knowledge
) -> tuple[str, ...]:
    entry = knowledge.of_anchor(root)
    known = () if entry is None else entry.names
    return tuple(sorted({*found.names, *found.other_names, *known} - {names[root]}))


def _unique_ids(names: Mapping[Name, str], evidence: Mapping[Name, _Evidence]) -> dict[Name, str]:
    """Return a readable id for each root: kind and name, the long form where two have one name."""
    plain = {root: f"{root[0]}:{slug(name) or short_hash(name)}" for root, name in names.items()}
    taken = Counter(plain.values())
    ids: dict[Name, str] = {}
    for root, value in plain.items():
        long = _long_form(names[root], evidence[root]) if taken[value] > 1 else None
        ids[root] = value if long is None else f"{value}:{slug(long)}"
    taken = Counter(ids.values())
    return {
        root: value if taken[value] == 1 else f"{value}:{short_hash(*root)}"
        for root, value in ids.items()
    }


def _long_form(name: str, found: _Evidence) -> str | None:
    if not is_short(name):
        return None
    return _own_long_form(name, [*found.names, *found.other_names])
