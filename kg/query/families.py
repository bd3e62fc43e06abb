"""The tree of families: what is a kind of what, and where that comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.query.names import find_names
from kg.schema import label_of
from kg.store.base import Store

__all__ = ["Branch", "families", "family_trees"]

_LINKS = """MATCH (child:Entity)-[r:IS_A]->(parent:Entity)
RETURN child.id, child.name, labels(child), parent.id, parent.name, labels(parent), r.source"""
_PAPERS = "MATCH (p:Paper)-[:MENTIONS]->(n:Entity) RETURN n.id, count(p)"

MAX_DEPTH = 6
"""Steps of IS_A that are followed, as the named questions do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One line of a tree.

    `n_papers` mention the name itself; `sources` say where its place comes from: "text" (with the
    number of papers that state it), "catalogue", "name". A root has none.
    """

    depth: int
    id: str
    name: str
    label: str
    n_papers: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forest:
    names: Mapping[str, tuple[str, str]]
    children: Mapping[str, Mapping[str, tuple[str, ...]]]
    roots: tuple[str, ...]
    n_papers: Mapping[str, int]


def families(store: Store, name: str) -> list[Branch]:
    """Return the trees of the nodes that a name means, each node before its members.

    Raises
    ------
    InputError
        No node has such a name; the message gives the nearest names.
    """
    forest = _load(store)
    branches: list[Branch] = []
    for hit in find_names(store, name):
        root = Branch(
            depth=0,
            id=hit.id,
            name=hit.name,
            label=hit.label,
            n_papers=forest.n_papers.get(hit.id, 0),
            sources=(),
        )
        branches += [root, *_members(forest, hit.id, 1, frozenset([hit.id]))]
    return branches


def family_trees(store: Store) -> list[Branch]:
    """Return the trees of all families that are no member of another, the largest first."""
    forest = _load(store)
    trees = []
    for root in forest.roots:
        name, label = forest.names[root]
        n_papers = forest.n_papers.get(root, 0)
        top = Branch(depth=0, id=root, name=name, label=label, n_papers=n_papers, sources=())
        trees.append([top, *_members(forest, root, 1, frozenset([root]))])
    trees.sort(key=lambda tree: (-len(tree), tree[0].name.casefold(), tree[0].id))
    return [branch for tree in trees for branch in tree]


def _members(forest: _Forest, parent: str, depth: int, above: frozenset[str]) -> Iterator[Branch]:
    if depth > MAX_DEPTH:
        return
    members = forest.children.get(parent, {})
    for child in sorted(members, key=lambda c: (forest.names[c][0].casefold(), c)):
        if child in above:
            continue
        name, label = forest.names[child]
        yield Branch(
            depth=depth,
            id=child,
            name=name,
            label=label,
            n_papers=forest.n_papers.get(child, 0),
            sources=members[child],
        )
        yield from _members(forest, child, depth + 1, above | {child})


def _load(store: Store) -> _Forest:
    names: dict[str, tuple[str, str]] = {}
    found: dict[str, dict[str, list[str]]] = {}
    for row in store.query(_LINKS, {}).rows:
        child, child_name, child_labels, parent, parent_name, parent_labels, source = row
        names[child] = child_name, label_of(child_labels)
        names[parent] = parent_name, label_of(parent_labels)
        found.setdefault(parent, {}).setdefault(child, []).append(source or "text")
    members = {child for children in found.values() for child in children}
    return _Forest(
        names=names,
        children={
            parent: {child: _counted(sources) for child, sources in children.items()}
            for parent, children in found.items()
        },
        roots=tuple(sorted(found.keys() - members)),
        n_papers=dict(store.query(_PAPERS, {}).rows),
    )


def _counted(sources: Sequence[str]) -> tuple[str, ...]:
    n_texts = sources.count("text")
    stated = (f"text: {n_texts} paper{'' if n_texts == 1 else 's'}",) if n_texts else ()
    return stated + tuple(sorted(set(sources) - {"text"}))
