"""`kg ask`: answer a question in English."""

import click

from kg.cli.options import narrowing_options, store_option, verbose_option
from kg.cli.render import plain, print_json, print_rows
from kg.query.ask import Answer, AnswerRow, answer_json, ask
from kg.query.narrowing import Narrowing, parse_years
from kg.store import open_store

__all__ = ["command", "print_answer"]

_SHOWN = 2
"""Sentences and paths that a row shows where it is not asked for all of them."""


@click.command()
@click.argument("question")
@click.option("--cypher", "show_cypher", is_flag=True, help="Print the Cypher behind the answer.")
@click.option(
    "--direct",
    is_flag=True,
    help="Only what holds of the name itself, not of its family, users and extensions.",
)
@narrowing_options
@store_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="How the answer is printed; json gives one object with the Cypher and the rows.",
)
@verbose_option
def command(
    question: str,
    show_cypher: bool,
    direct: bool,
    year: str | None,
    min_support: int,
    min_confidence: float,
    store: str,
    output_format: str,
    verbose: int,
) -> None:
    """Answer QUESTION from the graph, with the papers and sentences behind each row.

    Example: kg ask "which benchmarks does imitation learning use?"
    """
    first, last = parse_years(year)
    narrowing = Narrowing(
        year_from=first, year_to=last, min_support=min_support, min_confidence=min_confidence
    )
    with open_store(store, mode="read") as opened:
        answer = ask(opened, question, narrowing=narrowing, direct=direct)
    print_answer(answer, output_format, everything=verbose > 0, show_cypher=show_cypher)


def print_answer(
    answer: Answer,
    output_format: str,
    *,
    everything: bool = False,
    show_cypher: bool = False,
    max_rows: int | None = None,
) -> None:
    """Print an answer to stdout in one of the formats; `max_rows` shortens the table alone."""
    if output_format == "json":
        print_json(answer_json(answer))
        return
    if output_format in ("jsonl", "csv"):
        rows = answer_json(answer)["rows"]
        columns = ["name", "type", "papers", "evidence", "via"]
        print_rows(columns, [[row[c] for c in columns] for row in rows], output_format)
        return
    click.secho(f"{answer.title}: {plain(' and '.join(answer.subjects))}", bold=True)
    for row in answer.rows[:max_rows]:
        _print_row(row, everything)
    if max_rows is not None and len(answer.rows) > max_rows:
        click.echo(f"\n… and {len(answer.rows) - max_rows} more rows")
    if not answer.rows:
        click.echo("  nothing in the graph answers this; try `kg show` with the name")
    if show_cypher:
        click.echo(f"\n{answer.cypher}")
        for name, value in answer.parameters.items():
            click.echo(f"// ${name} = {value!r}")


def _print_row(row: AnswerRow, everything: bool) -> None:
    shown = None if everything else _SHOWN
    n_papers = len(row.papers)
    count = f"{n_papers} paper{'' if n_papers == 1 else 's'}"
    name = click.style(plain(row.name), fg="cyan", bold=True)
    click.echo(f"\n{name}  {row.type} · {count}")
    for path in row.via[:shown]:
        click.echo(f"  {plain(path)}")
    for item in row.evidence[:shown]:
        click.echo(f"  [{plain(item.paper)}] {plain(item.sentence)}")
    hidden = max(len(row.evidence), len(row.via)) - _SHOWN
    if shown is not None and hidden > 0:
        click.echo(f"  … and {hidden} more (-v shows all)")
