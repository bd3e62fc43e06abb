"""Derived edges: families, citations and topics, computed anew from what the papers state."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.records import Edge, Node
from kg.resolve.citations import Named, cite
from kg.resolve.entities import EntityIndex
from kg.resolve.families import Pair, acyclic, name_families
from kg.resolve.graph import edge_id
from kg.resolve.knowledge import Knowledge
from kg.resolve.papers import PaperIndex
from kg.resolve.topics import TopicFact, gather_topics
from kg.schema import Kind, Label, RelationType, load_schema

__all__ = ["Derived", "derive"]

_CATALOGUE, _NAME = "catalogue", "name"
_FAMILY_SCORE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What is added to the stated facts; `surplus` are stated edges that close a family cycle."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    surplus: tuple[str, ...]
    dropped: Mapping[str, int]


@dataclass(slots=True)
class _Stated:
    """The stated edges as far as the derived ones need them, by the ids of nodes."""

    introduced: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    mentioned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    families: dict[Pair, list[str]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[Pair, float] = field(default_factory=dict)


def derive(
    papers: PaperIndex, entities: EntityIndex, knowledge: Knowledge, edges: Iterable[Edge]
) -> Derived:
    """Return families, citations and topics."""
    stated = _read(edges)
    nodes = dict(entities.nodes)
    known = _catalogue_families(entities, knowledge, nodes)
    named = _name_pairs(nodes, knowledge)
    ranked = sorted(stated.families, key=lambda pair: (-len(stated.families[pair]), pair))
    kept = acyclic([*known, *ranked, *named])
    cyclic = set(ranked) - set(kept)
    families = _family_edges(known, named, set(kept), nodes)
    citations = cite(papers, _named(stated, entities, knowledge))
    topics = gather_topics(
        papers.groups.values(),
        _topic_facts(stated, kept, nodes),
        ((_name(nodes, a), _name(nodes, b), "family") for a, b in kept),
    )
    surplus = sorted(key for pair in cyclic for key in stated.families[pair])
    return Derived(
        nodes=(
            *(nodes[key] for key in nodes if key not in entities.nodes),
            *citations.stubs,
            *topics.nodes,
        ),
        edges=(*families, *citations.edges, *topics.edges),
        surplus=tuple(surplus),
        dropped=Counter({"IS_A: it would close a cycle": len(surplus)} if surplus else {}),
    )


def _name(nodes: Mapping[str, Node], node_id: str) -> str:
    return str(nodes[node_id].properties["name"])


def _read(edges: Iterable[Edge]) -> _Stated:
    stated = _Stated()
    for edge in edges:
        paper = str(edge.properties.get("paper", ""))
        if edge.type == RelationType.INTRODUCES:
            stated.introduced[edge.target].add(paper)
        elif edge.type == RelationType.MENTIONS:
            stated.mentioned[edge.target].add(paper)
        elif edge.type in (RelationType.USES, RelationType.EXTENDS):
            stated.used[edge.target].add(paper)
        elif edge.type == RelationType.IS_A:
            stated.families[edge.source, edge.target].append(edge.id)
        elif edge.type == RelationType.ADDRESSES:
            confidence = edge.properties.get("confidence")
            score = float(confidence) if isinstance(confidence, int | float) else 1.0
            pair = (paper, edge.target)
            stated.tasks[pair] = max(score, stated.tasks.get(pair, 0.0))
    return stated


def _catalogue_families(
    entities: EntityIndex, knowledge: Knowledge, nodes: dict[str, Node]
) -> list[Pair]:
    """Return what the catalogue says of the nodes; families that no paper names become nodes."""
    pairs: list[Pair] = []
    by_root = dict(entities.roots)
    open_roots = sorted(root for root in by_root if knowledge.of_anchor(root) is not None)
    while open_roots:
        root = open_roots.pop(0)
        entry = knowledge.of_anchor(root)
        for family in entry.families if entry is not None else ():
            above = knowledge.family(root[0], family)
            if above is None:
                continue
            if above not in by_root:
                node = knowledge.node(above, set(nodes))
                by_root[above] = node.id
                nodes[node.id] = node
                open_roots.append(above)
            pairs.append((by_root[root], by_root[above]))
    return sorted(set(pairs))


def _name_pairs(nodes: Mapping[str, Node], knowledge: Knowledge) -> list[Pair]:
    kinds = load_schema().kinds
    names: dict[Kind, dict[str, list[str]]] = defaultdict(dict)
    for node_id, node in nodes.items():
        aliases = node.properties["aliases"]
        others = aliases if isinstance(aliases, tuple) else ()
        names[kinds[node.label]][node_id] = [_name(nodes, node_id), *others]
    expansions = knowledge.expansions
    return [pair for kind in sorted(names) for pair in name_families(kind, names[kind], expansions)]


def _family_edges(
    known: list[Pair], named: list[Pair], kept: set[Pair], nodes: Mapping[str, Node]
) -> Iterator[Edge]:
    fresh = sorted(set(named) - set(known))
    for source, pairs in ((_CATALOGUE, known), (_NAME, fresh)):
        for member, family in pairs:
            if (member, family) in kept:
                yield Edge(
                    id=edge_id(RelationType.IS_A, member, family, source),
                    type=RelationType.IS_A,
                    source=member,
                    source_label=nodes[member].label,
                    target=family,
                    target_label=nodes[family].label,
                    properties={"source": source},
                )


def _named(stated: _Stated, entities: EntityIndex, knowledge: Knowledge) -> Named:
    catalogue = {}
    for root, node_id in entities.roots.items():
        entry = knowledge.of_anchor(root)
        if entry is not None and entry.arxiv_id is not None:
            catalogue[node_id] = (entry.arxiv_id, entry.year)
    return Named(
        introduced={key: frozenset(value) for key, value in stated.introduced.items()},
        mentioned={key: frozenset(value) for key, value in stated.mentioned.items()},
        used={key: frozenset(value) for key, value in stated.used.items()},
        catalogue=catalogue,
    )


def _topic_facts(
    stated: _Stated, kept: list[Pair], nodes: Mapping[str, Node]
) -> Iterator[TopicFact]:
    """Yield the tasks that papers address, and the families of what they introduce."""
    for (paper, task), score in stated.tasks.items():
        yield TopicFact(paper=paper, name=_name(nodes, task), score=score, source="task")
    for member, family in kept:
        node = nodes[family]
        if node.label in (Label.MODEL, Label.METHOD, Label.TASK):
            for paper in sorted(stated.introduced.get(member, ())):
                yield TopicFact(
                    paper=paper,
                    name=_name(nodes, family),
                    score=_FAMILY_SCORE,
                    source="family",
                )
