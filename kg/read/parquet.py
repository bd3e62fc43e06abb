"""Parquet tables, read a batch of rows at a time; columns of numbers (embeddings) are left out."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, MissingDependencyError
from kg.read.source import STDIN_NAME, Source
from kg.read.table import is_header

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

__all__ = ["MAGIC", "objects"]

MAGIC = "PAR1"
"""What a Parquet file begins with."""

_ROWS = 500


def objects(source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row as an object with its place.

    Raises
    ------
    MissingDependencyError
        pyarrow is not installed.
    InputError
        The file is broken, or has no column for the title.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as err:
        message = f"{source.name}: Parquet needs pyarrow: pip install 'papers-kg[parquet]'"
        raise MissingDependencyError(message) from err
    try:
        with pyarrow.parquet.ParquetFile(_openable(source)) as file:
            columns = _columns(file.schema_arrow, source.name)
            row = 0
            for batch in file.iter_batches(batch_size=_ROWS, columns=columns):
                for obj in batch.to_pylist():
                    yield f"{source.name}#{row}", {key: _plain(obj[key]) for key in obj}
                    row += 1
    except (pyarrow.ArrowException, OSError) as err:
        message = f"{source.name}: a Parquet file that cannot be read ({err}): copy it again"
        raise InputError(message) from err


def _openable(source: Source) -> Any:
    """Return the file's path; what comes from stdin or unpacked is read into memory."""
    import pyarrow

    path = Path(source.name)
    if source.name != STDIN_NAME:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) == MAGIC.encode():
                return path
    return pyarrow.BufferReader(source.lines.buffer.read())


def _columns(schema: "pyarrow.Schema", name: str) -> list[str]:
    if not is_header(schema.names):
        shown = ", ".join(schema.names)
        raise InputError(f"{name}: no column `title` among {shown:.80}: name the columns")
    return [field.name for field in schema if not _is_numbers(field.type)]


def _is_numbers(kind: "pyarrow.DataType") -> bool:
    from pyarrow import types

    lists = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return bool(lists and types.is_floating(kind.value_type))


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: days and times in ISO form, decimals as numbers."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value
