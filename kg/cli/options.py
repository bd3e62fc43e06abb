"""Options that several commands share, as decorators."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.api import DEFAULT_STORE

__all__ = [
    "catalogue_option",
    "citation_kinds_option",
    "extractor_options",
    "format_option",
    "kind_option",
    "limit_option",
    "narrowing_options",
    "reading_options",
    "store_option",
    "thesaurus_option",
    "verbose_option",
]

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Decorator = Callable[[_Function], _Function]

store_option = click.option(
    "--store",
    envvar="KG_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    metavar="FOLDER|URI",
    help="The graph: a folder, or the address of a Neo4j server (bolt://, neo4j://).",
)

format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="How the rows are printed.",
)

verbose_option = click.option(
    "-v", "--verbose", count=True, help="Say more on stderr; -vv also shows tracebacks."
)

catalogue_option = click.option(
    "--catalogue",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Known names of your own (JSON lines), added to those that kg brings.",
)


thesaurus_option = click.option(
    "--thesaurus",
    envvar="KG_THESAURUS",
    default="thesaurus.yaml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file that keeps your merges and splits.",
)

kind_option = click.option(
    "--kind",
    type=click.Choice(["system", "resource", "task", "metric", "robot"]),
    help="Only names of this kind; else of any.",
)

citation_kinds_option = click.option(
    "--kind",
    "kinds",
    type=click.Choice(["reference", "mention", "inferred"]),
    multiple=True,
    default=["reference", "mention", "inferred"],
    show_default="all",
    help="Only citations of this kind (more than once: of these): from metadata, by naming what "
    "the other introduced, or inferred from what is used.",
)

limit_option = click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="At most so many rows.",
)


def _stack(*decorators: _Decorator) -> _Decorator:
    def decorate(function: _Function) -> _Function:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


reading_options = _stack(
    click.argument("files", nargs=-1, type=click.Path(path_type=Path)),
    click.option(
        "--input-format",
        metavar="FORMAT",
        help="Read the files as this format instead of telling it by their content.",
    ),
    click.option("--strict", is_flag=True, help="Stop at the first record that is rejected."),
)

extractor_options = _stack(
    click.option(
        "--rules", "rules_only", is_flag=True, help="Extract by rules alone, without the model."
    ),
    click.option(
        "--processes",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Processes that extract side by side; the records are the same.",
    ),
)

narrowing_options = _stack(
    click.option("--year", metavar="Y|Y-Y", help="Only facts of papers of these years."),
    click.option(
        "--min-support",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Only facts that at least so many papers state.",
    ),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        default=0.0,
        show_default=True,
        help="Only facts that the extractor is at least so sure of.",
    ),
)
