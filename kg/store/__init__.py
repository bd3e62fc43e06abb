"""Stores: `open_store` picks the one that an address names; nothing outside knows which it is."""

import re
from pathlib import Path

from kg.errors import InputError
from kg.store.base import Mode, Store

__all__ = ["is_server", "open_store"]

_URI = re.compile(r"(?:bolt|neo4j)(?:\+s|\+ssc)?://", re.IGNORECASE)
_LIKE_URI = re.compile(
    r"[a-z][a-z0-9+.-]*://|(?:bolt|neo4j)(?:\+s|\+ssc)?(?::|//)|[\w.-]+:\d+$", re.IGNORECASE
)
"""Another scheme, one without its slashes or colon, or a host and a port."""


def is_server(address: str) -> bool:
    """Tell whether an address is a server's, and not a folder."""
    return _URI.match(address) is not None


def open_store(address: str, *, mode: Mode = "read") -> Store:
    """Open the store at an address: a folder, or `bolt://`, `neo4j://` and their TLS forms.

    For writing, a folder's store is made where there is none.

    Raises
    ------
    InputError
        The address is neither a folder's nor that of a server.
    StoreUnavailableError
        There is no store, or the server does not answer.
    StoreLockedError
        Another process holds it.
    MissingDependencyError
        The address is a server's, and its driver is not installed.
    """
    if is_server(address):
        from kg.store.neo4j import Neo4jStore

        return Neo4jStore(address, mode)
    if _LIKE_URI.match(address):
        message = (
            f"{address}: no address of a store; write bolt://HOST:PORT or neo4j://HOST:PORT "
            "(+s with TLS), or for a folder of this name ./ before it"
        )
        raise InputError(message)
    from kg.store.embedded import EmbeddedStore

    return EmbeddedStore(Path(address), mode)
