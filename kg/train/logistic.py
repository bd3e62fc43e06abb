"""Logistic regression with a bias for each label, and the threshold that gives the best F1."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["best_threshold", "fit_logistic"]

Floats = NDArray[np.float64]


def fit_logistic(
    features: Floats, labels: NDArray[np.int64], targets: Floats, n_labels: int
) -> tuple[Floats, Floats]:
    """Fit weights ``(n_features,)`` and biases ``(n_labels,)`` by Newton's method.

    A ridge draws the weights to 0 and the biases to their common mean, so that a rare label gets a
    bias like the others'.
    """
    shared = np.ones((len(features), 1))
    x = np.concatenate([features, np.eye(n_labels)[labels], shared], axis=1)
    ridge = np.append(np.ones(x.shape[1] - 1), 1e-3)
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - targets) + ridge * w
        curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curvature, gradient)
        w = w - step
        if np.abs(step).max() < 1e-6:
            break
    k = features.shape[1]
    return w[:k], w[k : k + n_labels] + w[-1]


def best_threshold(scored: Sequence[tuple[float, float]], n_gold: int) -> float:
    """Find the threshold, from 0.2 to 0.6 in steps of 0.02, with the best F1 of what it accepts.

    `scored` are (probability, 1 if right) pairs, `n_gold` is the number of right ones there are.

    >>> best_threshold([(0.9, 1.0), (0.5, 1.0), (0.3, 0.0)], 2)
    0.32
    """
    scores, hits = np.array(scored, dtype=np.float64).reshape(-1, 2).T
    grid = [round(0.2 + 0.02 * k, 2) for k in range(21)]
    f1 = [2 * hits[scores >= t].sum() / max(n_gold + (scores >= t).sum(), 1) for t in grid]
    return grid[int(np.argmax(f1))]
