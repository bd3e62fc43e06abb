"""A copy of an embedded graph that reads like a store on Neo4j: records and state are nodes.

The names are those of `kg.store.neo4j`, so that a `Neo4jStore` finds its own kind behind a server.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.store.base import PackedRecord
from kg.store.engine import Engine

__all__ = ["copy_graph"]

_BATCH_ROWS = 500
# A reader makes new files of these beside others; the engine writes its statistics anew.
_LEFT_OUT = shutil.ignore_patterns("*.new", "*.lck", "statistics.json")
_TYPES = (
    "CREATE VERTEX TYPE KgStore IF NOT EXISTS",
    "CREATE VERTEX TYPE KgRecord IF NOT EXISTS",
)


def copy_graph(
    source: Path,
    target: Path,
    records: Iterable[PackedRecord],
    state: Mapping[str, str | None],
    *,
    timeout_s: float,
) -> None:
    """Copy a database that nobody writes to, and add records and state to the copy.

    The copy keeps the time limit that queries have in it, whoever opens it next.

    Raises
    ------
    StoreError
        The copy cannot be written.
    """
    try:
        shutil.copytree(source, target, ignore=_LEFT_OUT, copy_function=shutil.copyfile)
    except (shutil.Error, OSError) as err:
        message = f"{source}: cannot be copied to {target.parent}: {_reason(err)}"
        raise StoreError(message) from err
    engine = Engine(target, "write")
    try:
        for statement in _TYPES:
            engine.command("sql", statement)
        kept = {f"state_{key}": value for key, value in state.items() if value is not None}
        engine.write(
            "CREATE (s:KgStore {id: 'kg'}) SET s += $state", {"state": kept}, timeout_s=timeout_s
        )
        for rows in _batches(records):
            engine.write(
                "UNWIND $rows AS row CREATE (r:KgRecord) SET r = row",
                {"rows": rows},
                timeout_s=timeout_s,
            )
    finally:
        engine.close()


def _batches(records: Iterable[PackedRecord]) -> Iterator[list[dict[str, Any]]]:
    rows = ({"id": one.id, "fingerprint": one.fingerprint, "body": one.body} for one in records)
    while batch := list(islice(rows, _BATCH_ROWS)):
        yield batch


def _reason(error: OSError) -> str:
    """Return the reason of the first file that failed; `copytree` gathers them in a list."""
    first = error.args[0] if error.args else ""
    return str(first[0][2]) if isinstance(first, list) and first else str(error)
