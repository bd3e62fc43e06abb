"""`kg demo`: a graph from the sample papers."""

from pathlib import Path

import click

from kg.api import sample_papers
from kg.cli.ask import print_answer
from kg.cli.build import print_report
from kg.cli.options import extractor_options, verbose_option
from kg.pipeline import build
from kg.query.ask import ask
from kg.store import open_store

__all__ = ["command"]

_STORE = "demo.kg"
_PAGE = "graph.html"
_MAX_ROWS = 5
_QUESTIONS = (
    "what does Orca use?",
    "which benchmarks does imitation learning use?",
    "who beats whom on LIBERO?",
)


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=_PAGE,
    show_default=True,
    help="Where the page is written.",
)
@click.option("--store", default=_STORE, show_default=True, help="Where the graph is built.")
@extractor_options
@verbose_option
def command(output: Path, store: str, rules_only: bool, processes: int, verbose: int) -> None:
    """Build a graph from the sample papers, print three answers, write an HTML page.

    Example: kg demo
    """
    from kg.extract import load_extractor
    from kg.read import read
    from kg.view import write_page

    with open_store(store, mode="write") as opened:
        extractor = load_extractor(model=False if rules_only else None, n_process=processes)
        report = build(opened, read([sample_papers()]), extractor=extractor)
    print_report(report, store, verbose)
    with open_store(store, mode="read") as opened:
        for question in _QUESTIONS:
            click.secho(f'\n$ kg ask --store {store} "{question}"', dim=True)
            answer = ask(opened, question)
            print_answer(answer, "table", show_cypher=True, max_rows=_MAX_ROWS)
        write_page(opened, output)
    click.echo(f"\n{output}: open it in a browser", err=True)
