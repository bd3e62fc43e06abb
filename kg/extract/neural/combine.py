"""Logistic combination of several heads' opinions into one calibrated probability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Combiner", "logit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combiner:
    """Weights over features, a bias for each label, and from which probability on to accept.

    Accepting a calibrated probability from half the best F1 on gives the best F1 (Lipton, Elkan and
    Naryanaswamy 2014, theorem 1), so that one threshold serves all labels.
    """

    weights: tuple[float, ...]
    biases: tuple[float, ...]
    threshold: float

    @classmethod
    def from_json(cls, data: Mapping[str, Sequence[float] | float]) -> "Combiner":
        """Read what `as_json` gives."""
        return cls(
            weights=tuple(data["weights"]),  # type: ignore[arg-type]  # JSON: a list
            biases=tuple(data["biases"]),  # type: ignore[arg-type]  # JSON: a list
            threshold=float(data["threshold"]),  # type: ignore[arg-type]  # JSON: a number
        )

    def as_json(self) -> dict[str, list[float] | float]:
        """Return a JSON object."""
        return {
            "weights": list(self.weights),
            "biases": list(self.biases),
            "threshold": self.threshold,
        }

    def __call__(
        self, features: NDArray[np.float64], labels: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the probability of each row of ``features`` ``(n_rows, n_features)``."""
        x = features @ np.array(self.weights) + np.array(self.biases)[labels]
        out: NDArray[np.float64] = 1 / (1 + np.exp(-x))
        return out


def logit(p: NDArray[np.floating] | float) -> NDArray[np.float64]:
    """Return log-odds, at most 7 either way."""
    q = np.clip(np.asarray(p, dtype=np.float64), 9.1e-4, 1 - 9.1e-4)
    out: NDArray[np.float64] = np.log(q / (1 - q))
    return out
