"""The thin side of the Neo4j driver: where, who, and its errors turned into ours.

Credentials come from `NEO4J_USERNAME` and `NEO4J_PASSWORD`, the database from the address's path
or `NEO4J_DATABASE`; none of them is ever part of a message.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from kg.errors import (
    InputError,
    MissingDependencyError,
    QueryError,
    StoreError,
    StoreUnavailableError,
)
from kg.store.base import Mode
from kg.store.refusals import one_line, timed_out, write_refused

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Record, Session
    from neo4j.exceptions import DriverError, Neo4jError

__all__ = ["Connection"]

T = TypeVar("T")
Rows = list[dict[str, Any]]

_CONNECT_TIMEOUT_S = 10.0
_RETRY_S = 10.0
_FETCH_SIZE = 1000
_REFUSED_WRITE = "Neo.ClientError.Statement.AccessMode"
_ANSWERS: tuple[tuple[re.Pattern[str], type[StoreError], str], ...] = (
    (
        re.compile(
            r"Neo\.ClientError\.General\.(?:ForbiddenOnReadOnly|WriteOnReadOnlyAccess)Database$"
        ),
        StoreError,
        "the server lets nobody write to the database; "
        "ask for write access (server.databases.read_only), or name another store",
    ),
    (
        re.compile(r"Neo\.ClientError\.Database\.DatabaseNotFound$"),
        StoreUnavailableError,
        "the server has no database {database!r}; name another one in the address "
        "(bolt://HOST:PORT/neo4j) or by NEO4J_DATABASE, or none",
    ),
    (
        re.compile(r"Neo\.ClientError\.Security\.AuthenticationRateLimit$"),
        StoreUnavailableError,
        "too many wrong passwords; wait some seconds, then run the same command again",
    ),
    (
        re.compile(r"Neo\.ClientError\.Security\..*Forbidden"),
        StoreError,
        "the server does not allow it ({text}); ask for the right to, or name another store: "
        "what kg serve serves can only be read",
    ),
    (
        re.compile(r"Neo\.ClientError\.Security\."),
        StoreUnavailableError,
        "the server does not accept the user or the password; "
        "set NEO4J_USERNAME and NEO4J_PASSWORD",
    ),
    (
        re.compile(r"Neo\.DatabaseError\.(?:Transaction|General)\."),
        StoreUnavailableError,
        "the server failed ({text}); see that its disk is not full, start it anew, "
        "then run the same command again",
    ),
    (
        re.compile(r"Neo\.TransientError\."),
        StoreUnavailableError,
        "the server cannot do it now ({text}); run the same command again",
    ),
)
"""What is said of the server's own errors, by their codes; the first that fits."""
_REASON = re.compile(r"\(reason (?:\[Errno \d+\] )?(?P<reason>[^()]*)\)")
_POSITION = re.compile(r" \(line \d+, column \d+ \(offset: \d+\)\).*", re.DOTALL)


class Connection:
    """A driver to one database of one server."""

    def __init__(self, address: str) -> None:
        """Make the driver; the first query connects.

        Raises
        ------
        MissingDependencyError
            The driver is not installed.
        InputError
            The address holds a password or is otherwise none.
        """
        try:
            import neo4j
        except ImportError as err:
            message = f"{address}: needs the Neo4j driver: pip install neo4j"
            raise MissingDependencyError(message) from err
        self.before_writing: Callable[[], None] = _nothing
        self.address, self._database = _split(address)
        user, password = os.environ.get("NEO4J_USERNAME"), os.environ.get("NEO4J_PASSWORD")
        with self.errors():
            self._driver: Driver = neo4j.GraphDatabase.driver(
                self.address,
                auth=(user or "neo4j", password) if password else None,
                connection_timeout=_CONNECT_TIMEOUT_S,
                max_transaction_retry_time=_RETRY_S,
                notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
                user_agent="papers-kg",
            )
        with ExitStack() as undo, self.errors():
            undo.callback(self.close)
            self._driver.verify_connectivity()  # a query would try for ten seconds
            undo.pop_all()

    def close(self) -> None:
        """Close the driver; a second call does nothing."""
        self._driver.close()

    def session(self, mode: Mode = "write") -> "Session":
        """Return a session whose transactions read, or may write."""
        access = "READ" if mode == "read" else "WRITE"
        return self._driver.session(
            database=self._database, default_access_mode=access, fetch_size=_FETCH_SIZE
        )

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run Cypher of our own in a read transaction and return its rows."""
        with self.errors(), self.session("read") as session:
            return session.execute_read(_rows, cypher, parameters)

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run Cypher of our own in a write transaction and return its rows."""
        return self.write_together(lambda transaction: _rows(transaction, cypher, parameters))

    def write_together(self, work: "Callable[[ManagedTransaction], T]") -> T:
        """Run `work` in one write transaction; it is run again where the server asks for that."""

        def guarded(transaction: "ManagedTransaction") -> T:
            self.before_writing()
            return work(transaction)

        with self.errors(), self.session() as session:
            return session.execute_write(guarded)

    def scan(self, cypher: str) -> "Iterator[Record]":
        """Yield the rows of Cypher of our own as they arrive."""
        with self.errors(), self.session("read") as session:
            yield from session.run(cypher)

    @contextmanager
    def errors(self, limit_s: float = 0.0) -> Iterator[None]:
        """Turn the driver's errors into ours."""
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            yield
        except Neo4jError as err:
            raise self._server_error(err, limit_s) from err
        except DriverError as err:
            raise self._driver_error(err) from err
        except (TypeError, ValueError, OverflowError) as err:
            raise QueryError(
                f"the query or a parameter cannot be sent: {one_line(str(err))}"
            ) from err

    def _server_error(self, error: "Neo4jError", limit_s: float) -> StoreError:
        code = error.code or ""
        text = one_line(_POSITION.sub("", error.message or code))
        if code == _REFUSED_WRITE:
            return write_refused()
        if "TransactionTimedOut" in code or code.endswith("LockClientStopped"):
            return timed_out(limit_s)
        for pattern, kind, message in _ANSWERS:
            if pattern.match(code):
                told = message.format(text=text.rstrip("."), database=self._database)
                return kind(f"{self.address}: {told}")
        if code.startswith("Neo.ClientError.Statement") or "Arithmetic" in code:
            return QueryError(text)
        return StoreError(f"{self.address}: {text} ({code})")

    def _driver_error(self, error: "DriverError") -> StoreError:
        from neo4j.exceptions import ConfigurationError, ServiceUnavailable, SessionExpired

        text = one_line(str(error))
        if isinstance(error, ServiceUnavailable | SessionExpired):
            reason = _REASON.search(text)
            return StoreUnavailableError(
                f"{self.address}: the server does not answer or broke off "
                f"({reason['reason'] if reason else text}); "
                f"start it{self._or_without_tls()}, then run the same command again"
            )
        if isinstance(error, ConfigurationError):
            return StoreUnavailableError(f"{self.address}: {text}")
        return StoreError(f"{self.address}: {text}")

    def _or_without_tls(self) -> str:
        scheme, plus, _ = self.address.partition("://")[0].partition("+")
        return f", or write {scheme}:// where it has no TLS" if plus else ""


def _split(address: str) -> tuple[str, str | None]:
    """Return the address without a database, and the database."""
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        message = (
            f"{parts.scheme}://…@{parts.hostname}: no user or password belongs into an address; "
            "set NEO4J_USERNAME and NEO4J_PASSWORD"
        )
        raise InputError(message)
    if not parts.hostname:
        raise InputError(f"{address}: no host in the address; write bolt://localhost:7687")
    if parts.query or not _has_port(parts):
        message = f"{address}: no such address; write bolt://HOST:PORT or bolt://HOST:PORT/DATABASE"
        raise InputError(message)
    server = parts._replace(path="").geturl()
    return server, parts.path.strip("/") or os.environ.get("NEO4J_DATABASE") or None


def _has_port(parts: SplitResult) -> bool:
    """Tell whether the port is a number, or left out."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _nothing() -> None:
    """Do nothing before a write: no lock is held."""


def _rows(
    transaction: "ManagedTransaction", cypher: str, parameters: Mapping[str, Any] | None
) -> Rows:
    return transaction.run(cypher, dict(parameters or {})).data()
