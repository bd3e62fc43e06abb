"""How long the named questions take on a store: a part of `scripts/bench store`."""

import statistics
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from kg.query.questions import Question, load_questions
from kg.schema import load_schema
from kg.store import open_store
from kg.store.base import Store

__all__ = ["latency"]


def latency(*stores: str, runs: int = 50) -> dict[str, float]:
    """Return the median seconds of each named question, asked of the best known names."""
    found: dict[str, float] = {}
    for kind, address in zip(("embedded", "neo4j"), stores, strict=True):
        with open_store(address, mode="read") as store:
            for question in load_questions():
                seconds = []
                for parameters in islice(_parameters(store, question, runs), runs):
                    start = time.perf_counter()
                    store.query(question.cypher, parameters)
                    seconds.append(time.perf_counter() - start)
                found[f"{question.name}.{kind}_s"] = statistics.median(seconds)
    return found


def _parameters(store: Store, question: Question, runs: int) -> Iterator[dict[str, Any]]:
    """Yield the questions' parameters: the ten names of the kind that most papers mention."""
    kinds = load_schema().kinds
    names = []
    for wanted in (question.x, question.y or question.x):
        labels = sorted(label for label, kind in kinds.items() if kind in wanted)
        rows = store.query(
            "MATCH (:Paper)-[r:MENTIONS]->(n:Entity) WHERE any(l IN labels(n) WHERE l IN $labels) "
            "RETURN n.id AS id, count(r) AS n ORDER BY n DESC, id LIMIT 10",
            {"labels": labels},
        ).rows
        names.append([row[0] for row in rows])
    for place in range(runs):
        yield {
            "ids": [names[0][place % len(names[0])]],
            "other_ids": [names[1][(place + 1) % len(names[1])]],
            "direct": False,
            "year_from": None,
            "year_to": None,
            "min_support": 1,
            "min_confidence": 0.0,
        }
