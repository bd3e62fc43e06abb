"""One writer of a Neo4j database: a lock that the server frees when its holder is gone.

A writer holds the lock of `(:KgStore {id: "lock"})` by a transaction that it never commits. A
server that is started anew has forgotten it, so every transaction that writes looks first whether
the lock still stands.
"""

import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from kg.errors import QueryTimeoutError, StoreError, StoreLockedError, StoreUnavailableError
from kg.store.neo4j_connection import Connection

if TYPE_CHECKING:
    from neo4j import Session, Transaction

__all__ = ["WriterLock"]

PATIENCE_S = 30.0
"""How long a second writer waits before it gives up."""

_FIRST_TRY_S = 1.0
_HOLD = "MERGE (s:KgStore {id: 'lock'}) SET s.held = true"

_log = logging.getLogger(__name__)


class WriterLock:
    """The lock, taken when made and freed by `release`."""

    def __init__(self, connection: Connection) -> None:
        """Wait until the lock is free, and take it.

        Raises
        ------
        StoreLockedError
            Another writer does not let go of it.
        """
        self._connection = connection
        self._held: tuple[Session, Transaction] | None = None
        self._take()

    def _take(self) -> None:
        """Hold the lock by a transaction without a time limit, whatever the server's default."""
        self._wait()
        session = self._connection.session()
        with self._connection.errors():
            transaction = session.begin_transaction(timeout=0)
            self._held = session, transaction
            transaction.run(_HOLD).consume()

    def lend(self) -> str:
        """Leave the lock to one transaction, which begins with the Cypher that this returns.

        A user's query may delete every node, that of the lock too, and would wait for ever.
        """
        self.release()
        return _HOLD

    def check(self) -> None:
        """Take the lock again after it was lent; raise where the server has ended what holds it.

        Raises
        ------
        StoreUnavailableError
            The server was started anew, or ended the transaction.
        """
        if self._held is None:
            self._take()
            return
        try:
            with self._connection.errors():
                self._held[1].run("RETURN 1").consume()
        except StoreError as err:
            message = (
                f"{self._connection.address}: the server broke off and forgot that this process "
                "writes; run the same command again"
            )
            raise StoreUnavailableError(message) from err

    def release(self) -> None:
        """Free the lock; where the server does not answer it is free already."""
        if self._held is None:
            return
        session, transaction = self._held
        self._held = None
        with suppress(StoreError), self._connection.errors():
            transaction.close()
        with suppress(StoreError), self._connection.errors():
            session.close()

    def _wait(self) -> None:
        """Try with a time limit: the transaction that holds the lock in the end must have none."""
        deadline = time.monotonic() + PATIENCE_S
        limit_s = min(_FIRST_TRY_S, PATIENCE_S)
        address = self._connection.address
        while not self._is_free(limit_s):
            limit_s = deadline - time.monotonic()
            if limit_s <= 0:
                message = (
                    f"{address}: the store is in use by another kg process; "
                    "wait until it has finished, or name another one with --store"
                )
                raise StoreLockedError(message)
            _log.warning("%s: another kg process writes to it; waiting for it", address)

    def _is_free(self, limit_s: float) -> bool:
        with self._connection.errors(), self._connection.session() as session:
            try:
                with (
                    self._connection.errors(limit_s),
                    session.begin_transaction(timeout=limit_s) as trial,
                ):
                    trial.run(_HOLD).consume()
                    trial.rollback()
            except QueryTimeoutError:
                return False
        return True
