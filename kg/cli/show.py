"""`kg show`: everything about one name."""

from itertools import groupby

import click

from kg.cli.options import format_option, store_option, verbose_option
from kg.cli.render import plain, print_rows
from kg.query.show import Fact, Profile, show
from kg.store import open_store

__all__ = ["command"]

_COLUMNS = ["name", "relation", "direction", "role", "other", "label", "paper", "sentence",
            "confidence", "source"]  # fmt: skip


@click.command()
@click.argument("name")
@store_option
@format_option
@verbose_option
def command(name: str, store: str, output_format: str, verbose: int) -> None:
    """Show everything that the graph holds about NAME, with the sentences.

    Example: kg show Orca
    """
    with open_store(store, mode="read") as opened:
        profiles = show(opened, name)
    if output_format == "table":
        for profile in profiles:
            _print_profile(profile)
        return
    rows = [
        [profile.name, *(getattr(fact, column) for column in _COLUMNS[1:])]
        for profile in profiles
        for fact in profile.facts
    ]
    print_rows(_COLUMNS, rows, output_format)


def _print_profile(profile: Profile) -> None:
    click.secho(f"{plain(profile.name)}  {profile.label}", bold=True)
    if profile.aliases:
        click.echo(f"also: {plain(', '.join(profile.aliases))}")
    for (relation, direction), facts in groupby(
        profile.facts, key=lambda fact: (fact.relation, fact.direction)
    ):
        click.echo(f"\n{direction} {relation}")
        for (other, label, role), same in groupby(facts, key=_shown_as):
            note = f" ({role})" if role else ""
            click.secho(f"  {plain(other)}  {label}{note}", fg="cyan")
            for fact in same:
                _print_source(fact)
    click.echo("")


def _shown_as(fact: Fact) -> tuple[str, str, str | None]:
    return fact.other, fact.label, fact.role


def _print_source(fact: Fact) -> None:
    if fact.sentence is not None:
        click.echo(f"    [{plain(fact.paper or '')}] {plain(fact.sentence)}")
    elif fact.source is not None:
        click.echo(f"    from {plain(fact.source)}")
