"""Whether confidence means something: how often what was said with a confidence is right."""

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["calibration"]

N_BINS = 10


def calibration(scored: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Compute the expected calibration error (Naeini et al. 2015) over bins of equal width.

    >>> calibration([(0.95, True), (0.9, True), (0.55, False), (0.5, True)])["error"]
    0.05
    """
    rows = np.array(scored, dtype=np.float64).reshape(-1, 2)
    place = np.minimum((rows[:, 0] * N_BINS + 1e-9).astype(np.int64), N_BINS - 1)
    bins = []
    error = 0.0
    for k in range(N_BINS):
        own = rows[place == k]
        if len(own):
            said, right = own.mean(0).tolist()
            error += len(own) * abs(said - right)
            bins.append({"said": round(said, 3), "right": round(right, 3), "n": len(own)})
    return {"error": round(error / max(len(rows), 1), 4), "bins": bins}
