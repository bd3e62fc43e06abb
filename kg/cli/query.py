"""`kg query`: run Cypher."""

import json
import sys
from typing import Any

import click

from kg.cli.options import format_option, store_option, verbose_option
from kg.cli.render import print_table
from kg.errors import InputError
from kg.store import open_store

__all__ = ["command"]


@click.command()
@click.argument("cypher")
@click.option(
    "-p",
    "--param",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter: the value is read as JSON, and as text where it is none.",
)
@click.option("--write", is_flag=True, help="Let the query change the graph.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop the query after so many seconds, by default a minute.",
)
@store_option
@format_option
@verbose_option
def command(
    cypher: str,
    pairs: tuple[str, ...],
    write: bool,
    timeout_s: float | None,
    store: str,
    output_format: str,
    verbose: int,
) -> None:
    """Run CYPHER on the graph and print the rows; "-" reads it from stdin.

    Example: kg query "MATCH (m:Model)-[r:USES]->(b:Benchmark) RETURN m.name, b.name"
    """
    text = sys.stdin.read() if cypher == "-" else cypher
    parameters = dict(_parameter(pair) for pair in pairs)
    with open_store(store, mode="write" if write else "read") as opened:
        table = opened.query(text, parameters, write=write, timeout_s=timeout_s)
    print_table(table, output_format)


def _parameter(pair: str) -> tuple[str, Any]:
    name, equals, value = pair.partition("=")
    name = name.strip().removeprefix("$")
    if not equals or not name.isidentifier():
        message = f"-p {pair!r}: write name=value, for example -p name=Orca or -p 'ids=[1, 2]'"
        raise InputError(message)
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
