"""Trains the extraction model: annotated abstracts in, ONNX weights and their metrics out.

gold → `gold.py`, `tables.py` (counts) → `examples.py` (arrays) → `network.py`, `losses.py`,
`fit.py` → `export.py` (ONNX) → `tune.py` (how the heads combine) → `run.py` (all, and figures).
Unlabelled abstracts → `teacher.py` (read by earlier models) → `silver.py` (put to the vote).
PyTorch is imported by `network`, `losses`, `fit` and `export`'s caller alone.
"""

from kg.train.settings import TrainSettings

__all__ = ["TrainSettings"]
