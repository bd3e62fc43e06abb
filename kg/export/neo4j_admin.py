"""The files of `neo4j-admin database import full`: headers and data.

`nodes` and `relationships` hold the graph, `store` the records and the state, as `kg.store.neo4j`
keeps them: the imported database is a store of kg. They are few because each costs the import a
quarter of a second. Columns are the properties of the schema; rows with other properties, or with
values of another type, go to a file of their own.
"""

import base64
import math
import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from kg.errors import InputError
from kg.export.sorted_rows import SortedRows
from kg.records import Value
from kg.schema import load_schema
from kg.store.base import STATES, Store

__all__ = ["ARGUMENTS", "COMMAND", "remove_import_files", "write_import_files"]

ARGUMENTS = "import.args"
"""The file of arguments, which neo4j-admin reads after an `@`."""

COMMAND = f"neo4j-admin database import full @{ARGUMENTS} --overwrite-destination neo4j"
"""What imports the files, run in their folder."""

_HELD_BYTES = 128 * 2**20
"""Rows that are held in memory; what is more waits on disk."""
_DELIMITERS = "\x1f\x1e\x1d\x1c"
"""What may separate the items of a list: the first that no item contains."""
_DECLARED = {"string": str, "integer": int, "float": float, "boolean": bool, "strings": tuple}
_KEYS = {
    "nodes": ("--nodes", (":ID", ":LABEL", "id:string")),
    "relationships": ("--relationships", (":START_ID", ":END_ID", ":TYPE", "id:string")),
    "store": ("--nodes", (":ID", ":LABEL", "id:string")),
}
"""The option and the first columns of each file."""
_TYPES = {str: "string", int: "long", float: "double", bool: "boolean", tuple: "string[]"}
_HEAD = """\
# In this folder, with the server stopped; what its database neo4j holds is replaced:
#   {command}
# Then start the server. The next `kg build --store bolt://...` makes the indexes.
--multiline-fields=true
--array-delimiter=U+{delimiter:04X}
"""

Deviation = tuple[tuple[str, str], ...]
"""Names and types of the properties that a row has otherwise than declared, sorted."""


class _DelimiterError(Exception):
    """An item of a list contains the delimiter."""


def write_import_files(store: Store, folder: Path) -> tuple[int, int]:
    """Write the files into an empty folder, and return the numbers of nodes and edges.

    Of the rows, 128 MiB are held in memory at most.

    Raises
    ------
    InputError
        A list cannot be written: it is one empty text, or has four control characters in it.
    """
    for delimiter in _DELIMITERS:
        with closing(_Files(delimiter)) as files:
            try:
                counts = _add_graph(store, files)
            except _DelimiterError:
                continue
            _add_store(store, files)
            files.write(folder)
            return counts
    message = "neo4j-admin: lists have all of U+001C to U+001F in them; take these characters out"
    raise InputError(message)


def remove_import_files(folder: Path) -> None:
    """Remove what an earlier export left in a folder: the arguments and the files they name."""
    arguments = folder / ARGUMENTS
    if arguments.is_file():
        text = arguments.read_text(encoding="utf-8")
        arguments.unlink()
        for name in re.findall(r"[=,]([\w-]+\.csv)(?=[,\n])", text):
            (folder / name).unlink(missing_ok=True)


def _add_graph(store: Store, files: "_Files") -> tuple[int, int]:
    schema = load_schema()
    anchor = schema.anchor
    labels = {label: files.labels(anchor(label), label) for label in schema.properties}
    nodes = files.table("nodes", schema.properties.values())
    edges = files.table(
        "relationships", (rule.properties for rule in schema.relationships.values())
    )
    n_nodes = n_edges = 0
    for node in store.nodes():
        keys = (f"{anchor(node.label)}:{node.id}", labels[node.label], node.id)
        nodes.add((node.label, node.id), keys, node.properties)
        n_nodes += 1
    for edge in store.edges():
        source = f"{anchor(edge.source_label)}:{edge.source}"
        target = f"{anchor(edge.target_label)}:{edge.target}"
        order = edge.type, edge.source, edge.target, edge.id
        edges.add(order, (source, target, edge.type, edge.id), edge.properties)
        n_edges += 1
    return n_nodes, n_edges


def _add_store(store: Store, files: "_Files") -> None:
    states = {f"state_{key}": store.get_state(key) for key in STATES}
    strings = dict.fromkeys([*states, "fingerprint", "body"], "string")
    table = files.table("store", [strings])
    found = {key: value for key, value in states.items() if value is not None}
    table.add(("KgStore", "kg"), ("KgStore:kg", "KgStore", "kg"), found)
    table.add(("KgStore", "lock"), ("KgStore:lock", "KgStore", "lock"), {})
    for record in store.packed_records():
        body = base64.b64encode(record.body).decode("ascii")
        keys = (f"KgRecord:{record.id}", "KgRecord", record.id)
        properties = {"fingerprint": record.fingerprint, "body": body}
        table.add(("KgRecord", record.id), keys, properties)


class _Files:
    """All rows, by the file that they belong to."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self._tables: dict[str, _Table] = {}
        self._held_bytes = 0

    def labels(self, *names: str) -> str:
        """Return labels as a cell holds them."""
        return self.delimiter.join(dict.fromkeys(names))

    def table(self, name: str, declared: Iterable[Mapping[str, str]]) -> "_Table":
        """Return a new table with a column for each of the declared properties."""
        self._tables[name] = _Table(name, declared, self)
        return self._tables[name]

    def hold(self, n_bytes: int) -> None:
        """Count what rows take; when it is too much, all move to disk."""
        self._held_bytes += n_bytes
        if self._held_bytes > _HELD_BYTES:
            self._held_bytes = 0
            for table in self._tables.values():
                table.spill()

    def write(self, folder: Path) -> None:
        """Write headers, data and arguments."""
        head = _HEAD.format(command=COMMAND, delimiter=ord(self.delimiter))
        lines = [line for table in self._tables.values() for line in table.write(folder)]
        text = head + "".join(f"{line}\n" for line in lines)
        (folder / ARGUMENTS).write_text(text, encoding="utf-8")

    def close(self) -> None:
        """Free all rows."""
        for table in self._tables.values():
            table.close()


class _Table:
    """The rows of a file; those that deviate are kept apart by how they do."""

    def __init__(self, name: str, declared: Iterable[Mapping[str, str]], files: _Files) -> None:
        self._name = name
        self._files = files
        self._declared = {
            key: _DECLARED[kind] for properties in declared for key, kind in properties.items()
        }
        self._rows: dict[Deviation, tuple[SortedRows, tuple[str, ...]]] = {}

    def add(
        self, order: tuple[str, ...], keys: tuple[str, ...], properties: Mapping[str, Value]
    ) -> None:
        """Add a row with its place in the order and the cells of its first columns."""
        deviation: Deviation = ()
        declared = self._declared
        for name, value in properties.items():
            if type(value) is not declared.get(name) and value is not None:
                deviation = _deviation(properties, declared)
                break
        rows, columns = self._rows.get(deviation) or self._variant(deviation)
        cells = [_quoted(text) for text in keys]
        for name in columns:
            cell = properties.get(name)
            cells.append(_quoted(cell) if isinstance(cell, str) else self._cell(cell, keys[-1]))
        line = (",".join(cells) + "\n").encode("utf-8")
        rows.add(order, line)
        self._files.hold(len(line))

    def write(self, folder: Path) -> list[str]:
        """Write headers and data, and return the arguments that name them."""
        option, keys = _KEYS[self._name]
        arguments = []
        for place, (deviation, (rows, columns)) in enumerate(sorted(self._rows.items(), key=_key)):
            name = f"{self._name}-{place + 1}" if place else self._name
            types = {key: _TYPES[kind] for key, kind in self._declared.items()} | dict(deviation)
            header = [*keys, *(f"{column}:{types[column]}" for column in columns)]
            (folder / f"{name}-header.csv").write_text(",".join(header) + "\n", encoding="utf-8")
            with (folder / f"{name}.csv").open("wb") as file:
                rows.write_to(file)
            arguments.append(f"{option}={name}-header.csv,{name}.csv")
        return arguments

    def spill(self) -> None:
        """Move the rows to disk."""
        for rows, _ in self._rows.values():
            rows.spill()

    def close(self) -> None:
        """Free the rows."""
        for rows, _ in self._rows.values():
            rows.close()

    def _variant(self, deviation: Deviation) -> tuple[SortedRows, tuple[str, ...]]:
        columns = tuple(self._declared | dict.fromkeys((name for name, _ in deviation), str))
        self._rows[deviation] = SortedRows(), columns
        return self._rows[deviation]

    def _cell(self, value: Value | None, where: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, tuple):
            return _scalar(value)
        if value == ("",):
            message = f"neo4j-admin: {where}: a list of one empty text cannot be imported"
            raise InputError(message)
        if any(self._files.delimiter in item for item in value):
            raise _DelimiterError
        return _quoted(self._files.delimiter.join(value))


def _deviation(properties: Mapping[str, Value], declared: Mapping[str, type]) -> Deviation:
    return tuple(
        sorted(
            (name, _TYPES[type(value)])
            for name, value in properties.items()
            if value is not None and type(value) is not declared.get(name)
        )
    )


def _key(item: tuple[Deviation, object]) -> Deviation:
    return item[0]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _scalar(value: Value) -> str:
    """Return a number or truth value as Java reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return str(value)
