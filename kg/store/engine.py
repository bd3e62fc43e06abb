"""The thin side of ArcadeDB: open, recover, run, and turn its errors into ours.

Its settings come from `configuration.json` in the database's folder, which is read as it opens.
`kg` writes that file before each opening: a folder that comes from elsewhere cannot switch
reading of local files on.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import (
    MissingDependencyError,
    QueryError,
    StoreError,
    StoreLockedError,
)
from kg.store.base import Mode
from kg.store.refusals import one_line, timed_out, write_refused
from kg.store.values import Types, split_columns

if TYPE_CHECKING:
    from arcadedb import ArcadeDBError, Database

__all__ = ["Engine", "NeedsRecoveryError", "create_database", "load_library"]

_SETTINGS = {
    "opencypher.loadCsv.allowFileUrls": False,
    "opencypher.loadCsv.allowRemoteUrls": False,
}
_HEAP_PERCENT = 30
_ERROR = re.compile(
    r"(?:Query failed|Command failed|Reading the result set failed|[^:]*database[^:]*): "
    r"(?P<name>[\w.$]+): (?P<text>.*?)(?: \(caused by (?P<cause>.*)\))?",
    re.DOTALL,
)
_WRITES = ("QueryNotIdempotentException", "DatabaseIsReadOnlyException")
_PROJECTION = re.compile(r"^\+ FINAL PROJECTION \[(.*)\]$", re.MULTILINE)


class NeedsRecoveryError(StoreError):
    """The database was not closed, and only a writer can repair it."""


class Engine:
    """An open database; a time limit is a setting of the handle, so another one opens it anew."""

    def __init__(self, folder: Path, mode: Mode) -> None:
        """Open the database of a folder.

        Raises
        ------
        NeedsRecoveryError
            It is opened for reading, and was not closed properly.
        StoreError
            It cannot be opened.
        """
        self._folder = folder
        self._mode = mode
        self._limit_ms = 0
        self._database = self._open()

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self._database.close()

    def query(
        self, language: str, text: str, parameters: Mapping[str, Any] | None = None, /,
        *, timeout_s: float | None = None, limit: int | None = None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Run a statement that only reads and return its rows, `limit` of them at most."""
        self._set_limit(timeout_s)
        return self._run(self._database.query, language, text, parameters, limit)

    def scan(self, statement: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of an SQL statement as they are read, without a time limit."""
        import arcadedb

        self._set_limit(None)
        try:
            for row in self._database.query("sql", statement):
                yield row.to_dict()
        except arcadedb.ArcadeDBError as err:
            raise _translated(err, 0) from err

    def write(
        self, text: str, parameters: Mapping[str, Any] | None = None, /,
        *, timeout_s: float | None = None, limit: int | None = None,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Run Cypher that may write in a transaction of its own and return its rows."""
        self._set_limit(timeout_s)
        with self.transaction():
            return self._run(self._database.command, "opencypher", text, parameters, limit)

    def command(
        self, language: str, text: str, parameters: Mapping[str, Any] | None = None, /
    ) -> list[dict[str, Any]]:
        """Run a statement of our own, without a time limit, in the caller's transaction."""
        return self._run(self._database.command, language, text, parameters, None)

    def transaction(self) -> "_Transaction":
        """Return a context in which commands count together or not at all."""
        return _Transaction(self._database)

    def types(self) -> Types:
        """Return the types of the database's records."""
        rows = self._run(
            self._database.query,
            "sql",
            "SELECT name, type, parentTypes FROM schema:types",
            None,
            None,
        )
        return Types(rows)

    def lookup(self, record_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the records of ids, relationships with their ends as `@out` and `@in`."""
        listed = ",".join(record_ids)
        statement = f"SELECT *, @out AS `@out`, @in AS `@in` FROM [{listed}]"
        return self._run(self._database.query, "sql", statement, None, None)

    def columns(self, cypher: str, parameters: Mapping[str, Any] | None) -> tuple[str, ...]:
        """Return the columns of a query that had no rows, as its plan names them."""
        try:
            plan = self._run(self._database.query, "opencypher", f"EXPLAIN {cypher}", parameters, 1)
        except QueryError:
            return ()
        found = _PROJECTION.findall(str(plan[0].get("executionPlanAsString", ""))) if plan else []
        return tuple(split_columns(found[-1])) if found else ()

    def unlimited(self) -> "Engine":
        """Return the engine itself, without a time limit."""
        self._set_limit(None)
        return self

    def _set_limit(self, timeout_s: float | None) -> None:
        limit_ms = 0 if timeout_s is None else max(1, round(timeout_s * 1000))
        if limit_ms != self._limit_ms:
            self._limit_ms = limit_ms
            self._database.close()
            self._database = self._open()

    def _open(self) -> "Database":
        """Open by an absolute path: the engine keeps the working folder that it was loaded in."""
        arcadedb = load_library(self._folder)
        _configure(self._folder, self._limit_ms)
        try:
            database = arcadedb.open_database(
                str(self._folder.absolute()), read_only=self._mode == "read"
            )
            if self._mode == "write":
                database.set_wal_flush("yes_full")
        except arcadedb.ArcadeDBError as err:
            raise self._opening_error(str(err)) from err
        return database

    def _opening_error(self, text: str) -> StoreError:
        if self._mode == "read" and "recovery" in text.lower():
            return NeedsRecoveryError(text)
        if "already in use" in text:
            return StoreLockedError(
                f"{self._folder.parent}: this process has the graph open already; "
                "close the other one first, or use that one"
            )
        return StoreError(f"{self._folder}: the graph cannot be opened: {one_line(text)}")

    def _run(
        self,
        call: Callable[..., Any],
        language: str,
        text: str,
        parameters: Mapping[str, Any] | None,
        limit: int | None,
    ) -> list[dict[str, Any]]:
        import arcadedb

        try:
            result = call(language, text, dict(parameters)) if parameters else call(language, text)
            if result is None:
                return []
            return _rows(result, limit)
        except arcadedb.ArcadeDBError as err:
            raise _translated(err, self._limit_ms) from err
        except TypeError as err:
            raise QueryError(f"a parameter cannot be passed: {err}") from err


class _Transaction:
    """Begin, commit or roll back; an error while committing is one of ours."""

    def __init__(self, database: "Database") -> None:
        self._inner = database.transaction()

    def __enter__(self) -> None:
        self._inner.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        import arcadedb

        try:
            self._inner.__exit__(kind, error, trace)
        except arcadedb.ArcadeDBError as err:
            raise _translated(err, 0) from err


def create_database(folder: Path, statements: Iterable[str]) -> None:
    """Make a database with the given schema; a killed run leaves nothing under `folder`."""
    arcadedb = load_library(folder)
    new = folder.with_name(folder.name + ".new")
    _remove(new)
    try:
        database = arcadedb.create_database(str(new.absolute()))
        for statement in statements:
            database.command("sql", statement)
        database.close()
    except arcadedb.ArcadeDBError as err:
        message = f"{folder}: the graph cannot be made: {one_line(str(err))}"
        raise StoreError(message) from err
    new.rename(folder)


def _remove(folder: Path) -> None:
    import shutil

    if folder.exists():
        shutil.rmtree(folder)


def load_library(folder: Path) -> Any:
    """Import ArcadeDB; its log goes beside the database, not to the terminal or to the home.

    Raises
    ------
    MissingDependencyError
        It is not installed.
    """
    os.environ.setdefault("ARCADEDB_LOG_CONSOLE", "0")
    os.environ.setdefault("ARCADEDB_LOG_DIR", str(folder.parent / "log"))
    os.environ.setdefault(
        "ARCADEDB_NATIVE_ISOLATE_ARGS", f"-XX:MaximumHeapSizePercent={_HEAP_PERCENT}"
    )
    try:
        import arcadedb
    except ImportError as err:
        message = f"the embedded store needs ArcadeDB ({err}): pip install 'arcadedb>=26.11.1.dev2'"
        raise MissingDependencyError(message) from err
    return arcadedb


def _configure(folder: Path, limit_ms: int) -> None:
    """Write the settings, unless the file says the same already.

    In a folder that cannot be written to, another time limit than the wanted one is accepted.
    """
    path = folder / "configuration.json"
    wanted = _SETTINGS | ({"command.timeout": limit_ms} if limit_ms else {})
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["configuration"]
    except (OSError, ValueError, LookupError, TypeError):
        found = {}
    if found == wanted:
        return
    new = path.with_name(f"configuration.{os.getpid()}.new")
    try:
        new.write_text(json.dumps({"configuration": wanted}), encoding="utf-8")
        new.replace(path)
    except OSError as err:
        if found == _SETTINGS | {"command.timeout": found.get("command.timeout", 0)}:
            return
        raise StoreError(f"{path}: cannot be written: {err.strerror}") from err


def _rows(result: Any, limit: int | None) -> list[dict[str, Any]]:
    if limit is None:
        rows: list[dict[str, Any]] = result.to_list()
        return rows
    rows = []
    with result:
        for row in result:
            if len(rows) >= limit:
                break
            rows.append(row.to_dict())
    return rows


def _translated(error: "ArcadeDBError", limit_ms: int) -> StoreError:
    text = str(error)
    found = _ERROR.fullmatch(text)
    name = found["name"].rpartition(".")[2] if found else ""
    detail = one_line(found["text"] if found else text)
    if name in _WRITES:
        return write_refused()
    if name == "TimeoutException":
        return timed_out(limit_ms / 1000)
    return QueryError(detail)
