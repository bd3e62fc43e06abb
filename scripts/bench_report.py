"""The figures of `scripts/bench store`: medians of the rounds, rates, and ratios within a round."""

import os
import platform
import statistics
from collections.abc import Iterator
from typing import Any

Times = dict[str, float]

WAYS = ("embedded", "cypher", "merge", "writer", "bulk", "bare")
_OFFLINE = ("bulk.import_s", "bulk.open_s")
RATIOS = {
    "cypher load / Neo4jWriter": (("writer.load_s",), ("cypher.load_s",)),
    "cypher load with records / Neo4jWriter": (
        ("writer.load_s",),
        ("cypher.load_s", "cypher.records_s"),
    ),
    "cypher build from records / Neo4jWriter": (("writer.load_s",), ("cypher.total_s",)),
    "cypher load / plain MERGE": (("merge.load_s",), ("cypher.load_s",)),
    "bulk / Neo4jWriter": (("writer.load_s",), ("bulk.export_s", *_OFFLINE)),
    "bulk / bare import": (("bare.import_s",), ("bulk.export_s", *_OFFLINE)),
    "bulk without export / bare import": (("bare.import_s",), _OFFLINE),
    "bulk import alone / bare import": (("bare.import_s",), ("bulk.import_s",)),
    "bulk / bare import, its CSV written and constraints made": (
        ("bare.write_s", "bare.import_s", "bare.open_s"),
        ("bulk.export_s", *_OFFLINE),
    ),
    "embedded load / cypher load": (("cypher.load_s",), ("embedded.load_s",)),
}
"""How many times as fast: seconds of the other way, seconds of ours."""


def report(sizes: dict[str, int], rounds: list[dict[str, Times]]) -> dict[str, Any]:
    """Return the figures: medians of the rounds, rates, ratios within a round."""
    flat = [
        {f"{way}.{key}": value for way, times in one.items() for key, value in times.items()}
        for one in rounds
    ]
    seconds = {
        key: statistics.median(one[key] for one in flat if key in one)
        for key in sorted({key for one in flat for key in one})
    }
    rates = {
        f"{way}, {what} per second": n / seconds[f"{way}.load_s"]
        for way in WAYS
        for what, n in sizes.items()
        if f"{way}.load_s" in seconds
    }
    return {
        "sizes": sizes,
        "machine": {
            "cpus": os.cpu_count(),
            "load": os.getloadavg(),
            "python": platform.python_version(),
        },
        "rounds": len(rounds),
        "ratios": dict(_ratios(flat)),
        "rates": rates,
        "medians": seconds,
        "all": rounds,
    }


def _ratios(rounds: list[Times]) -> Iterator[tuple[str, float]]:
    for name, (theirs, ours) in RATIOS.items():
        if all(key in rounds[0] for key in (*theirs, *ours)):
            yield (
                name,
                statistics.median(
                    sum(one[key] for key in theirs) / sum(one[key] for key in ours)
                    for one in rounds
                ),
            )


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
