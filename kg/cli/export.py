"""`kg export`: the graph in a format of other tools."""

from pathlib import Path

import click

from kg.cli.options import store_option, verbose_option
from kg.cli.render import plain
from kg.export import FORMATS, export_graph
from kg.store import open_store

__all__ = ["command"]


@click.command()
@click.option(
    "--to",
    "output_format",
    required=True,
    type=click.Choice(FORMATS),
    help="The format; parquet makes a folder with nodes.parquet and edges.parquet, neo4j-admin one "
    "with CSV files and import.args for its offline import.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="The file, or for parquet and neo4j-admin the folder, that is written.",
)
@store_option
@verbose_option
def command(output_format: str, output: Path, store: str, verbose: int) -> None:
    """Write the whole graph to a file of another format; the same graph gives the same bytes.

    Example: kg export --to graphml -o graph.graphml
    """
    with open_store(store, mode="read") as opened:
        done = export_graph(opened, output_format, output)
    message = f"{output}: {done.nodes} nodes, {done.edges} relationships"
    click.echo(plain(message), err=True)
    if done.command is not None:
        click.echo(plain(f"in {output}, with the server stopped: {done.command}"), err=True)
