"""`kg push`: bring this graph into another store."""

import click

from kg.cli.build import print_report
from kg.cli.options import store_option, verbose_option
from kg.cli.progress import Counter
from kg.cli.render import plain
from kg.transfer import TransferReport, transfer_between

__all__ = ["command", "report_transfer"]


@click.command()
@click.argument("uri", metavar="URI")
@store_option
@verbose_option
def command(uri: str, store: str, verbose: int) -> None:
    """Bring papers, names decided on, and graph into the store at URI: a folder, or a server.

    What is there stays and is joined as by a build: a paper of the same id is replaced where it
    differs, and of two merges, splits or catalogue entries that contradict each other the one at
    URI wins. NEO4J_USERNAME and NEO4J_PASSWORD say who you are.

    Example: kg push backup.kg
    """
    with Counter("papers pushed") as counter:
        report = transfer_between(store, uri, progress=counter.add)
    report_transfer(report, uri, verbose)


def report_transfer(report: TransferReport, store: str, verbose: int) -> None:
    """Say on stderr what came into a store, and which decisions it did not take."""
    print_report(report.build, store, verbose)
    if verbose:
        for record_id in report.replaced:
            click.echo(f"  replaced: {plain(record_id)}", err=True)
    if report.decisions.n_added:
        click.echo(f"names: {report.decisions.n_added} decisions and entries added", err=True)
    for left_out in report.decisions.left_out:
        click.echo(f"left out, contradicts what is there: {plain(left_out)}", err=True)
