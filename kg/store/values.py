"""What ArcadeDB returns, as values: it gives nodes and relationships as maps, paths as text.

A relationship comes without its ends and a path as `(#5:0)-[#20:0]->(#13:0)`, so the records
behind these ids are looked up, many at a time.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.schema import load_schema
from kg.store.base import NodeValue, PathValue, RelationshipValue

__all__ = ["Types", "convert_rows", "property_order", "split_columns"]

Row = Mapping[str, Any]
Lookup = Callable[[Sequence[str]], Iterable[Row]]

_RECORD_ID = re.compile(r"#\d+:\d+")
_PATH = re.compile(r"\(#\d+:\d+\)(?:(?:-\[#\d+:\d+\]->|<-\[#\d+:\d+\]-)\(#\d+:\d+\))*")
_NAMES_A_PATH = re.compile(r"=\s*(?:(?:all)?shortestpaths?\s*|any\b[^()]*|all\b[^()]*)?\(", re.I)
_LOOKUP_SIZE = 1000


class Types:
    """The record types of a database: which are relationships, which labels a node's type means."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Read the rows of `schema:types` (name, type, parentTypes)."""
        rows = list(rows)
        self._edges = frozenset(row["name"] for row in rows if row["type"] == "edge")
        self._parents = {row["name"]: tuple(row["parentTypes"] or ()) for row in rows}

    def is_edge(self, name: str) -> bool:
        """Tell whether records of the type are relationships."""
        return name in self._edges

    def labels(self, name: str) -> tuple[str, ...]:
        """Return the labels of a node of the type, sorted.

        A node with labels that no declared type joins has a type of its own, `Entity~Topic`.
        """
        parents = self._parents.get(name, ())
        found = {label for parent in parents for label in self.labels(parent)}
        if "~" not in name:
            found.add(name)
        return tuple(sorted(found))


def convert_rows(
    cypher: str, columns: Sequence[str], rows: Sequence[Row], *, types: Types, lookup: Lookup
) -> tuple[tuple[Any, ...], ...]:
    """Return the rows' cells as values; `lookup` finds the records of given ids."""
    cells = [tuple(row.get(column) for column in columns) for row in rows]
    reader = _Reader(types, paths=_NAMES_A_PATH.search(cypher) is not None)
    wanted = sorted({found for row in cells for cell in row for found in reader.wanted(cell)})
    for start in range(0, len(wanted), _LOOKUP_SIZE):
        reader.keep(lookup(wanted[start : start + _LOOKUP_SIZE]))
    return tuple(tuple(reader.value(cell) for cell in row) for row in cells)


class _Reader:
    """Converts cells, once it has been told of the records that they name."""

    def __init__(self, types: Types, *, paths: bool) -> None:
        self._types = types
        self._paths = paths
        self._found: dict[str, Row] = {}

    def wanted(self, cell: Any) -> Iterator[str]:
        """Yield the ids of the records that a cell names without giving them."""
        match cell:
            case {"@rid": rid, "@type": str(name)}:
                if self._types.is_edge(name):
                    yield str(rid)
            case Mapping():
                for item in cell.values():
                    yield from self.wanted(item)
            case list() | tuple() | set():
                for item in cell:
                    yield from self.wanted(item)
            case str() if self._is_path(cell):
                yield from _RECORD_ID.findall(cell)

    def keep(self, rows: Iterable[Row]) -> None:
        """Remember records."""
        self._found.update((str(row["@rid"]), row) for row in rows)

    def value(self, cell: Any) -> Any:
        """Return a cell's value."""
        match cell:
            case {"@rid": rid, "@type": str(name)} if self._types.is_edge(name):
                return self._relationship(self._found.get(str(rid), cell))
            case {"@rid": _, "@type": str()}:
                return self._node(cell)
            case Mapping():
                return {str(key): self.value(item) for key, item in cell.items()}
            case list() | tuple():
                return [self.value(item) for item in cell]
            case set():
                return [self.value(item) for item in sorted(cell, key=str)]
            case str() if self._is_path(cell):
                return self._path(cell)
            case None | str() | bool() | int() | float():
                return cell
            case _:
                return str(cell)

    def _is_path(self, text: str) -> bool:
        return self._paths and text.startswith("(#") and _PATH.fullmatch(text) is not None

    def _path(self, text: str) -> Any:
        records = [self._found.get(rid) for rid in _RECORD_ID.findall(text)]
        if any(record is None for record in records):
            return text
        found = [record for record in records if record is not None]
        return PathValue(
            nodes=tuple(self._node(record) for record in found[::2]),
            relationships=tuple(self._relationship(record) for record in found[1::2]),
        )

    def _node(self, record: Row) -> NodeValue:
        labels = self._types.labels(record["@type"])
        return NodeValue(
            id=str(record["@rid"]), labels=labels, properties=self._properties(record, labels)
        )

    def _relationship(self, record: Row) -> RelationshipValue:
        return RelationshipValue(
            id=str(record["@rid"]),
            type=record["@type"],
            source=str(record.get("@out", "")),
            target=str(record.get("@in", "")),
            properties=self._properties(record, (record["@type"],)),
        )

    def _properties(self, record: Row, labels: Iterable[str]) -> dict[str, Any]:
        given = {key: item for key, item in record.items() if not key.startswith("@")}
        return {
            key: self.value(given[key])
            for key in property_order(given, labels)
            if given[key] is not None
        }


def property_order(properties: Iterable[str], labels: Iterable[str]) -> list[str]:
    """Return the keys in the schema's order, `id` first; what it does not know comes last."""
    schema = load_schema()
    known = {"id": -1}
    for label in labels:
        rule = schema.relationships.get(label)
        declared = schema.properties.get(label, {}) if rule is None else rule.properties
        for place, name in enumerate(declared):
            known.setdefault(name, place)
    return sorted(properties, key=lambda key: (known.get(key, len(known)), key))


def split_columns(listed: str) -> list[str]:
    """Return the names in a plan's list of columns; commas inside brackets and quotes are theirs.

    >>> split_columns("n.name, coalesce(a, 'x, y'), count(*)")
    ['n.name', "coalesce(a, 'x, y')", 'count(*)']
    """
    names: list[str] = [""]
    depth, quote = 0, ""
    for char in listed:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        if char == "," and not depth and not quote:
            names.append("")
        else:
            names[-1] += char
    return [name.strip() for name in names if name.strip()]
