"""`kg split`: keep two names apart, for good."""

from pathlib import Path

import click

from kg.cli.options import kind_option, store_option, thesaurus_option, verbose_option
from kg.cli.progress import report_names, report_unknown
from kg.store import open_store
from kg.thesaurus import add_split

__all__ = ["command"]


@click.command()
@click.argument("a")
@click.argument("b")
@kind_option
@thesaurus_option
@store_option
@verbose_option
def command(a: str, b: str, kind: str | None, thesaurus: Path, store: str, verbose: int) -> None:
    """Keep A and B apart, whatever the rules say, and write so into the thesaurus file.

    A merge that held both is taken back.

    Example: kg split ALOHA "Mobile ALOHA"
    """
    from kg.naming import change_thesaurus

    if a == b:
        raise click.UsageError("give two different names, such as: kg split ALOHA 'Mobile ALOHA'")
    with open_store(store, mode="write") as opened:
        report_unknown(opened, (a, b))
        report = change_thesaurus(
            opened, thesaurus, lambda known: add_split(known, a, b, kind or "")
        )
    report_names(report, store, thesaurus)
