"""An embedded graph behind Bolt on loopback, for reading: what speaks to Neo4j speaks to it.

The engine's own server does it. Three things about it are worked around here:

- It honours no read access mode, and a read-only database of it refuses every explicit
  transaction. So it serves a copy, to a user who may read records and nothing else: what should
  slip through changes the copy, which is deleted at the end.
- It always opens an HTTP server too. Its listening socket is closed as soon as it is there.
- Its files (users, logs) go to a folder of their own, which only the user can read.
"""

import base64
import hashlib
import json
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.errors import InputError, StoreError
from kg.store.base import QUERY_TIMEOUT_S
from kg.store.embedded import EmbeddedStore
from kg.store.engine import load_library
from kg.store.locking import FolderLock
from kg.store.refusals import one_line

__all__ = ["USER", "serve_graph"]

USER = "neo4j"

_HOST = "127.0.0.1"
_DATABASE = "neo4j"
_READERS = "readers"
_PREFIX = "kg-serve-"
_PLUGIN = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"
_HASH_ROUNDS = 65536


@contextmanager
def serve_graph(
    folder: Path, *, port: int, password: str, timeout_s: float = QUERY_TIMEOUT_S
) -> Iterator[str]:
    """Serve the graph that a folder's store holds now; give the address, stop at the block's end.

    The store is held as a reader holds it. Starting copies the graph: time and space grow with it.
    A query may take `timeout_s`.

    Raises
    ------
    InputError
        The port is taken or not allowed.
    StoreUnavailableError
        There is no graph in the folder.
    StoreLockedError
        Another process writes to it.
    """
    _check_port(port)
    with EmbeddedStore(folder, "read") as store, _workplace() as root:
        store.snapshot(root / "graph", timeout_s=timeout_s)
        (root / "databases").mkdir()
        (root / "graph").rename(root / "databases" / _DATABASE)
        _write_users(root / "config", password)
        with _server(root, port):
            yield f"bolt://{_HOST}:{port}"


@contextmanager
def _workplace() -> Iterator[Path]:
    """Give a folder that is deleted afterwards; those of killed servers are deleted first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _remove_if_left(left)
    root = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = FolderLock(root, "write")
    try:
        yield root
    finally:
        lock.release()
        shutil.rmtree(root, ignore_errors=True)


def _remove_if_left(folder: Path) -> None:
    """Delete a server's folder whose lock nobody holds; one that is empty may be just made."""
    begun = any((folder / name).is_dir() for name in ("graph", "databases"))
    if not begun or folder.is_symlink():
        return
    try:
        FolderLock(folder, "write", patience_s=0).release()
    except StoreError:
        return
    shutil.rmtree(folder, ignore_errors=True)


def _check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        if os.name == "posix":
            # Elsewhere the option would allow a second listener on a port that is in use.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((_HOST, port))
        except PermissionError as err:
            message = f"port {port} of {_HOST} is not allowed to you; choose another with --port"
            raise InputError(message) from err
        except OSError as err:
            raise InputError(_port_in_use(port)) from err


def _port_in_use(port: int) -> str:
    return (
        f"port {port} of {_HOST} is in use, by a Neo4j server or another program; "
        "choose another with --port"
    )


def _write_users(folder: Path, password: str) -> None:
    """Write the one user and what the group of that user may do: read records."""
    everything = {
        "access": ["updateSecurity", "updateSchema", "updateDatabaseSettings"],
        "types": {"*": {"access": ["createRecord", "readRecord", "updateRecord", "deleteRecord"]}},
    }
    groups = {
        "admin": everything,
        "*": {"access": [], "types": {"*": {"access": []}}},
        _READERS: {"access": [], "types": {"*": {"access": ["readRecord"]}}},
    }
    limits = {"resultSetLimit": -1, "readTimeout": -1}
    user = {"name": USER, "password": _hashed(password), "databases": {_DATABASE: [_READERS]}}
    folder.mkdir()
    (folder / "server-users.jsonl").write_text(json.dumps(user) + "\n", encoding="utf-8")
    (folder / "server-groups.json").write_text(
        json.dumps(
            {
                "databases": {"*": {"groups": {name: g | limits for name, g in groups.items()}}},
                "version": 1,
            }
        ),
        encoding="utf-8",
    )


def _hashed(password: str) -> str:
    """Return a password as the engine keeps it; the salt counts as the text that it is."""
    salt = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _HASH_ROUNDS)
    encoded = base64.b64encode(digest).decode("ascii")
    return f"PBKDF2WithHmacSHA256${_HASH_ROUNDS}${salt}${encoded}"


def _settings(port: int) -> dict[str, Any]:
    return {
        "mode": "development",  # in `production` every error says "see the server log"
        "host": _HOST,
        "http_port": "0",
        "server_plugins": _PLUGIN,
        "bolt_host": _HOST,
        "bolt_port": port,
        "bolt_defaultDatabase": _DATABASE,
    }


@contextmanager
def _server(root: Path, port: int) -> Iterator[None]:
    """Run the server; its administrator has a password that nobody is told."""
    arcadedb = load_library(root / "graph")
    before = set(_listening())
    server = arcadedb.create_server(
        str(root), root_password=secrets.token_urlsafe(32), config=_settings(port)
    )
    try:
        server.start()
    except arcadedb.ArcadeDBError as err:
        if "Unable to listen" in str(err):
            raise InputError(_port_in_use(port)) from err
        raise StoreError(f"the server cannot be started: {one_line(str(err))}") from err
    try:
        _close_others(before, port)
        yield
    finally:
        server.stop()


def _close_others(before: set[int], port: int) -> None:
    """Put an idle socket in the place of each new one that listens elsewhere than on the port.

    The engine holds the number and closes it when it stops; the listener itself is gone at once.

    Raises
    ------
    StoreError
        The system does not show which sockets the process has.
    """
    found = {fd: place for fd, place in _listening().items() if fd not in before}
    others = [fd for fd, place in found.items() if place != port]
    if not others:
        raise StoreError("the engine's HTTP port cannot be found and closed on this system")
    for descriptor in others:
        with socket.socket(socket.AF_INET6 if socket.has_ipv6 else socket.AF_INET) as idle:
            os.dup2(idle.fileno(), descriptor, inheritable=False)


def _listening() -> dict[int, int]:
    """Return the ports that the process listens on, by file descriptor."""
    folder = Path("/proc/self/fd" if Path("/proc/self/fd").is_dir() else "/dev/fd")
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    ports = {int(name): _port(int(name)) for name in names if name.isdigit()}
    return {descriptor: port for descriptor, port in ports.items() if port is not None}


def _port(descriptor: int) -> int | None:
    try:
        with socket.socket(fileno=os.dup(descriptor)) as shared:
            listens = shared.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            return int(shared.getsockname()[1]) if listens else None
    except OSError:
        return None
