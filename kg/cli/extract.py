"""`kg extract`: print the records of papers."""

from collections.abc import Iterator
from pathlib import Path

import click

from kg.cli.options import extractor_options, reading_options, verbose_option
from kg.cli.progress import Counter, report_rejected
from kg.cli.render import json_text
from kg.records import Paper, Record, Rejected

__all__ = ["command"]


@click.command()
@reading_options
@extractor_options
@verbose_option
def command(
    files: tuple[Path, ...],
    input_format: str | None,
    strict: bool,
    rules_only: bool,
    processes: int,
    verbose: int,
) -> None:
    """Read FILES ("-" is stdin) and print one record a line: names, relations, results.

    Example: kg extract papers.jsonl
    """
    from kg.extract import load_extractor
    from kg.read import read
    from kg.records_json import record_to_json

    if not files:
        message = "give the files to read, or - for stdin"
        raise click.UsageError(message)
    rejected: list[Rejected] = []
    extractor = load_extractor(model=False if rules_only else None, n_process=processes)

    def papers() -> Iterator[Paper | Record]:
        for item in read(files, input_format=input_format, strict=strict):
            if isinstance(item, Rejected):
                rejected.append(item)
            else:
                yield item

    with Counter("papers read") as counter:
        for record in extractor.extract(_as_papers(papers())):
            click.echo(json_text(record_to_json(record)))
            counter.add(1)
    report_rejected(rejected, verbose)


def _as_papers(items: Iterator[Paper | Record]) -> Iterator[Paper]:
    """Take the paper out of a record: it is read anew."""
    for item in items:
        yield item.paper if isinstance(item, Record) else item
