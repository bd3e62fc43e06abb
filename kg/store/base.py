"""What every store is: the contract that nothing outside `kg.store` looks behind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from kg.records import Edge, Node, Record

__all__ = [
    "APPLIED",
    "CATALOGUE",
    "QUERY_TIMEOUT_S",
    "STATES",
    "THESAURUS",
    "Changes",
    "Mode",
    "NodeValue",
    "PackedRecord",
    "PathValue",
    "RelationshipValue",
    "Store",
    "StoredRecord",
    "Table",
]

Mode = Literal["read", "write"]

QUERY_TIMEOUT_S = 60.0
"""How long a query may take that names no limit of its own."""

APPLIED = "applied"
"""The state that says what the graph was made from; who makes the graph anew forgets it."""

CATALOGUE, THESAURUS = "catalogue", "thesaurus"
"""The states that keep the user's own catalogue and thesaurus."""

STATES = (APPLIED, CATALOGUE, THESAURUS)
"""All states that a store takes along when it is copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record with the hash of all that it depends on (text, metadata, extractor, options)."""

    record: Record
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedRecord:
    """A record as stores keep it: `body` is its compressed JSON."""

    id: str
    fingerprint: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What makes the stored graph equal to the resolved one; each part sorted by id."""

    nodes_upsert: tuple[Node, ...] = ()
    edges_upsert: tuple[Edge, ...] = ()
    nodes_delete: tuple[Node, ...] = ()
    edges_delete: tuple[Edge, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(
            self.nodes_upsert or self.edges_upsert or self.nodes_delete or self.edges_delete
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeValue:
    """A node that a query returned; `id` is the engine's and names it within one result."""

    id: str
    labels: tuple[str, ...]
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationshipValue:
    """A relationship that a query returned; `source` and `target` are ids of its `NodeValue`s."""

    id: str
    type: str
    source: str
    target: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathValue:
    """A path that a query returned: one node more than relationships."""

    nodes: tuple[NodeValue, ...]
    relationships: tuple[RelationshipValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a query.

    A cell is a Python scalar, a list, a dict, a `NodeValue`, a `RelationshipValue` or a
    `PathValue`; dates and times are ISO strings.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Store(Protocol):
    """Records, state and graph in one place, opened for reading or writing; `with` closes it."""

    def __enter__(self) -> Self:
        """Return the store itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""

    def close(self) -> None:
        """Free the store; a second call does nothing."""

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of every stored record, by record id."""

    def put_records(self, batch: Sequence[StoredRecord]) -> None:
        """Store the records of whole papers in one transaction, in place of those of their ids."""

    def delete_records(self, ids: Iterable[str]) -> None:
        """Delete records in one transaction; unknown ids are left aside."""

    def records(self) -> Iterator[Record]:
        """Yield the stored records, sorted by id."""

    def packed_records(self) -> Iterator[PackedRecord]:
        """Yield the stored records as they are kept, sorted by id."""

    def get_state(self, key: str) -> str | None:
        """Return what was last set under the key."""

    def set_state(self, key: str, value: str | None) -> None:
        """Remember a value, or forget the key where it is `None`."""

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes that `kg` made, as stored."""

    def edges(self) -> Iterator[Edge]:
        """Yield the relationships that `kg` made, as stored."""

    def apply(self, changes: Changes) -> None:
        """Write the changes in batches that can be repeated: a killed run is run again.

        Raises
        ------
        StoreError
            A node or relationship has no id, or a relationship's end does not exist.
        """

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout_s: float | None = None,
        limit: int | None = None,
    ) -> Table:
        """Run Cypher and return its rows, the first `limit` of them where one is given.

        Raises
        ------
        WriteRefusedError
            The query would write, and `write` is not set.
        QueryTimeoutError
            It took longer than `timeout_s`.
        QueryError
            The engine rejects it.
        """
