"""The picture that a page opens with: what is drawn, where it stands, as pyvis's network."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from pyvis.network import Network

from kg.schema import Label, RelationType
from kg.view.layout import Box, lay_out
from kg.view.palette import LOOKS
from kg.view.tables import Line, Tables

__all__ = ["LIMIT", "Picture", "draw"]

LIMIT = 600
"""Nodes and lines drawn at once: a frame of vis-network's canvas takes 25 ms with so many."""

_HIDDEN_LABELS = frozenset({Label.PAPER, Label.AUTHOR, Label.TOPIC, Label.RESULT})
_LETTER_WIDTH = 6.2
_LABEL_LETTERS = 22
_LINE_HEIGHT = 15
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "tooltipDelay": 3600000,
        "keyboard": False,
        "navigationButtons": False,
    },
    "nodes": {"chosen": False, "borderWidth": 1.5},
    "edges": {"chosen": False, "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}}},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The labels and relationship types that are shown at first, and the network of pyvis."""

    labels: Set[str]
    types: Set[str]
    network: dict[str, Any]


def draw(tables: Tables, *, with_papers: bool) -> Picture:
    """Choose the best supported lines with their ends, lay them out and hand them to pyvis.

    Papers (and who wrote them, what they are about, what they report) are shown `with_papers`, or
    where there is nothing else to show.
    """
    labels = {str(label) for label in Label} - (set() if with_papers else _HIDDEN_LABELS)
    types = {str(relation) for relation in RelationType} - {RelationType.MENTIONS}
    nodes, lines = _choose(tables, labels, types)
    if not lines:
        labels, types = (
            {str(label) for label in Label},
            {str(relation) for relation in RelationType},
        )
        nodes, lines = _choose(tables, labels, types)
    return Picture(labels=labels, types=types, network=_network(tables, nodes, lines))


def _choose(tables: Tables, labels: Set[str], types: Set[str]) -> tuple[list[int], list[int]]:
    """Return the nodes and lines to draw: lines in their order, as long as there is room."""
    nodes: dict[int, None] = {}
    lines: list[int] = []
    for number, line in enumerate(tables.lines):
        ends = {line.source, line.target}
        if line.type not in types or any(tables.nodes[end]["label"] not in labels for end in ends):
            continue
        if len(nodes) + len(lines) + 1 + len(ends - nodes.keys()) <= LIMIT:
            nodes |= dict.fromkeys(sorted(ends))
            lines.append(number)
    if not nodes:
        shown = [i for i, node in enumerate(tables.nodes) if node["label"] in labels]
        nodes = dict.fromkeys(shown[:LIMIT])
    return sorted(nodes), lines


def _network(tables: Tables, nodes: Sequence[int], lines: Sequence[int]) -> dict[str, Any]:
    place = {node: i for i, node in enumerate(nodes)}
    chosen: list[tuple[int, Line]] = [(number, tables.lines[number]) for number in lines]
    boxes = [_box(tables.nodes[node]) for node in nodes]
    points = lay_out(boxes, [(place[line.source], place[line.target]) for _, line in chosen])
    network = Network(directed=True)
    for node, (x, y) in zip(nodes, points, strict=True):
        row = tables.nodes[node]
        shape = LOOKS[Label(row["label"])].shape
        network.add_node(node, shape=shape, group=row["label"], size=row["size"], x=x, y=y)
    for number, line in chosen:
        network.add_edge(line.source, line.target, id=f"line{number}")
    # The page writes the names itself, one beside the other, so that none covers another.
    bare = [{key: value for key, value in row.items() if key != "label"} for row in network.nodes]
    return {"nodes": bare, "edges": network.edges, "options": _OPTIONS}


def _box(row: dict[str, Any]) -> Box:
    letters = min(len(row["name"]), _LABEL_LETTERS)
    size = row["size"]
    return Box(
        width=max(letters * _LETTER_WIDTH * 0.5, 2 * size) + 16,
        height=2 * size + _LINE_HEIGHT + 12,
    )
