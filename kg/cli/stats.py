"""`kg stats`: count what is in the graph."""

import click

from kg.cli.options import format_option, store_option, verbose_option
from kg.cli.render import print_rows
from kg.query.stats import count_graph
from kg.store import open_store

__all__ = ["command"]


@click.command()
@store_option
@format_option
@verbose_option
def command(store: str, output_format: str, verbose: int) -> None:
    """Count the nodes of each label and the relationships of each type.

    Example: kg stats
    """
    with open_store(store, mode="read") as opened:
        counts = count_graph(opened)
    rows = [[count.what, count.name, count.count] for count in counts]
    print_rows(["what", "name", "count"], rows, output_format)
