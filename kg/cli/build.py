"""`kg build`: read, extract, resolve and store papers."""

from pathlib import Path

import click

from kg.catalogue import read_catalogue_text
from kg.cli.options import (
    catalogue_option,
    extractor_options,
    reading_options,
    store_option,
    verbose_option,
)
from kg.cli.progress import Counter, report_rejected
from kg.errors import InputError
from kg.pipeline import BuildReport, apply_knowledge, build, remember
from kg.store import open_store
from kg.thesaurus import load_thesaurus, render_thesaurus

__all__ = ["command", "print_report"]


@click.command()
@reading_options
@extractor_options
@click.option("--prune", is_flag=True, help="Remove the papers that are not among FILES.")
@catalogue_option
@click.option(
    "--thesaurus",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your merges and splits (YAML), as kg merge and kg split write them.",
)
@store_option
@verbose_option
def command(
    files: tuple[Path, ...],
    input_format: str | None,
    strict: bool,
    rules_only: bool,
    processes: int,
    prune: bool,
    catalogue: Path | None,
    thesaurus: Path | None,
    store: str,
    verbose: int,
) -> None:
    """Read FILES, extract their facts, and bring the graph up to date; "-" is stdin.

    What has not changed is not read again, and a killed build goes on where it was. Without FILES
    a changed --catalogue or --thesaurus is applied to the papers that the graph holds.

    Example: kg build papers.jsonl
    """
    if prune and not files:
        message = "--prune needs FILES: what is not among them is removed"
        raise InputError(message)
    with open_store(store, mode="write") as opened:
        if catalogue is not None:
            remember(opened, catalogue=read_catalogue_text(catalogue))
        if thesaurus is not None:
            remember(opened, thesaurus=render_thesaurus(load_thesaurus(thesaurus)))
        if not files:
            report = BuildReport()
            apply_knowledge(opened, report)
        else:
            from kg.extract import load_extractor
            from kg.read import read

            with Counter("papers read") as counter:
                report = build(
                    opened,
                    read(files, input_format=input_format, strict=strict),
                    extractor=load_extractor(
                        model=False if rules_only else None, n_process=processes
                    ),
                    prune=prune,
                    progress=counter.add,
                )
    print_report(report, store, verbose)


def print_report(report: BuildReport, store: str, verbose: int) -> None:
    """Say on stderr what a build did."""
    report_rejected(report.rejected, verbose)
    click.echo(
        f"{report.papers} papers: {report.new} new, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.removed} removed, "
        f"{len(report.rejected)} rejected",
        err=True,
    )
    if report.written or report.deleted:
        click.echo(
            f"{store}: {report.nodes} nodes, {report.edges} relationships "
            f"({report.written} written, {report.deleted} deleted)",
            err=True,
        )
    else:
        click.echo(f"{store}: nothing has changed", err=True)
    if report.dropped and verbose:
        counts = ", ".join(f"{n} {what}" for what, n in sorted(report.dropped.items()))
        click.echo(f"not kept: {counts}", err=True)
