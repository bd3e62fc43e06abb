"""Rows of many files brought into order with bounded memory: an external merge sort."""

import heapq
import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

__all__ = ["SortedRows"]

Row = tuple[tuple[str, ...], bytes]


class SortedRows:
    """The rows of a file, in the order of their keys; `spill` moves what is held to a disk file."""

    def __init__(self) -> None:
        """Start without rows."""
        self._held: list[Row] = []
        self._runs: list[IO[bytes]] = []

    def add(self, key: tuple[str, ...], row: bytes) -> None:
        """Add a row; two rows of one key are sorted by their bytes."""
        self._held.append((key, row))

    def spill(self) -> None:
        """Sort the rows that are held and free their memory."""
        if not self._held:
            return
        self._held.sort()
        run = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `write_to`
        for row in self._held:
            pickle.dump(row, run)
        self._held = []
        self._runs.append(run)

    def write_to(self, file: IO[bytes]) -> None:
        """Write all rows in order; afterwards there are none."""
        self._held.sort()
        runs = [_read(run) for run in self._runs]
        rows = heapq.merge(*runs, self._held) if runs else self._held
        file.writelines(row for _, row in rows)
        self.close()

    def close(self) -> None:
        """Free rows and disk files; a second call does nothing."""
        for run in self._runs:
            run.close()
        self._runs, self._held = [], []


def _read(run: IO[bytes]) -> Iterator[Row]:
    run.seek(0)
    while True:
        try:
            yield pickle.load(run)
        except EOFError:
            return
