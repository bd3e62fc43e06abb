"""Positions for a picture: force-directed islands, no two boxes on one another, packed together."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.view.packing import ASPECT, Sea

__all__ = ["Box", "lay_out"]

_SEED = 20
_STEPS_APART = 80
_MAX_STRETCHES = 40
_TOLERANCE = 0.5

_Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The room that a node and its label need, in pixels at the scale of the picture."""

    width: float
    height: float


def lay_out(boxes: Sequence[Box], links: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return a position (x, y) for each box; the same input gives the same positions.

    Each connected island is laid out by itself by ForceAtlas2 (Jacomy et al. 2014), its boxes are
    pushed apart until none covers another, and the islands are set around the largest.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(boxes)))
    graph.add_edges_from(sorted({(min(a, b), max(a, b)) for a, b in links if a != b}))
    islands = sorted(nx.connected_components(graph), key=lambda island: (-len(island), min(island)))
    placed: dict[int, tuple[int, int]] = {}
    sea = Sea()
    for members in map(sorted, islands):
        sizes = np.array([(boxes[i].width, boxes[i].height) for i in members])
        island = graph.subgraph(members)
        points = _spread(island, members, sizes)
        place = {i: points[k] for k, i in enumerate(members)}
        ends = np.array([(place[a], place[b]) for a, b in sorted(island.edges)]).reshape(-1, 2, 2)
        for i, (x, y) in zip(members, points + sea.land(points, sizes, ends), strict=True):
            placed[i] = (round(float(x)), round(float(y)))
    return tuple(placed[i] for i in range(len(boxes)))


def _spread(graph: "nx.Graph[int]", members: Sequence[int], sizes: _Points) -> _Points:
    """Return points of one island, the longer side horizontal."""
    if len(members) == 1:
        return np.zeros((1, 2))
    start = _ring_start(graph, members)
    steps = 60 if len(members) < 40 else 160
    found = nx.forceatlas2_layout(
        graph, pos=start, max_iter=steps, scaling_ratio=3.0, gravity=1.2, seed=_SEED, linlog=False
    )
    points = np.array([found[i] for i in members], dtype=np.float64)
    points = _turn(points - points.mean(axis=0))
    area = float((sizes[:, 0] * sizes[:, 1]).sum()) * 1.7
    height = math.sqrt(area / ASPECT)
    target = np.array((height * ASPECT, height))
    extent = np.maximum(np.ptp(points, axis=0), 1e-9)
    return _push_apart(points * np.minimum(target / extent, 2.5 * (target / extent).min()), sizes)


def _ring_start(graph: "nx.Graph[int]", members: Sequence[int]) -> dict[int, _Points]:
    """Return a start on a circle where the members of a community stand side by side."""
    groups = nx.community.louvain_communities(graph, seed=_SEED)
    order = [i for group in sorted(map(sorted, groups)) for i in group]
    angles = {i: 2 * math.pi * rank / len(members) for rank, i in enumerate(order)}
    return {i: np.array((math.cos(angles[i]), math.sin(angles[i]))) for i in members}


def _turn(points: _Points) -> _Points:
    """Turn centred points so that their longest extent lies on the x axis."""
    _, axes = np.linalg.eigh(points.T @ points)
    main = axes[:, 1] * (1 if axes[0, 1] >= 0 else -1)
    turned: _Points = points @ np.array(((main[0], -main[1]), (main[1], main[0])))
    return turned


def _push_apart(points: _Points, sizes: _Points) -> _Points:
    """Move boxes apart until none covers another, stretching the picture where that is slow."""
    points = points + 1e-3 * np.column_stack((np.arange(len(points)), -np.arange(len(points))))
    pairs = np.column_stack(np.triu_indices(len(points), 1))
    room = (sizes[pairs[:, 0]] + sizes[pairs[:, 1]]) / 2
    for _ in range(_MAX_STRETCHES):
        for _ in range(_STEPS_APART):
            if not _push(points, pairs, room):
                return points
        points *= 1.15
    return points


def _push(points: _Points, pairs: NDArray[np.int64], room: _Points) -> bool:
    """Push each covering pair along its shorter way; tell whether there was one."""
    apart = points[pairs[:, 0]] - points[pairs[:, 1]]
    covered = room - np.abs(apart)
    hit = np.flatnonzero((covered > _TOLERANCE).all(axis=1))
    axis = (covered[hit, 0] >= covered[hit, 1]).astype(int)
    push = covered[hit, axis] * np.where(apart[hit, axis] >= 0, 0.35, -0.35)
    np.add.at(points, (pairs[hit, 0], axis), push)
    np.add.at(points, (pairs[hit, 1], axis), -push)
    return len(hit) > 0
