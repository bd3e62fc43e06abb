"""`kg evaluate`: score the extractor, or a file of records, on annotated abstracts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import catalogue_option, extractor_options, verbose_option
from kg.cli.render import plain, print_json, print_rows

if TYPE_CHECKING:
    from kg.evaluate import Evaluation, Figure

__all__ = ["command"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_COLUMNS = ("precision", "recall", "f1", "gold", "predicted")


@click.command()
@click.argument("texts", type=_FILE, required=False)
@click.argument("gold", type=_FILE, required=False)
@click.option(
    "--pairs", type=_FILE, help="Judge pairs of names instead: name, name, yes or no, with tabs."
)
@catalogue_option
@click.option("--predictions", type=_FILE, help="Score these records instead of extracting.")
@extractor_options
@click.option("--errors", default=0, metavar="N", help="Also print N errors of each measure.")
@click.option("--confusion", is_flag=True, help="Also print which types are taken for which.")
@click.option(
    "--samples",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    help="Bootstrap samples behind the 95 % intervals; 0 leaves them out.",
)
@click.option("--format", "output_format", type=click.Choice(["table", "json"]), default="table")
@verbose_option
def command(
    texts: Path | None,
    gold: Path | None,
    pairs: Path | None,
    catalogue: Path | None,
    predictions: Path | None,
    rules_only: bool,
    processes: int,
    errors: int,
    confusion: bool,
    samples: int,
    output_format: str,
    verbose: int,
) -> None:
    """Compare what is extracted from TEXTS with GOLD (JSON lines with the same ids).

    Example: kg evaluate texts.jsonl gold.jsonl --rules
    """
    if pairs is not None:
        _judge_pairs(pairs, catalogue, output_format)
        return
    if texts is None or gold is None:
        raise click.UsageError("give TEXTS and GOLD, or --pairs FILE")
    from kg.evaluate import evaluate, read_rows

    rows = read_rows(texts)
    if predictions is None:
        predicted = dict(_extract(rows, rules_only=rules_only, processes=processes))
    else:
        predicted = read_rows(predictions)
    evaluation = evaluate(rows.values(), read_rows(gold), predicted)
    figures = evaluation.figures()
    if output_format == "json":
        print_json({name: _as_json(figure) for name, figure in figures.items()})
        return
    _print_figures(evaluation, figures, samples)
    _print_groups(evaluation)
    if confusion:
        _print_confusion(evaluation)
    for measure in figures if errors else ():
        click.echo(f"\n{measure}")
        for doc_id, kind, fact in list(evaluation.errors(measure))[:errors]:
            click.echo(plain(f"    {doc_id} {kind} {fact}"))


def _print_groups(evaluation: "Evaluation") -> None:
    for title, group in (("type", evaluation.by_type()), ("relation", evaluation.by_relation())):
        click.echo()
        print_rows([title, *_COLUMNS], [[n, *_cells(f)] for n, f in group.items()], "table")


def _judge_pairs(path: Path, catalogue: Path | None, output_format: str) -> None:
    from kg.catalogue import load_catalogue
    from kg.resolve.pairs import evaluate_pairs, read_pairs
    from kg.thesaurus import Thesaurus

    score = evaluate_pairs(read_pairs(path), load_catalogue(catalogue), Thesaurus())
    if output_format == "json":
        print_json(asdict(score))
        return
    rows = [["yes", score.yes, score.yes_joined], ["no", score.no, score.no_apart]]
    print_rows(["same", "pairs", "right"], rows, "table")
    for error in score.errors:
        verdict = "joined" if error.joined else f"apart: {error.guard}"
        click.echo(plain(f"{error.a} | {error.b}: {verdict}"))


def _extract(
    rows: Mapping[str, Mapping[str, Any]], *, rules_only: bool, processes: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    from kg.extract import load_extractor
    from kg.records import Paper
    from kg.records_json import record_to_json

    extractor = load_extractor(model=False if rules_only else None, n_process=processes)
    papers = (Paper(id=n, title=r["title"], abstract=r["abstract"]) for n, r in rows.items())
    for record in extractor.extract(papers):
        yield record.id, record_to_json(record)


def _as_json(figure: "Figure") -> dict[str, float]:
    return dict(zip(_COLUMNS, _cells(figure), strict=True))


def _cells(figure: "Figure") -> list[float]:
    return [figure.precision, figure.recall, figure.f1, figure.gold, figure.predicted]


def _print_figures(evaluation: "Evaluation", figures: Mapping[str, "Figure"], samples: int) -> None:
    table = []
    for measure, figure in figures.items():
        row: list[object] = [measure, *_cells(figure)]
        if samples:
            low, high = evaluation.interval(measure, samples)
            row.append(f"{low}-{high}")
        table.append(row)
    columns = ["measure", *_COLUMNS] + (["F1 in 95 %"] if samples else [])
    print_rows(columns, table, "table")


def _print_confusion(evaluation: "Evaluation") -> None:
    counts = evaluation.confusion()
    names = sorted({name for pair in counts for name in pair})
    click.echo("\nannotated type (rows) taken for (columns)")
    table = [[a, *(counts[a, b] for b in names)] for a in names]
    print_rows(["", *names], table, "table")
