"""Choose the part of a graph that a page holds: by year, support and confidence, or by a focus."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.query.narrowing import Narrowing
from kg.records import Edge, Node
from kg.resolve.normalise import name_key
from kg.schema import Label, RelationType

__all__ = ["Part", "display_name", "find_nodes", "narrow", "neighbourhood"]

_N_SUGGESTIONS = 5
_NEVER_STATED = frozenset({Label.AUTHOR, Label.TOPIC})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some nodes of a graph, and edges whose ends are all among them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def display_name(node: Node) -> str:
    """Return what a person calls the node: name, a paper's title, a result with unit, or id."""
    unit = node.properties.get("unit")
    ending = "" if unit is None else f"{'' if unit == '%' else ' '}{unit}"
    for key in ("name", "title", "text"):
        value = node.properties.get(key)
        if isinstance(value, str) and value.strip():
            return value + ending
    return node.id


def narrow(part: Part, narrowing: Narrowing) -> Part:
    """Keep the facts of papers of the wanted years, of enough papers, and sure enough.

    A fact is counted by its ends, type and role; what a paper itself does ("we use LIBERO") by its
    type, role and target. Nodes that no kept fact touches go, derived relationships stay where
    both ends do.
    """
    if narrowing == Narrowing():
        return part
    in_years = _papers_of(part.nodes, narrowing)
    stated = [edge for edge in part.edges if "paper" in edge.properties]
    sure = [edge for edge in stated if _is_sure(edge, in_years, narrowing.min_confidence)]
    papers = defaultdict(set)
    for edge in sure:
        papers[_fact(edge)].add(edge.properties["paper"])
    kept = [edge for edge in sure if len(papers[_fact(edge)]) >= narrowing.min_support]
    touched = {end for edge in kept for end in (edge.source, edge.target)}
    derived = [
        edge for edge in part.edges if "paper" not in edge.properties and _stands(edge, touched)
    ]
    touched |= {end for edge in derived for end in (edge.source, edge.target)}
    return Part(
        nodes=tuple(node for node in part.nodes if node.id in touched),
        edges=(*kept, *derived),
    )


def find_nodes(nodes: Sequence[Node], name: str) -> tuple[Node, ...]:
    """Return the nodes that `name` means: by id, name, alias, then in another spelling.

    The first of these ways that finds something decides; it may find several nodes (a dataset
    and a robot of one name).

    Raises
    ------
    InputError
        No node has this name; the message gives the nearest names.
    """
    folded, key = name.strip().casefold(), name_key(name)
    ways: tuple[Callable[[Node], bool], ...] = (
        lambda node: node.id == name,
        lambda node: display_name(node) == name,
        lambda node: display_name(node).casefold() == folded,
        lambda node: folded in {alias.casefold() for alias in _aliases(node)},
        lambda node: bool(key) and key in map(name_key, _names(node)),
    )
    found = next(filter(None, (list(filter(way, nodes)) for way in ways)), [])
    if not found:
        raise InputError(f"no node is called {name!r}; {_suggest(nodes, name)}")
    return tuple(found)


def neighbourhood(part: Part, seeds: Iterable[Node], *, depth: int) -> Part:
    """Return what lies within `depth` relationships of the seeds.

    The walk does not take MENTIONS, which would join everything that a paper names; only a seed
    that has nothing else is left by them.
    """
    ways: dict[str, set[str]] = defaultdict(set)
    mentions: dict[str, set[str]] = defaultdict(set)
    for edge in part.edges:
        steps = mentions if edge.type == RelationType.MENTIONS else ways
        steps[edge.source].add(edge.target)
        steps[edge.target].add(edge.source)
    seen = {node.id for node in seeds}
    front = set(seen)
    for _ in range(depth):
        front = {end for start in front for end in ways[start] or mentions[start]} - seen
        seen |= front
    return Part(
        nodes=tuple(node for node in part.nodes if node.id in seen),
        edges=tuple(e for e in part.edges if e.source in seen and e.target in seen),
    )


def _papers_of(nodes: Iterable[Node], narrowing: Narrowing) -> frozenset[str] | None:
    first, last = narrowing.year_from, narrowing.year_to
    if first is None and last is None:
        return None
    return frozenset(
        node.id
        for node in nodes
        if node.label == Label.PAPER
        and isinstance(year := node.properties.get("year"), int)
        and (first is None or first <= year)
        and (last is None or year <= last)
    )


def _is_sure(edge: Edge, papers: frozenset[str] | None, min_confidence: float) -> bool:
    confidence = edge.properties.get("confidence", 1.0)
    return (papers is None or edge.properties["paper"] in papers) and (
        not isinstance(confidence, int | float) or confidence >= min_confidence
    )


def _fact(edge: Edge) -> tuple[str, str, str, object]:
    source = "" if edge.source_label == Label.PAPER else edge.source
    return source, edge.type, edge.target, edge.properties.get("role")


def _stands(edge: Edge, touched: set[str]) -> bool:
    ends = ((edge.source, edge.source_label), (edge.target, edge.target_label))
    return all(end in touched or label in _NEVER_STATED for end, label in ends)


def _aliases(node: Node) -> tuple[str, ...]:
    aliases = node.properties.get("aliases", ())
    return aliases if isinstance(aliases, tuple) else ()


def _names(node: Node) -> Iterator[str]:
    yield display_name(node)
    yield from _aliases(node)


def _suggest(nodes: Iterable[Node], name: str) -> str:
    from rapidfuzz import fuzz, process

    names: Mapping[str, str] = {
        text: text for node in nodes if node.label != Label.RESULT for text in _names(node)
    }
    near = process.extract(name, names, scorer=fuzz.WRatio, limit=_N_SUGGESTIONS, score_cutoff=60)
    if not near:
        return "`kg query 'MATCH (n:Entity) RETURN n.name'` lists the names"
    return "did you mean " + ", ".join(repr(match) for match, _, _ in near) + "?"
