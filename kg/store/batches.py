"""How changes are cut into transactions: whole papers together, whatever store they go to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from kg.errors import StoreError
from kg.records import Edge, Node
from kg.schema import Label
from kg.store.base import Changes

__all__ = ["batches", "check_keys", "paper_batches"]

T = TypeVar("T")
PaperBatch = tuple[list[Node], list[Edge]]


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def check_keys(changes: Changes) -> None:
    """Refuse nodes without an id and relationships without an id or an end.

    Raises
    ------
    StoreError
        There is one; an engine would make a node of its own for it.
    """
    for node in changes.nodes_upsert:
        if not node.id:
            raise StoreError(f"a {node.label} without an id: {dict(node.properties)!r:.200}")
    for edge in changes.edges_upsert:
        if not (edge.id and edge.source and edge.target):
            ends = f"{edge.source!r} → {edge.target!r}"
            raise StoreError(f"a relationship {edge.type} without an id or an end: {ends}")


def paper_batches(
    changes: Changes, size: int
) -> tuple[list[PaperBatch], Sequence[Node], Sequence[Edge]]:
    """Return the papers, each with what it states, in batches; then the other nodes and edges.

    A batch holds whole papers and about `size` rows: more where one paper alone has more.
    """
    stated: dict[str, list[Edge]] = defaultdict(list)
    derived: list[Edge] = []
    for edge in changes.edges_upsert:
        paper = edge.properties.get("paper")
        if isinstance(paper, str):
            stated[paper].append(edge)
        else:
            derived.append(edge)
    papers = {node.id: node for node in changes.nodes_upsert if node.label == Label.PAPER}
    others = [node for node in changes.nodes_upsert if node.label != Label.PAPER]
    units = [
        ([papers[paper]] if paper in papers else [], stated.get(paper, []))
        for paper in sorted(papers.keys() | stated.keys())
    ]
    return list(_merged(units, size)), others, derived


def _merged(units: Iterable[PaperBatch], size: int) -> Iterator[PaperBatch]:
    nodes: list[Node] = []
    edges: list[Edge] = []
    for unit_nodes, unit_edges in units:
        rows = len(nodes) + len(edges)
        if rows and rows + len(unit_nodes) + len(unit_edges) > size:
            yield nodes, edges
            nodes, edges = [], []
        nodes = nodes + unit_nodes
        edges = edges + unit_edges
    if nodes or edges:
        yield nodes, edges
