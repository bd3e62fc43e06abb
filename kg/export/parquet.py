"""Parquet: a table of the nodes and one of the edges, for data frames and Spark."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from kg.errors import MissingDependencyError
from kg.export.content import Content
from kg.records import Value
from kg.schema import load_schema

if TYPE_CHECKING:
    import pyarrow

__all__ = ["write_edges", "write_nodes"]

_ROWS = 20_000
"""Rows that are turned into columns at a time."""
_OTHER = "other"
_ACCEPTED: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "float": (float, int),
    "boolean": (bool,),
    "strings": (tuple,),
}

Row = dict[str, Any]


def write_nodes(content: Content, file: IO[bytes]) -> None:
    """Write the nodes: `id`, `label`, a column for each property that the schema knows.

    What it does not know, or of another type, is JSON in the column `other`.

    Raises
    ------
    MissingDependencyError
        pyarrow is not installed.
    """
    types = _declared(load_schema().properties.values())
    rows = ({"id": n.id, "label": n.label, **_cells(n.properties, types)} for n in content.nodes)
    _write(file, ["id", "label"], types, rows)


def write_edges(content: Content, file: IO[bytes]) -> None:
    """Write the edges: `id`, `type`, ids and labels of the ends, the properties as for nodes."""
    types = _declared(rule.properties for rule in load_schema().relationships.values())
    rows = (
        {
            "id": edge.id,
            "type": edge.type,
            "source_id": edge.source,
            "source_label": edge.source_label,
            "target_id": edge.target,
            "target_label": edge.target_label,
            **_cells(edge.properties, types),
        }
        for edge in content.edges
    )
    keys = ["id", "type", "source_id", "source_label", "target_id", "target_label"]
    _write(file, keys, types, rows)


def _declared(properties: Iterable[Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for declared in properties:
        found.update(declared)
    return dict(sorted(found.items()))


def _cells(properties: Mapping[str, Value], types: Mapping[str, str]) -> Row:
    cells: Row = {}
    other: Row = {}
    for name, value in sorted(properties.items()):
        fits = name in types and _fits(value, types[name])
        (cells if fits else other)[name] = list(value) if isinstance(value, tuple) else value
    if other:
        cells[_OTHER] = json.dumps(other, ensure_ascii=False)
    return cells


def _fits(value: Value, declared: str) -> bool:
    if isinstance(value, bool):
        return declared == "boolean"
    return isinstance(value, _ACCEPTED[declared])


def _write(
    file: IO[bytes], keys: Sequence[str], types: Mapping[str, str], rows: Iterable[Row]
) -> None:
    pyarrow = _import_pyarrow()
    from pyarrow import parquet

    schema = _schema(pyarrow, keys, types)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        batch: list[Row] = []
        for row in rows:
            batch.append(row)
            if len(batch) == _ROWS:
                writer.write_table(pyarrow.Table.from_pylist(batch, schema=schema))
                batch = []
        writer.write_table(pyarrow.Table.from_pylist(batch, schema=schema))


def _schema(pyarrow: Any, keys: Sequence[str], types: Mapping[str, str]) -> "pyarrow.Schema":
    arrow = {
        "string": pyarrow.string(),
        "integer": pyarrow.int64(),
        "float": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "strings": pyarrow.list_(pyarrow.string()),
    }
    fields = [pyarrow.field(key, pyarrow.string(), nullable=False) for key in keys]
    fields += [pyarrow.field(name, arrow[declared]) for name, declared in types.items()]
    return pyarrow.schema([*fields, pyarrow.field(_OTHER, pyarrow.string())])


def _import_pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        message = "Parquet needs pyarrow: pip install 'papers-kg[parquet]'"
        raise MissingDependencyError(message) from error
    return pyarrow
