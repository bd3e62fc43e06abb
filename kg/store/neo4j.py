"""The store of a Neo4j database: records on nodes of their own, the graph beside them, one lock.

`(:KgStore {id: "kg"})` says that the database is ours and keeps the state; each record is a
`(:KgRecord)`. How one writer keeps others out stands in `kg.store.neo4j_lock`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kg.errors import StoreError, StoreUnavailableError
from kg.records import Edge, Node, Record
from kg.store.base import (
    QUERY_TIMEOUT_S,
    Changes,
    Mode,
    NodeValue,
    PackedRecord,
    PathValue,
    RelationshipValue,
    StoredRecord,
    Table,
)
from kg.store.neo4j_connection import Connection
from kg.store.neo4j_graph import apply_changes, make_constraints, stored_edges, stored_nodes
from kg.store.neo4j_lock import WriterLock
from kg.store.neo4j_records import (
    delete_records,
    packed_records,
    put_records,
    stored_fingerprints,
)
from kg.store.record_file import decode_record
from kg.store.temporal import iso_text
from kg.store.values import property_order

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

__all__ = ["Neo4jStore"]

_STATE = "state_"


class Neo4jStore:
    """A store in a database of a Neo4j server."""

    def __init__(self, address: str, mode: Mode) -> None:
        """Connect; for writing, make the constraints and take the lock.

        Raises
        ------
        StoreUnavailableError
            The server does not answer, or the database holds no store and is opened for reading.
        StoreLockedError
            Another writer holds the lock.
        StoreError
            The database holds other data.
        """
        self._mode = mode
        self._lock: WriterLock | None = None
        self._connection = Connection(address)
        with ExitStack() as undo:
            undo.callback(self.close)
            self._check_owner()
            if mode == "write":
                self._prepare()
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
        """Free the lock and close the connection; a second call does nothing."""
        if self._lock is not None:
            self._lock.release()
        self._connection.close()

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of every record, by record id."""
        return stored_fingerprints(self._connection)

    def put_records(self, batch: Sequence[StoredRecord]) -> None:
        """Store the records of whole papers in one transaction."""
        self._require_write()
        put_records(self._connection, batch)

    def delete_records(self, ids: Iterable[str]) -> None:
        """Delete records in one transaction."""
        self._require_write()
        delete_records(self._connection, ids)

    def records(self) -> Iterator[Record]:
        """Yield the stored records, sorted by id."""
        for packed in self.packed_records():
            yield decode_record(packed.body, f"{self._connection.address}: {packed.id}")

    def packed_records(self) -> Iterator[PackedRecord]:
        """Yield the stored records as they are kept, sorted by id."""
        return packed_records(self._connection)

    def get_state(self, key: str) -> str | None:
        """Return what was last set under the key."""
        rows = self._connection.read(
            "MATCH (s:KgStore {id: 'kg'}) RETURN properties(s)[$key] AS value",
            {"key": _STATE + key},
        )
        value = rows[0]["value"] if rows else None
        return None if value is None else str(value)

    def set_state(self, key: str, value: str | None) -> None:
        """Remember a value, or forget the key."""
        self._require_write()
        self._connection.write(
            "MERGE (s:KgStore {id: 'kg'}) SET s += $state", {"state": {_STATE + key: value}}
        )

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes that `kg` made, as stored."""
        return stored_nodes(self._connection)

    def edges(self) -> Iterator[Edge]:
        """Yield the relationships that `kg` made, as stored."""
        return stored_edges(self._connection)

    def apply(self, changes: Changes) -> None:
        """Write the changes in batches that can be repeated."""
        self._require_write()
        apply_changes(self._connection, changes)

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
        from neo4j import unit_of_work

        limit_s = QUERY_TIMEOUT_S if timeout_s is None else timeout_s
        if write:
            return self._write_query(cypher, parameters, limit_s, limit)

        @unit_of_work(timeout=limit_s)
        def work(transaction: "ManagedTransaction") -> Table:
            return _table(transaction, cypher, parameters, limit)

        with self._connection.errors(limit_s), self._connection.session("read") as session:
            return session.execute_read(work)

    def _write_query(
        self, cypher: str, parameters: Mapping[str, Any] | None, limit_s: float, limit: int | None
    ) -> Table:
        from neo4j import unit_of_work

        hold = self._locked().lend()

        @unit_of_work(timeout=limit_s)
        def work(transaction: "ManagedTransaction") -> Table:
            transaction.run(hold).consume()
            return _table(transaction, cypher, parameters, limit)

        with self._connection.errors(limit_s), self._connection.session() as session:
            return session.execute_write(work)

    def _check_owner(self) -> None:
        ((ours, others),) = (
            (row["ours"], row["others"])
            for row in self._connection.read(
                "OPTIONAL MATCH (s:KgStore {id: 'kg'}) WITH count(s) > 0 AS ours "
                "RETURN ours, EXISTS { MATCH (n) WHERE NOT n:KgStore } AS others"
            )
        )
        address = self._connection.address
        if not ours and self._mode == "read":
            message = (
                f"{address}: the database holds no store of kg; "
                f"run `kg build --store {address} FILES...` first"
            )
            raise StoreUnavailableError(message)
        if not ours and others:
            message = (
                f"{address}: the database holds data that is not kg's; "
                "use an empty database (NEO4J_DATABASE)"
            )
            raise StoreError(message)

    def _prepare(self) -> None:
        make_constraints(self._connection)
        self._connection.write("UNWIND ['kg', 'lock'] AS id MERGE (:KgStore {id: id})")
        self._lock = WriterLock(self._connection)
        self._connection.before_writing = self._lock.check

    def _locked(self) -> WriterLock:
        self._require_write()
        if self._lock is None:
            raise StoreError(f"{self._connection.address}: the store is closed")
        return self._lock

    def _require_write(self) -> None:
        if self._mode != "write":
            raise StoreError(f"{self._connection.address}: the store is open for reading only")


def _table(
    transaction: "ManagedTransaction",
    cypher: str,
    parameters: Mapping[str, Any] | None,
    limit: int | None,
) -> Table:
    result = transaction.run(cypher, dict(parameters or {}))
    columns = tuple(result.keys())
    rows = result.fetch(limit) if limit is not None else list(result)
    values = tuple(tuple(_value(row[place]) for place in range(len(columns))) for row in rows)
    result.consume()
    return Table(columns=columns, rows=values)


def _value(cell: Any) -> Any:
    """Return a driver's value as one of `Table`'s."""
    from neo4j.graph import Node as GraphNode
    from neo4j.graph import Path, Relationship
    from neo4j.spatial import Point

    match cell:
        case None | str() | bool() | int() | float():
            return cell
        case GraphNode():
            labels = tuple(sorted(cell.labels))
            return NodeValue(id=cell.element_id, labels=labels, properties=_ordered(cell, labels))
        case Relationship():
            return RelationshipValue(
                id=cell.element_id,
                type=cell.type,
                source="" if cell.start_node is None else cell.start_node.element_id,
                target="" if cell.end_node is None else cell.end_node.element_id,
                properties=_ordered(cell, (cell.type,)),
            )
        case Path():
            return PathValue(
                nodes=tuple(_value(node) for node in cell.nodes),
                relationships=tuple(_value(step) for step in cell.relationships),
            )
        case Point():
            return dict(zip("xyz", cell, strict=False)) | {"srid": cell.srid}
        case Mapping():
            return {str(key): _value(item) for key, item in cell.items()}
        case list():
            return [_value(item) for item in cell]
        case _:
            return _text(cell)


def _text(cell: Any) -> str:
    """Return a date, time or duration in ISO form, bytes in hexadecimal digits."""
    if isinstance(cell, bytes | bytearray):
        return cell.hex()
    return iso_text(cell) if hasattr(cell, "iso_format") else str(cell)


def _ordered(entity: Any, labels: Iterable[str]) -> dict[str, Any]:
    given = dict(entity.items())
    return {key: _value(given[key]) for key in property_order(given, labels)}
