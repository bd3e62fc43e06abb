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

from pathlib import Path
from typing import Self

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

    @classmethod
    def unwritable(cls, path: Path, error: OSError) -> Self:
        """Return the error for a file or folder that the system did not let us write."""
        match error:
            case FileNotFoundError():
                advice = "make its folder first"
            case FileExistsError() | NotADirectoryError():
                advice = "it needs a folder, and a file has that name"
            case IsADirectoryError():
                advice = "it needs a file, and a folder has that name"
            case _:
                advice = "choose another place"
        return cls(f"{path}: cannot be written ({error.strerror}); {advice}")


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
