"""`kg view`: the graph as a page for a browser."""

from pathlib import Path

import click

from kg.cli.options import narrowing_options, store_option, verbose_option
from kg.files import save_text
from kg.query.narrowing import Narrowing, parse_years
from kg.store import open_store

__all__ = ["command"]


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default="graph.html",
    show_default=True,
    help="Where the page is written; - is stdout.",
)
@click.option("--focus", metavar="NAME", help="Only what lies around the node of this name.")
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="With --focus: how many relationships away.",
)
@narrowing_options
@store_option
@verbose_option
def command(
    output: Path,
    focus: str | None,
    depth: int,
    year: str | None,
    min_support: int,
    min_confidence: float,
    store: str,
    verbose: int,
) -> None:
    """Write the graph as one HTML page that opens anywhere, with the network off.

    Example: kg view --focus LIBERO --depth 2 -o libero.html
    """
    first, last = parse_years(year)
    narrowing = Narrowing(
        year_from=first, year_to=last, min_support=min_support, min_confidence=min_confidence
    )
    from kg.view import render_store

    with open_store(store, mode="read") as opened:
        page = render_store(opened, focus=focus, depth=depth, narrowing=narrowing)
    if str(output) == "-":
        click.echo(page, nl=False)
        return
    save_text(page, output)
    click.echo(f"{output}: open it in a browser", err=True)
