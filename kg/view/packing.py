"""Set islands of a picture side by side: each into the free water nearest to the middle."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["ASPECT", "Sea"]

ASPECT = 1.6
"""Width over height of the finished picture: that of a slide less the margins."""

_CELL = 18.0
_SHORE = 1
"""Cells that are kept free around whatever is there."""
_POINTS_ON_A_LINE = 24

_Points = NDArray[np.float64]


class Sea:
    """A grid of cells, free or taken, that grows as islands land; its middle is the origin."""

    def __init__(self) -> None:
        self._taken = np.zeros((64, 64), dtype=bool)

    def land(self, points: _Points, sizes: _Points, lines: _Points) -> _Points:
        """Take a place for an island and return the shift (x, y) that brings it there.

        `points` and `sizes` (n, 2) are the middles and extents of its boxes, `lines` (m, 2, 2)
        the ends of what is drawn between them.
        """
        low = (points - sizes / 2).min(axis=0)
        extent = (points + sizes / 2).max(axis=0) - low
        window = np.ceil(extent / _CELL).astype(int) + 2 * _SHORE
        corner = self._free_corner(int(window[0]), int(window[1]))
        shift = (corner + _SHORE) * _CELL - low
        self._fill(points + shift - sizes / 2, points + shift + sizes / 2)
        weights = np.linspace(0.0, 1.0, _POINTS_ON_A_LINE)[:, None, None]
        on_lines = (lines[:, 0] * (1 - weights) + lines[:, 1] * weights).reshape(-1, 2) + shift
        self._fill(on_lines, on_lines)
        moved: _Points = shift
        return moved

    def _free_corner(self, width: int, height: int) -> NDArray[np.int64]:
        """Return the corner, in cells from the origin, of the free window nearest to it."""
        while True:
            half = np.array(self._taken.shape) // 2
            rows, columns = np.nonzero(_free_windows(self._taken, width, height))
            x, y = columns - half[1], rows - half[0]
            distance = ((x + width / 2) / ASPECT) ** 2 + (y + height / 2) ** 2
            reach = (min(half) - max(width, height)) / ASPECT
            if len(x) and reach > 0 and distance.min() <= reach**2:
                nearest = int(np.argmin(distance))
                return np.array((x[nearest], y[nearest]))
            self._taken = np.pad(self._taken, max(half))

    def _fill(self, low: _Points, high: _Points) -> None:
        half = np.array(self._taken.shape)[::-1] // 2
        first = np.floor(low / _CELL).astype(int) + half
        last = np.floor(high / _CELL).astype(int) + half
        for (x0, y0), (x1, y1) in zip(first, last, strict=True):
            self._taken[y0 : y1 + 1, x0 : x1 + 1] = True


def _free_windows(taken: NDArray[np.bool_], width: int, height: int) -> NDArray[np.bool_]:
    """Return for each corner whether the window there is free, by a summed-area table."""
    if height > taken.shape[0] or width > taken.shape[1]:
        return np.zeros((0, 0), dtype=bool)
    sums = np.pad(taken.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width]
    free: NDArray[np.bool_] = inside + sums[:-height, :-width] == 0
    return free
