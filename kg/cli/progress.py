"""Progress and rejected records on stderr."""

import sys
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import click

from kg.cli.render import plain
from kg.errors import InputError
from kg.pipeline import BuildReport
from kg.records import Rejected
from kg.store.base import Store

__all__ = ["Counter", "report_names", "report_rejected", "report_unknown"]


class Counter:
    """A running count on one line of a terminal; it says nothing where stderr is a file."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._count = 0
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        """Return the counter itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the line."""
        if self._shown and self._count:
            click.echo("", err=True)

    def add(self, n: int) -> None:
        """Count `n` more."""
        self._count += n
        if self._shown:
            click.echo(f"\r{self._count} {self._what}", nl=False, err=True)


def report_rejected(rejected: Sequence[Rejected], verbose: int) -> None:
    """Say on stderr how many records were rejected and why; each of them where `verbose`."""
    for reason, n in sorted(Tally(str(item.reason) for item in rejected).items()):
        click.echo(f"rejected: {n} {reason}", err=True)
    if verbose:
        for item in rejected:
            click.echo(f"  {plain(item.where)}: {item.reason}: {plain(item.detail)}", err=True)
    elif rejected:
        click.echo("  (-v lists them)", err=True)


def report_names(report: BuildReport, store: str, thesaurus: Path) -> None:
    """Say on stderr what a merge or split did, and where it is written."""
    changed = report.written or report.deleted
    what = f"{report.written} written, {report.deleted} deleted" if changed else "nothing changed"
    click.echo(f"{plain(str(thesaurus))}: written; {plain(store)}: {what}", err=True)


def report_unknown(store: Store, names: Iterable[str]) -> None:
    """Say on stderr which names a merge or split speaks of that the graph does not hold."""
    from kg.query.names import find_names

    for name in names:
        try:
            find_names(store, name)
        except InputError as err:
            click.echo(f"{plain(str(err))}; kept for papers to come", err=True)
