"""The errors that a caller of `kg` can meet.

KgError                   one clear line: what failed, the value, where, what to do
├── InputError            a file, format, option or name that cannot be used
├── MissingDependencyError  something to install first; the message names the command
├── ExtractorError        an extractor that cannot be loaded or run
└── StoreError            the store refuses
    ├── StoreLockedError    another process is writing to it
    ├── StoreUnavailableError  no store there, or the server does not answer
    ├── QueryError          Cypher that the engine rejects (syntax, unknown name, type)
    ├── WriteRefusedError   a write in a read-only query
    └── QueryTimeoutError   a query that ran past its limit
"""

__all__ = [
    "ExtractorError",
    "InputError",
    "KgError",
    "MissingDependencyError",
    "QueryError",
    "QueryTimeoutError",
    "StoreError",
    "StoreLockedError",
    "StoreUnavailableError",
    "WriteRefusedError",
]


class KgError(Exception):
    """An error with a message that a user can act upon; the CLI prints it as one line."""


class InputError(KgError):
    """A file, format, option or name that cannot be used."""


class MissingDependencyError(KgError):
    """Something has to be installed first; the message names the command."""


class ExtractorError(KgError):
    """An extractor cannot be loaded or run."""


class StoreError(KgError):
    """The store refuses."""


class StoreLockedError(StoreError):
    """Another process holds the store."""


class StoreUnavailableError(StoreError):
    """There is no store at the address, or it does not answer."""


class QueryError(StoreError):
    """The engine rejects the Cypher text or its parameters."""


class WriteRefusedError(QueryError):
    """A query that was to read tries to write."""


class QueryTimeoutError(QueryError):
    """A query ran past its time limit."""
