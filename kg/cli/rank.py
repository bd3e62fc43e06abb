"""`kg rank`: the papers and names that the graph turns around."""

import click

from kg.cli.options import (
    citation_kinds_option,
    format_option,
    limit_option,
    narrowing_options,
    store_option,
    verbose_option,
)
from kg.cli.render import print_rows
from kg.query.narrowing import Narrowing, parse_years
from kg.query.rank import By, rank_entities, rank_papers
from kg.schema import CitationKind, Label
from kg.store import open_store

__all__ = ["command"]

_LABELS = {
    "models": Label.MODEL,
    "benchmarks": Label.BENCHMARK,
    "methods": Label.METHOD,
    "datasets": Label.DATASET,
    "robots": Label.ROBOT,
    "tasks": Label.TASK,
}


@click.command()
@click.argument("what", type=click.Choice(["papers", *_LABELS]))
@click.option(
    "--by",
    type=click.Choice(["pagerank", "support"]),
    help="The order: PageRank (papers: the default), or the number of papers behind it "
    "(names: the default).",
)
@citation_kinds_option
@limit_option
@narrowing_options
@store_option
@format_option
@verbose_option
def command(
    what: str,
    by: By | None,
    kinds: tuple[str, ...],
    limit: int,
    year: str | None,
    min_support: int,
    min_confidence: float,
    store: str,
    output_format: str,
    verbose: int,
) -> None:
    """Rank papers by PageRank with their citations of each kind, or names by the papers behind.

    Of a name, "papers" state something about it, "using" ones use or address it, and its PageRank
    is that of the paper that introduces it.

    Example: kg rank benchmarks --limit 10
    """
    first, last = parse_years(year)
    narrowing = Narrowing(
        year_from=first, year_to=last, min_support=min_support, min_confidence=min_confidence
    )
    chosen = [CitationKind(kind) for kind in kinds]
    with open_store(store, mode="read") as opened:
        if what == "papers":
            papers = rank_papers(opened, by=by or "pagerank", kinds=chosen, narrowing=narrowing)[
                :limit
            ]
            rows = [
                [place, p.id, p.title, p.year, p.stub, p.pagerank, p.citing]
                + [p.by_kind.get(kind, 0) for kind in chosen]
                for place, p in enumerate(papers, 1)
            ]
            columns = ["rank", "paper", "title", "year", "stub", "pagerank", "cited by", *chosen]
        else:
            entities = rank_entities(
                opened, _LABELS[what], by=by or "support", kinds=chosen, narrowing=narrowing
            )[:limit]
            rows = [
                [place, e.name, e.papers, e.using, list(e.introduced_by), e.pagerank]
                for place, e in enumerate(entities, 1)
            ]
            columns = ["rank", "name", "papers", "using", "introduced by", "pagerank"]
    print_rows(columns, rows, output_format)
