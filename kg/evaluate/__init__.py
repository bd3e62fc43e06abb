"""Scores extracted records against annotated ones.

gold + predicted → `measures.py` (sets of facts) → `scores.py` (figures, intervals, breakdowns)
"""

from kg.evaluate.measures import MEASURES, compare
from kg.evaluate.scores import Evaluation, Figure, evaluate, read_rows

__all__ = ["MEASURES", "Evaluation", "Figure", "compare", "evaluate", "read_rows"]
