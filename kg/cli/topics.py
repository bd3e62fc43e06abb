"""`kg topics`: what papers are about."""

import click

from kg.cli.options import (
    format_option,
    limit_option,
    narrowing_options,
    store_option,
    verbose_option,
)
from kg.cli.render import plain, print_json, print_rows
from kg.query.narrowing import Narrowing, parse_years
from kg.query.topics import TopicReport, TopicSummary, list_topics, report_topics
from kg.store import open_store

__all__ = ["command"]

_COLUMNS = ["topic", "papers", "direct", "years", "benchmarks"]


@click.command()
@click.argument("name", required=False)
@limit_option
@narrowing_options
@store_option
@format_option
@verbose_option
def command(
    name: str | None,
    limit: int,
    year: str | None,
    min_support: int,
    min_confidence: float,
    store: str,
    output_format: str,
    verbose: int,
) -> None:
    """List the topics with their papers by year and typical benchmarks, or show the topic NAME.

    A topic has the papers about it or about a narrower one; "direct" counts the first alone.

    Example: kg topics --limit 10
    """
    first, last = parse_years(year)
    narrowing = Narrowing(
        year_from=first, year_to=last, min_support=min_support, min_confidence=min_confidence
    )
    with open_store(store, mode="read") as opened:
        if name is None:
            summaries = list_topics(opened, narrowing=narrowing)[:limit]
        else:
            reports = report_topics(opened, name, narrowing=narrowing)
    if name is None:
        _print_summaries(summaries, output_format)
    else:
        _print_reports(reports, limit, output_format)


def _print_summaries(summaries: list[TopicSummary], output_format: str) -> None:
    if output_format in ("json", "jsonl"):
        rows = [list(_summary_json(summary).values()) for summary in summaries]
    else:
        rows = [
            [s.name, s.papers, s.direct, _trend(s.years), _trend(s.benchmarks)] for s in summaries
        ]
    print_rows(_COLUMNS, rows, output_format)


def _print_reports(reports: list[TopicReport], limit: int, output_format: str) -> None:
    if output_format == "json":
        print_json([_report_json(report, limit) for report in reports])
        return
    if output_format != "table":
        columns = ["topic", "paper", "title", "year", "score", "through", "introduces"]
        rows = [
            [report.summary.name, p.id, p.title, p.year, p.score, p.topic, list(p.introduces)]
            for report in reports
            for p in report.papers[:limit]
        ]
        print_rows(columns, rows, output_format)
        return
    for report in reports:
        _print_report(report, limit)


def _print_report(report: TopicReport, limit: int) -> None:
    summary = report.summary
    click.secho(f"{plain(summary.name)}  {summary.papers} papers", bold=True)
    lines = {
        "broader": ", ".join(report.broader),
        "narrower": ", ".join(report.narrower),
        "by year": _trend(summary.years),
        "benchmarks": _trend(summary.benchmarks),
    }
    for title, text in lines.items():
        if text:
            click.echo(f"  {title}: {plain(text)}")
    for paper in report.papers[:limit]:
        click.secho(f"\n  {plain(paper.title or paper.id)}", fg="cyan", nl=False)
        note = "" if paper.topic == summary.name else f" · {paper.topic}"
        click.echo(plain(f"  {paper.year or 'no year'} [{paper.id}]{note}"))
        if paper.introduces:
            click.echo(f"    introduces {plain(', '.join(paper.introduces))}")
    if len(report.papers) > limit:
        click.echo(f"\n  … and {len(report.papers) - limit} more papers")
    click.echo("")


def _trend(counts: tuple[tuple[object, int], ...]) -> str:
    return ", ".join(f"{key}: {number}" for key, number in counts)


def _summary_json(summary: TopicSummary) -> dict[str, object]:
    return {
        "topic": summary.name,
        "papers": summary.papers,
        "direct": summary.direct,
        "years": {str(year): number for year, number in summary.years},
        "benchmarks": dict(summary.benchmarks),
    }


def _report_json(report: TopicReport, limit: int) -> dict[str, object]:
    papers = [
        {
            "id": paper.id,
            "title": paper.title,
            "year": paper.year,
            "score": paper.score,
            "through": paper.topic,
            "introduces": list(paper.introduces),
        }
        for paper in report.papers[:limit]
    ]
    details = {"broader": report.broader, "narrower": report.narrower, "list": papers}
    return _summary_json(report.summary) | details
