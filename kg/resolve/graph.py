"""What resolution gives: the graph, and for every join of two names its reason."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.records import Edge, Node

__all__ = ["Graph", "Join", "edge_id", "short_hash"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Join:
    """Two names of one kind that are one thing, and why: rule, evidence, score in [0, 1]."""

    kind: str
    left: str
    right: str
    rule: str
    evidence: str
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes and edges sorted by id, joins sorted, and what was dropped, counted by reason.

    It depends on the records, the catalogue and the thesaurus, not on the order of any of them.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    joins: tuple[Join, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)


def short_hash(*parts: str) -> str:
    """Return 16 hexadecimal digits that stand for `parts`, borders included."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def edge_id(relation_type: str, source: str, target: str, *what: str) -> str:
    """Return a relationship's id: a hash of type, ends, and what else makes it one (paper, role).

    >>> edge_id("USES", "system:orca", "resource:bbh", "2306.02707", "evaluation")
    '3647a5040ffe3823'
    """
    return short_hash(relation_type, source, target, *what)
