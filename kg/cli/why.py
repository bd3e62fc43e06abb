"""`kg why`: what joins two names, or what keeps them apart."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import store_option, verbose_option
from kg.cli.render import plain, print_json

if TYPE_CHECKING:
    from kg.resolve.explain import Explanation

__all__ = ["command"]


@click.command()
@click.argument("a")
@click.argument("b")
@store_option
@click.option("--format", "output_format", type=click.Choice(["table", "json"]), default="table")
@verbose_option
def command(a: str, b: str, store: str, output_format: str, verbose: int) -> None:
    """Say why the names A and B are one thing, or what keeps them apart.

    The papers of the graph decide where they use both names, else what is known of them.

    Example: kg why CoT "chain-of-thought"
    """
    found = _explain(a, b, store)
    if output_format == "json":
        print_json(asdict(found))
        return
    verdict = "are one" if found.joined else "are two"
    kind = f" {found.kind}" if found.joined and found.kind else ""
    click.secho(f"{plain(a)} and {plain(b)} {verdict}{kind}", bold=True)
    for join in found.chain:
        click.echo(
            plain(f"  {join.left} = {join.right}: {join.rule}, {join.evidence} ({join.score:g})")
        )
    if found.guard is not None:
        click.echo(f"  {plain(found.guard)}")


def _explain(a: str, b: str, store: str) -> "Explanation":
    from kg.naming import explain_in_store
    from kg.resolve.explain import explain

    if "://" not in store and not Path(store).exists():
        from kg.catalogue import load_catalogue
        from kg.thesaurus import Thesaurus

        return explain(a, b, load_catalogue(), Thesaurus())
    from kg.store import open_store

    with open_store(store, mode="read") as opened:
        return explain_in_store(opened, a, b)
