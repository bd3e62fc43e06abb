"""`kg table`: a table for a survey."""

import click

from kg.cli.options import narrowing_options, store_option, verbose_option
from kg.cli.render import print_rows
from kg.errors import InputError
from kg.query.markup import latex_table, markdown_table, plain_cell
from kg.query.narrowing import Narrowing, parse_years
from kg.query.table import CellFact, Column, Survey, survey_table
from kg.store import open_store

__all__ = ["command"]


@click.command()
@click.argument("name")
@click.option(
    "--columns",
    default="benchmark,result,robot",
    show_default=True,
    metavar="COLUMN,...",
    help=f"What is told of each system, in this order: {', '.join(Column)}.",
)
@click.option(
    "--users",
    is_flag=True,
    help="Also the systems that use, extend or address a member of the family.",
)
@narrowing_options
@store_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["markdown", "csv", "latex", "json", "jsonl", "table"]),
    default="markdown",
    show_default=True,
    help="How the table is printed; json keeps the papers of each fact apart.",
)
@verbose_option
def command(
    name: str,
    columns: str,
    users: bool,
    year: str | None,
    min_support: int,
    min_confidence: float,
    store: str,
    output_format: str,
    verbose: int,
) -> None:
    """Print a table of the systems of the family NAME: facts, each with its papers.

    Of a task, benchmark or robot the systems are those that address or use it.

    Example: kg table "vision-language-action" --columns benchmark,result,robot
    """
    first, last = parse_years(year)
    narrowing = Narrowing(
        year_from=first, year_to=last, min_support=min_support, min_confidence=min_confidence
    )
    chosen = _columns(columns)
    with open_store(store, mode="read") as opened:
        survey = survey_table(opened, name, chosen, users=users, narrowing=narrowing)
    _print_survey(survey, output_format)
    subjects = " / ".join(f"{hit.name} ({hit.label})" for hit in survey.subjects)
    if not survey.rows:
        click.echo(f"no system of {subjects} has facts for these columns", err=True)


def _columns(text: str) -> list[Column]:
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in set(Column):
            message = f"--columns {name!r}: choose from {', '.join(Column)}"
            raise InputError(message)
    if not names:
        message = f"--columns {text!r}: name at least one of {', '.join(Column)}"
        raise InputError(message)
    return [Column(name) for name in dict.fromkeys(names)]


def _print_survey(survey: Survey, output_format: str) -> None:
    titles = ["system", *survey.columns]
    if output_format in ("markdown", "latex"):
        write = markdown_table if output_format == "markdown" else latex_table
        cells = [((CellFact(text=row.name),), *row.cells) for row in survey.rows]
        click.echo(write(titles, cells), nl=False)
        return
    if output_format in ("json", "jsonl"):
        rows: list[list[object]] = [
            [row.name]
            + [[{"text": f.text, "papers": list(f.papers)} for f in cell] for cell in row.cells]
            for row in survey.rows
        ]
    else:
        rows = [[row.name, *map(plain_cell, row.cells)] for row in survey.rows]
    print_rows(titles, rows, output_format)
