"""The command line: one file per command, loaded when it is called.

`COMMANDS` says which commands there are and in which group of the help they stand; the file of a
command is `kg/cli/<name>.py` and holds a click command called `command`.
"""

import importlib
import logging
import os
import sys
import traceback

import click

from kg.cli.render import plain
from kg.errors import KgError

__all__ = ["COMMANDS", "main", "root"]

COMMANDS: dict[str, dict[str, str]] = {
    "Build": {
        "demo": "Build a graph from the sample papers and look at it.",
        "extract": "Read papers and print a record a line.",
        "build": "Read, extract, resolve and store papers.",
    },
    "Ask": {
        "ask": "Answer a question in English.",
        "query": "Run Cypher, read-only unless --write.",
        "show": "Show everything about one name.",
        "families": "Draw what is a kind of what.",
        "topics": "List what papers are about, with trend and benchmarks.",
        "rank": "Rank papers by citations, or names by papers.",
        "related": "Show what is related to a paper or a name.",
        "table": "Write a survey's table of a family.",
        "leaderboard": "List the results on a benchmark, a table per metric.",
        "stats": "Count what is in the graph.",
    },
    "See": {
        "view": "Write an interactive HTML page of the graph.",
        "serve": "Let Neo4j drivers read the graph, over Bolt.",
    },
    "Names": {
        "why": "Say why two names are, or are not, one thing.",
        "merge": "Make names one thing, for good.",
        "split": "Keep two names apart, for good.",
    },
    "Move": {
        "push": "Bring this graph into another store.",
        "pull": "Bring another store's graph into this one.",
        "export": "Write the graph in a format of other tools.",
    },
    "Teach": {
        "train": "Train the extraction model on annotated abstracts.",
        "evaluate": "Score the extractor on annotated abstracts.",
    },
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, or None where there is no such command."""
        if not any(cmd_name in group for group in COMMANDS.values()):
            return None
        module = importlib.import_module(f"kg.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their groups, without importing any."""
        for title, commands in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="papers-kg", prog_name="kg")
def root() -> None:
    """From paper abstracts to a knowledge graph that you can query, ask and see.

    Example: kg demo
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 an error of `kg` in one line, 2 wrong usage."""
    logging.basicConfig(level=_level(arguments), format="kg: %(message)s", stream=sys.stderr)
    if not _verbosity(arguments):  # the driver logs each try, and each error that it raises
        logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    try:
        root.main(args=arguments, prog_name="kg", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KgError as error:
        if _verbosity(arguments) >= 2:
            traceback.print_exc()
        click.echo(f"kg: {plain(str(error))}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _verbosity(arguments: list[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    flags = [text for text in given if text == "--verbose" or text.strip("v") == "-"]
    return sum(1 if text == "--verbose" else text.count("v") for text in flags)


def _level(arguments: list[str] | None) -> int:
    return (logging.WARNING, logging.INFO, logging.DEBUG)[min(_verbosity(arguments), 2)]
