"""`kg merge`: make two names one, for good."""

from pathlib import Path

import click

from kg.cli.options import kind_option, store_option, thesaurus_option, verbose_option
from kg.cli.progress import report_names, report_unknown
from kg.store import open_store
from kg.thesaurus import add_merge

__all__ = ["command"]


@click.command()
@click.argument("names", nargs=-1, required=True)
@kind_option
@thesaurus_option
@store_option
@verbose_option
def command(
    names: tuple[str, ...], kind: str | None, thesaurus: Path, store: str, verbose: int
) -> None:
    """Make NAMES one thing, whatever the rules say, and write so into the thesaurus file.

    Example: kg merge CoT "chain-of-thought"
    """
    from kg.naming import change_thesaurus

    if len(set(names)) < 2:
        raise click.UsageError("give two names or more, such as: kg merge CoT chain-of-thought")
    with open_store(store, mode="write") as opened:
        report_unknown(opened, names)
        report = change_thesaurus(
            opened, thesaurus, lambda known: add_merge(known, names, kind or "")
        )
    report_names(report, store, thesaurus)
