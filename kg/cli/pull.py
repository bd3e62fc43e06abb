"""`kg pull`: bring another store's graph into this one."""

import click

from kg.cli.options import store_option, verbose_option
from kg.cli.progress import Counter
from kg.cli.push import report_transfer
from kg.transfer import transfer_between

__all__ = ["command"]


@click.command()
@click.argument("uri", metavar="URI")
@store_option
@verbose_option
def command(uri: str, store: str, verbose: int) -> None:
    """Bring papers, names decided on, and graph of the store at URI into this one.

    URI is a folder, or a server. What is here stays and is joined as by a build: a paper of the
    same id is replaced where it differs, and of two merges, splits or catalogue entries that
    contradict each other the one here wins. NEO4J_USERNAME and NEO4J_PASSWORD say who you are.

    Example: kg pull papers.kg --store mine.kg
    """
    with Counter("papers pulled") as counter:
        report = transfer_between(uri, store, progress=counter.add)
    report_transfer(report, store, verbose)
