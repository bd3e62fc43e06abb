"""Rows and values as text: tables, JSON, JSON lines and CSV, safe for a terminal."""

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from kg.store.base import NodeValue, PathValue, RelationshipValue, Table
from kg.text import strip_controls

__all__ = [
    "cypher_text",
    "json_text",
    "json_value",
    "plain",
    "print_json",
    "print_rows",
    "print_table",
]

_MAX_CELL = 2_000

_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON leaves as it is, and a terminal may obey or cannot print."""


def plain(text: str) -> str:
    """Return the text on one line, without control characters that a terminal would obey."""
    return strip_controls(text)


def cypher_text(value: object, *, nested: bool = False) -> str:
    """Return a value as cypher-shell prints it: `(:Model {name: "Orca"})`, `[1, 2]`, `NULL`.

    A string that stands alone is not quoted.
    """
    match value:
        case NodeValue():
            return f"({_labels(value.labels)}{_map(value.properties)})"
        case RelationshipValue():
            return f"[:{_name(value.type)}{_map(value.properties)}]"
        case PathValue():
            return _path(value)
        case str():
            return json.dumps(value, ensure_ascii=False) if nested else value
        case Mapping():
            return _map(value).strip() or "{}"
        case Sequence():
            return "[" + ", ".join(cypher_text(item, nested=True) for item in value) + "]"
        case _:
            return _scalar(value)


def json_value(value: object) -> Any:
    """Return a value as Neo4j's Query API gives it in plain JSON."""
    match value:
        case NodeValue():
            return {
                "elementId": value.id,
                "labels": list(value.labels),
                "properties": json_value(value.properties),
            }
        case RelationshipValue():
            return {
                "elementId": value.id,
                "startNodeElementId": value.source,
                "endNodeElementId": value.target,
                "type": value.type,
                "properties": json_value(value.properties),
            }
        case PathValue():
            return [json_value(step) for step in _steps(value)]
        case Mapping():
            return {str(key): json_value(item) for key, item in value.items()}
        case str() | None | bool() | int() | float():
            return value
        case Sequence():
            return [json_value(item) for item in value]
        case _:
            return str(value)


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON in which every control character is escaped."""
    text = json.dumps(json_value(value), ensure_ascii=False, indent=indent)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json_text(value, indent=2))


def print_rows(
    columns: Sequence[str], rows: Iterable[Sequence[object]], output_format: str
) -> None:
    """Print rows to stdout in one of the formats of `format_option`."""
    match output_format:
        case "json":
            print_json([dict(zip(columns, row, strict=True)) for row in rows])
        case "jsonl":
            for row in rows:
                click.echo(json_text(dict(zip(columns, row, strict=True))))
        case "csv":
            _print_csv(columns, rows)
        case _:
            _print_text(columns, list(rows))


def print_table(table: Table, output_format: str) -> None:
    """Print what a query returned."""
    print_rows(table.columns, table.rows, output_format)


def _print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if cell is None else plain(cypher_text(cell)) for cell in row])
    click.echo(buffer.getvalue(), nl=False)


def _print_text(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(Text(plain(column)), overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cypher_text(cell))[:_MAX_CELL]) for cell in row))
    width = shutil.get_terminal_size((120, 24)).columns
    console = Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False)
    console.print(table)
    click.echo(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", err=True)


def _scalar(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value).upper() if isinstance(value, bool) else str(value)


def _labels(labels: Sequence[str]) -> str:
    return "".join(f":{_name(label)}" for label in labels)


def _map(properties: Mapping[str, object]) -> str:
    inner = ", ".join(
        f"{_name(key)}: {cypher_text(value, nested=True)}" for key, value in properties.items()
    )
    return f" {{{inner}}}" if inner else ""


def _name(name: str) -> str:
    return name if name.isidentifier() else "`" + name.replace("`", "``") + "`"


def _steps(path: PathValue) -> list[NodeValue | RelationshipValue]:
    steps: list[NodeValue | RelationshipValue] = [path.nodes[0]]
    for relationship, node in zip(path.relationships, path.nodes[1:], strict=True):
        steps += [relationship, node]
    return steps


def _path(path: PathValue) -> str:
    text = cypher_text(path.nodes[0])
    for before, relationship, after in zip(
        path.nodes, path.relationships, path.nodes[1:], strict=False
    ):
        forwards = relationship.source == before.id
        left, right = ("-", "->") if forwards else ("<-", "-")
        text += f"{left}{cypher_text(relationship)}{right}{cypher_text(after)}"
    return text
