"""The difference between the graph as it is stored and as it was resolved."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from kg.records import Edge, Node, Value
from kg.schema import load_schema
from kg.store.base import Changes

__all__ = ["Changes", "GraphLike", "StoredGraph", "difference"]

T = TypeVar("T", Node, Edge)


class StoredGraph(Protocol):
    """What a store tells about its graph."""

    def nodes(self) -> Iterator[Node]:
        """Yield the stored nodes."""

    def edges(self) -> Iterator[Edge]:
        """Yield the stored relationships."""


class GraphLike(Protocol):
    """What resolution gives."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return all nodes."""

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Return all relationships."""


def difference(stored: StoredGraph, graph: GraphLike) -> Changes:
    """Return what makes `stored` equal to `graph`.

    The stored side is streamed: of each node and relationship only a digest is kept. A node
    whose label changed is written again; the store keeps its relationships.
    """
    node_digests = {_node_key(node): _node_digest(node) for node in graph.nodes}
    nodes_delete, same_nodes = _sort_out(
        ((_node_key(node), _node_digest(node), node) for node in stored.nodes()), node_digests
    )
    edge_digests = {(edge.type, edge.id): _edge_digest(edge) for edge in graph.edges}
    edges_delete, same_edges = _sort_out(
        (((edge.type, edge.id), _edge_digest(edge), edge) for edge in stored.edges()),
        edge_digests,
    )
    return Changes(
        nodes_upsert=tuple(node for node in graph.nodes if _node_key(node) not in same_nodes),
        edges_upsert=tuple(edge for edge in graph.edges if (edge.type, edge.id) not in same_edges),
        nodes_delete=tuple(sorted(nodes_delete, key=_node_key)),
        edges_delete=tuple(sorted(edges_delete, key=lambda edge: (edge.type, edge.id))),
    )


def _sort_out(
    stored: Iterable[tuple[tuple[str, str], bytes, T]],
    digests: Mapping[tuple[str, str], bytes],
) -> tuple[list[T], set[tuple[str, str]]]:
    """Return what is no longer wanted, and the keys of what stands as it should."""
    surplus: list[T] = []
    same: set[tuple[str, str]] = set()
    for key, digest, item in stored:
        wanted = digests.get(key)
        if wanted is None:
            surplus.append(item)
        elif wanted == digest:
            same.add(key)
    return surplus, same


def _node_key(node: Node) -> tuple[str, str]:
    return load_schema().anchor(node.label), node.id


def _node_digest(node: Node) -> bytes:
    return _digest(node.label, node.id, node.properties)


def _edge_digest(edge: Edge) -> bytes:
    anchor = load_schema().anchor
    source = f"{anchor(edge.source_label)} {edge.source}"
    target = f"{anchor(edge.target_label)} {edge.target}"
    return _digest(edge.type, source, target, edge.properties)


def _digest(*parts: str | Mapping[str, Value]) -> bytes:
    """Hash the parts; 1 and 1.0 differ, as they do in the graph; `None` and `()` are none."""
    plain = [
        {key: value for key, value in part.items() if value is not None and value != ()}
        if isinstance(part, Mapping)
        else part
        for part in parts
    ]
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
