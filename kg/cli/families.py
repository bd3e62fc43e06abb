"""`kg families`: the tree of what is a kind of what."""

import click

from kg.cli.options import format_option, store_option, verbose_option
from kg.cli.render import plain, print_rows
from kg.query.families import Branch, families, family_trees
from kg.store import open_store

__all__ = ["command"]

_COLUMNS = ["depth", "name", "label", "papers", "sources"]


@click.command()
@click.argument("name", required=False)
@store_option
@format_option
@verbose_option
def command(name: str | None, store: str, output_format: str, verbose: int) -> None:
    """Draw the members of the family NAME, or all families, with the source of each place.

    Example: kg families "imitation learning"
    """
    with open_store(store, mode="read") as opened:
        branches = family_trees(opened) if name is None else families(opened, name)
    if output_format == "table":
        for branch in branches:
            _print_branch(branch)
        return
    rows = [[b.depth, b.name, b.label, b.n_papers, list(b.sources)] for b in branches]
    print_rows(_COLUMNS, rows, output_format)


def _print_branch(branch: Branch) -> None:
    indent = "    " * max(branch.depth - 1, 0) + ("└── " if branch.depth else "")
    name = click.style(plain(branch.name), fg="cyan", bold=not branch.depth)
    count = f"{branch.n_papers} paper{'' if branch.n_papers == 1 else 's'}"
    sources = f" · {plain(', '.join(branch.sources))}" if branch.sources else ""
    click.echo(f"{indent}{name}  {branch.label} · {count}{sources}")
