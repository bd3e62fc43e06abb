"""`kg serve`: the graph behind Bolt on loopback."""

import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from kg.cli.options import store_option, verbose_option
from kg.cli.render import plain
from kg.errors import InputError
from kg.store import is_server

__all__ = ["command"]

_PASSWORD = "KG_SERVE_PASSWORD"
_MIN_LENGTH = 8


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=7687,
    show_default=True,
    help="The port of 127.0.0.1 to listen on.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0, min_open=True),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Stop a query after so many seconds.",
)
@store_option
@verbose_option
def command(port: int, timeout_s: float, store: str, verbose: int) -> None:
    """Serve the graph over Bolt, so that Neo4j drivers and what is built on them can read it.

    It listens on 127.0.0.1 alone and refuses every write (`kg query --write` changes a graph).
    The user is neo4j; the password is that of KG_SERVE_PASSWORD, else a new one, which is shown.
    Clients see the graph as it was when the command began; until it ends, `kg build` has to wait.
    Ctrl-C ends the server.

    Example: kg serve --port 7688
    """
    if is_server(store):
        message = f"{store}: this is a server already; kg serve serves the store of a folder"
        raise InputError(message)
    given = os.environ.get(_PASSWORD)
    if given is not None and len(given) < _MIN_LENGTH:
        message = f"{_PASSWORD} has fewer than {_MIN_LENGTH} characters; set a longer one, or none"
        raise InputError(message)
    password = secrets.token_urlsafe(16) if given is None else given
    from kg.store.serve import USER, serve_graph

    served = serve_graph(Path(store), port=port, password=password, timeout_s=timeout_s)
    with _signals(), served as address:
        shown = f'os.environ["{_PASSWORD}"]' if given is not None else f'"{password}"'
        said = f"that of {_PASSWORD}" if given is not None else password
        click.echo(f"{plain(store)}: read-only at {address}, until Ctrl-C", err=True)
        click.echo(f"user: {USER}   password: {said}", err=True)
        click.echo(
            f'connect: neo4j.GraphDatabase.driver("{address}", auth=("{USER}", {shown}))', err=True
        )
        while True:
            time.sleep(3600)


@contextmanager
def _signals() -> Iterator[None]:
    """End by the signals that ask for it as by Ctrl-C: everything is closed and deleted."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    before = {n: signal.getsignal(n) for n in numbers if signal.getsignal(n) is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
