"""`kg related`: what stands near a paper or a name."""

from itertools import groupby, islice

import click

from kg.cli.options import (
    citation_kinds_option,
    format_option,
    limit_option,
    narrowing_options,
    store_option,
    verbose_option,
)
from kg.cli.render import plain, print_rows
from kg.query.narrowing import Narrowing, parse_years
from kg.query.related import Related, Relatives, related
from kg.schema import CitationKind
from kg.store import open_store

__all__ = ["command"]

_SHOWN = 3
"""Papers that a row shows where it is not asked for all of them."""


@click.command()
@click.argument("name")
@citation_kinds_option
@limit_option
@narrowing_options
@store_option
@format_option
@verbose_option
def command(
    name: str,
    kinds: tuple[str, ...],
    limit: int,
    year: str | None,
    min_support: int,
    min_confidence: float,
    store: str,
    output_format: str,
    verbose: int,
) -> None:
    """Show what is related to NAME: a paper's id or title, or a name in the graph.

    To a paper: papers that are cited beside it (co-citation) and that cite the same (coupling).
    To a name: what has a relation with it, and what the same papers name. --limit counts rows of
    each reason.

    Example: kg related LIBERO --limit 5
    """
    first, last = parse_years(year)
    narrowing = Narrowing(
        year_from=first, year_to=last, min_support=min_support, min_confidence=min_confidence
    )
    chosen = [CitationKind(kind) for kind in kinds]
    with open_store(store, mode="read") as opened:
        found = related(opened, name, kinds=chosen, narrowing=narrowing)
    if output_format == "table":
        for relatives in found:
            _print_relatives(relatives, limit, everything=verbose > 0)
        return
    columns = ["of", "id", "name", "type", "reason", "score", "papers"]
    rows = [
        [relatives.name, row.id, row.name, row.type, row.reason, row.score, list(row.shared)]
        for relatives in found
        for row in _first(relatives, limit)
    ]
    print_rows(columns, rows, output_format)


def _first(relatives: Relatives, limit: int) -> list[Related]:
    groups = groupby(relatives.rows, key=_section)
    return [row for _, rows in groups for row in islice(rows, limit)]


def _section(row: Related) -> str:
    return "relations" if row.reason[0] in "→←" else row.reason


def _print_relatives(relatives: Relatives, limit: int, *, everything: bool) -> None:
    click.secho(f"{plain(relatives.name)}  {relatives.type} [{plain(relatives.id)}]", bold=True)
    for section, rows in groupby(_first(relatives, limit), key=_section):
        click.echo(f"\n{section}")
        for row in rows:
            click.secho(f"  {plain(row.name)}", fg="cyan", nl=False)
            click.echo(f"  {row.type} · {_why(row, everything)}")
    if not relatives.rows:
        click.echo("  nothing in the graph is related to it")
    click.echo("")


def _why(row: Related, everything: bool) -> str:
    shared = row.shared if everything else row.shared[:_SHOWN]
    more = len(row.shared) - len(shared)
    listed = ", ".join(map(plain, shared)) + (f", … {more} more" if more else "")
    papers = f"{len(row.shared)} paper{'' if len(row.shared) == 1 else 's'} ({listed})"
    if _section(row) == "relations":
        return f"{row.reason} · {papers if row.shared else 'known'}"
    return f"{row.score:.2f} · {papers}"
