"""Many readers or one writer of a folder, held by the operating system: a killed process frees it.

On POSIX the lock is `flock` on one file. Elsewhere (Windows) the file's first bytes are locked: a
reader takes one of them, a writer all.
"""

import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from kg.errors import StoreError, StoreLockedError
from kg.store.base import Mode
from kg.store.holders import holder

__all__ = ["FolderLock"]

_PATIENCE_S = 1.0
_PAUSE_S = 0.05
_READERS = 64


class FolderLock:
    """The lock of one folder, taken when made and freed by `release`."""

    def __init__(self, folder: Path, mode: Mode, *, patience_s: float = _PATIENCE_S) -> None:
        """Take the lock, waiting for `patience_s` at most.

        Raises
        ------
        StoreLockedError
            Others hold the folder and do not let go.
        """
        self._folder = folder
        self._descriptor = _open(folder / "lock")
        with ExitStack() as undo:
            undo.callback(self.release)
            self.change(mode, patience_s=patience_s)
            undo.pop_all()

    def change(self, mode: Mode, *, patience_s: float = _PATIENCE_S) -> None:
        """Take the lock in another mode; between the two, others may have had it."""
        deadline = time.monotonic() + patience_s
        while not _take(self._descriptor, mode):
            if time.monotonic() >= deadline:
                raise StoreLockedError(self._message(mode))
            time.sleep(_PAUSE_S)

    def release(self) -> None:
        """Free the lock; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _message(self, mode: Mode) -> str:
        doing = "is being written to by" if mode == "read" else "is in use by"
        who = holder(os.fstat(self._descriptor).st_ino) or "another kg process"
        return (
            f"{self._folder}: the store {doing} {who}; "
            "wait until it has finished, or name another one with --store"
        )


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except PermissionError:
        pass
    except OSError as err:
        raise StoreError(f"{path}: the store's lock file cannot be opened: {err.strerror}") from err
    try:
        return os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError as err:
        message = f"{path}: no permission to open the store's lock file; change its owner or rights"
        raise StoreError(message) from err


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(descriptor: int, mode: Mode) -> bool:
        if mode == "write":
            return _lock_bytes(descriptor, 0, _READERS)
        return any(_lock_bytes(descriptor, place, 1) for place in range(_READERS))

    def _lock_bytes(descriptor: int, start: int, size: int) -> bool:
        os.lseek(descriptor, start, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, size)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int, mode: Mode) -> bool:
        how = fcntl.LOCK_EX if mode == "write" else fcntl.LOCK_SH
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
