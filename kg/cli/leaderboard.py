"""`kg leaderboard`: the results on a benchmark."""

import click

from kg.cli.options import narrowing_options, store_option, verbose_option
from kg.cli.render import json_text, plain, print_json, print_rows
from kg.query.leaderboard import Direction, Leaderboard, Standing, leaderboards
from kg.query.markup import escape_latex, escape_markdown, latex_table, markdown_table
from kg.query.narrowing import Narrowing, parse_years
from kg.query.table import CellFact
from kg.store import open_store

__all__ = ["command"]

_UNSTATED = "metric not stated"
_ORDER = {
    Direction.HIGHER: "higher is better",
    Direction.LOWER: "lower is better",
    None: "which values are better is not known; by system",
}


@click.command()
@click.argument("name")
@click.option("--direct", is_flag=True, help="Only the benchmark itself, not its parts.")
@narrowing_options
@store_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "jsonl", "csv", "markdown", "latex"]),
    default="table",
    show_default=True,
    help="How the results are printed; json gives an object a metric, csv a column a metric.",
)
@verbose_option
def command(
    name: str,
    direct: bool,
    year: str | None,
    min_support: int,
    min_confidence: float,
    store: str,
    output_format: str,
    verbose: int,
) -> None:
    """List the results that papers report on the benchmark NAME, a table for each metric.

    The best comes first where it is known which values of the metric are better.

    Example: kg leaderboard GSM8K
    """
    first, last = parse_years(year)
    narrowing = Narrowing(
        year_from=first, year_to=last, min_support=min_support, min_confidence=min_confidence
    )
    with open_store(store, mode="read") as opened:
        boards = leaderboards(opened, name, direct=direct, narrowing=narrowing)
    match output_format:
        case "json":
            print_json([_board_json(board) for board in boards])
        case "jsonl":
            for board in boards:
                click.echo(json_text(_board_json(board)))
        case "csv":
            _print_csv(boards)
        case _:
            for board in boards:
                _print_board(board, output_format)
    if not boards:
        click.echo(f"no paper in the graph reports a result on {plain(name)}", err=True)


def _title(board: Leaderboard) -> str:
    unit = f" [{board.unit}]" if board.unit else ""
    return f"{board.metric or _UNSTATED}{unit}"


def _print_board(board: Leaderboard, output_format: str) -> None:
    heading = f"{board.benchmark}: {_title(board)}"
    columns = ["system", _title(board), "setting", "year", "paper", "sentence"]
    rows = [_cells(standing) for standing in board.standings]
    if output_format == "table":
        click.secho(f"{plain(heading)}  ({_ORDER[board.direction]})", bold=True)
        print_rows(columns, [["" if c is None else c for c in row] for row in rows], "table")
        return
    cells = [
        [(CellFact(text="" if cell is None else str(cell)),) for cell in row[:-1]] for row in rows
    ]
    if output_format == "markdown":
        click.echo(f"**{escape_markdown(heading)}** ({_ORDER[board.direction]})\n")
        click.echo(markdown_table(columns[:-1], cells))
    else:
        click.echo(rf"\paragraph{{{escape_latex(heading)}}} ({_ORDER[board.direction]})")
        click.echo(latex_table(columns[:-1], cells))


def _print_csv(boards: list[Leaderboard]) -> None:
    titles = list(dict.fromkeys(_title(board) for board in boards))
    columns = ["benchmark", "system", *titles, "setting", "year", "paper", "sentence"]
    rows = []
    for board in boards:
        for standing in board.standings:
            system, text, *rest = _cells(standing)
            values = [text if title == _title(board) else None for title in titles]
            rows.append([board.benchmark, system, *values, *rest])
    print_rows(columns, rows, "csv")


def _cells(standing: Standing) -> list[object]:
    return [
        standing.system,
        standing.text,
        standing.setting,
        standing.year,
        standing.paper,
        standing.sentence,
    ]


def _board_json(board: Leaderboard) -> dict[str, object]:
    return {
        "benchmark": board.benchmark,
        "metric": board.metric,
        "unit": board.unit,
        "better": board.direction,
        "results": [
            {
                "system": standing.system,
                "value": standing.value,
                "text": standing.text,
                "setting": standing.setting,
                "year": standing.year,
                "paper": standing.paper,
                "sentence": standing.sentence,
            }
            for standing in board.standings
        ],
    }
