"""The store of a folder: records in SQLite, the graph in ArcadeDB, one lock for both."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kg.errors import StoreError, StoreUnavailableError
from kg.records import Edge, Node, Record
from kg.store.arcade_cypher import adapted
from kg.store.base import (
    APPLIED,
    QUERY_TIMEOUT_S,
    STATES,
    Changes,
    Mode,
    PackedRecord,
    StoredRecord,
    Table,
)
from kg.store.embedded_graph import apply_changes, stored_edges, stored_nodes
from kg.store.engine import Engine, NeedsRecoveryError, create_database
from kg.store.layout import schema_statements
from kg.store.locking import FolderLock
from kg.store.record_file import RecordFile
from kg.store.snapshot import copy_graph
from kg.store.values import Types, convert_rows

__all__ = ["EmbeddedStore", "is_store"]

_RECORDS, _GRAPH = "records.sqlite", "graph"
_SCHEMA = "schema"


def is_store(folder: Path) -> bool:
    """Tell whether a folder holds a store."""
    return (folder / _RECORDS).is_file()


class EmbeddedStore:
    """A store in a folder; ArcadeDB is loaded when the graph is first needed."""

    def __init__(self, folder: Path, mode: Mode) -> None:
        """Open the store of a folder; for writing, make it where there is none.

        Raises
        ------
        StoreUnavailableError
            There is no store in the folder, and it is opened for reading.
        StoreLockedError
            Another process holds it.
        StoreError
            The folder holds something else.
        """
        self._folder = folder
        self._mode = mode
        self._engine: Engine | None = None
        self._types: Types | None = None
        _prepare(folder, mode)
        self._lock = FolderLock(folder, mode)
        with ExitStack() as undo:
            undo.callback(self._lock.release)
            self._records = RecordFile(folder / _RECORDS, create=mode == "write")
            if mode == "write" and not (folder / _GRAPH).is_dir():
                self._records.set_state(APPLIED, None)
            undo.pop_all()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close graph and records, then free the lock."""
        try:
            if self._engine is not None:
                self._engine.close()
                self._engine = None
            self._records.close()
        finally:
            self._lock.release()

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of every record, by record id."""
        return self._records.fingerprints()

    def put_records(self, batch: Sequence[StoredRecord]) -> None:
        """Store the records of whole papers in one transaction."""
        self._require_write()
        self._records.put(batch)

    def delete_records(self, ids: Iterable[str]) -> None:
        """Delete records in one transaction."""
        self._require_write()
        self._records.delete(ids)

    def records(self) -> Iterator[Record]:
        """Yield the stored records, sorted by id."""
        return self._records.records()

    def packed_records(self) -> Iterator[PackedRecord]:
        """Yield the stored records as they are kept, sorted by id."""
        return self._records.packed()

    def get_state(self, key: str) -> str | None:
        """Return what was last set under the key."""
        return self._records.get_state(key)

    def set_state(self, key: str, value: str | None) -> None:
        """Remember a value, or forget the key."""
        self._require_write()
        self._records.set_state(key, value)

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes that `kg` made, as stored."""
        return stored_nodes(self._graph().unlimited())

    def edges(self) -> Iterator[Edge]:
        """Yield the relationships that `kg` made, as stored."""
        return stored_edges(self._graph().unlimited())

    def apply(self, changes: Changes) -> None:
        """Write the changes in batches that can be repeated."""
        self._require_write()
        apply_changes(self._graph().unlimited(), changes)

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout_s: float | None = None,
        limit: int | None = None,
    ) -> Table:
        """Run Cypher and return its rows; without `timeout_s` it may take a minute."""
        engine = self._graph()
        limit_s = QUERY_TIMEOUT_S if timeout_s is None else timeout_s
        cypher = adapted(cypher)
        if write:
            self._require_write()
            rows = engine.write(cypher, parameters, timeout_s=limit_s, limit=limit)
            self._types = None
        else:
            rows = engine.query("opencypher", cypher, parameters, timeout_s=limit_s, limit=limit)
        columns = tuple(rows[0]) if rows else engine.columns(cypher, parameters)
        if self._types is None:
            self._types = engine.types()
        values = convert_rows(cypher, columns, rows, types=self._types, lookup=engine.lookup)
        return Table(columns=columns, rows=values)

    def snapshot(self, folder: Path, *, timeout_s: float) -> None:
        """Copy the graph into a new folder; records and state become nodes, as they are on Neo4j.

        Queries of the copy may take `timeout_s`.

        Raises
        ------
        StoreUnavailableError
            The store holds no graph yet.
        StoreError
            The copy cannot be written.
        """
        state = {key: self.get_state(key) for key in STATES}
        graph = self._existing_graph()
        copy_graph(graph, folder, self.packed_records(), state, timeout_s=timeout_s)

    def _require_write(self) -> None:
        if self._mode != "write":
            raise StoreError(f"{self._folder}: the store is open for reading only")

    def _graph(self) -> Engine:
        if self._engine is None:
            self._engine = self._open_graph()
        return self._engine

    def _open_graph(self) -> Engine:
        folder = self._folder / _GRAPH
        if self._mode == "write":
            return self._open_to_write(folder)
        self._existing_graph()
        try:
            return Engine(folder, "read")
        except NeedsRecoveryError:
            self._lock.change("write")
            Engine(folder, "write").close()
            self._lock.change("read")
            return Engine(folder, "read")

    def _existing_graph(self) -> Path:
        folder = self._folder / _GRAPH
        if not folder.is_dir():
            message = f"{self._folder}: the store holds no graph yet; run `kg build` to finish it"
            raise StoreUnavailableError(message)
        return folder

    def _open_to_write(self, folder: Path) -> Engine:
        statements = list(schema_statements())
        digest = hashlib.sha256("\n".join(statements).encode()).hexdigest()
        if not folder.is_dir():
            create_database(folder, statements)
            self._records.set_state(_SCHEMA, digest)
        engine = Engine(folder, "write")
        if self._records.get_state(_SCHEMA) != digest:
            for statement in statements:
                engine.command("sql", statement)
            self._records.set_state(_SCHEMA, digest)
        return engine


def _prepare(folder: Path, mode: Mode) -> None:
    if is_store(folder):
        return
    if mode == "read":
        message = f"{folder}: there is no store here; run `kg build FILES...` or `kg demo` first"
        raise StoreUnavailableError(message)
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: a file stands where the store's folder should be")
    if folder.is_dir() and any(path.name != "lock" for path in folder.iterdir()):
        message = (
            f"{folder}: the folder holds other files and no store; choose another with --store"
        )
        raise StoreError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise StoreError(f"{folder}: the folder cannot be made: {err.strerror}") from err
