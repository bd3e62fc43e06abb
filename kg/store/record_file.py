"""The records and the state of an embedded store: one SQLite file.

A record is kept as JSON, compressed; the graph holds no copy of it.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kg.errors import StoreError
from kg.records import Record
from kg.records_json import record_from_json, record_to_json
from kg.store.base import PackedRecord, StoredRecord

__all__ = ["RecordFile", "decode_record", "encode_record"]

_TABLES = """
CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS records_fingerprint ON records (id, fingerprint);
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""  # noqa: E501


def encode_record(record: Record) -> bytes:
    """Return a record as compressed JSON; lone surrogates survive as escapes."""
    text = json.dumps(record_to_json(record), separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), 6)


def decode_record(body: bytes, where: str) -> Record:
    """Return the record that `encode_record` was given.

    Raises
    ------
    StoreError
        The bytes are not those of a record.
    """
    try:
        fields = json.loads(zlib.decompress(body))
    except (zlib.error, ValueError) as err:
        message = f"{where}: the stored record is damaged ({err}); build into a new store"
        raise StoreError(message) from err
    return record_from_json(fields, where)


class RecordFile:
    """An open SQLite file of records and state; the folder's lock keeps a second writer out."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the file.

        Raises
        ------
        StoreError
            It cannot be opened, or is no file of records.
        """
        self._path = path
        try:
            mode = "rwc" if create else "rw" if _writable(path) else "ro"
            uri = f"{path.resolve().as_uri()}?mode={mode}"
            self._connection = sqlite3.connect(uri, uri=True, isolation_level=None)
            if create:
                self._connection.executescript(_TABLES)
            self._connection.execute("SELECT count(*) FROM state").fetchone()
        except sqlite3.Error as err:
            message = f"{path}: cannot be opened as a store's records ({err})"
            raise StoreError(message) from err

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of every record, by record id."""
        return dict(self._connection.execute("SELECT id, fingerprint FROM records ORDER BY id"))

    def put(self, batch: Sequence[StoredRecord]) -> None:
        """Store records in one transaction."""
        rows = [(item.record.id, item.fingerprint, encode_record(item.record)) for item in batch]
        self._write("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", rows)

    def delete(self, ids: Iterable[str]) -> None:
        """Delete records in one transaction."""
        self._write("DELETE FROM records WHERE id = ?", [(record_id,) for record_id in ids])

    def records(self) -> Iterator[Record]:
        """Yield all records, sorted by id."""
        for packed in self.packed():
            yield decode_record(packed.body, f"{self._path}: {packed.id}")

    def packed(self) -> Iterator[PackedRecord]:
        """Yield all records as they are kept, sorted by id."""
        rows = self._connection.execute("SELECT id, fingerprint, body FROM records ORDER BY id")
        for record_id, fingerprint, body in rows:
            yield PackedRecord(id=record_id, fingerprint=fingerprint, body=body)

    def get_state(self, key: str) -> str | None:
        """Return the value under a key."""
        found = self._connection.execute("SELECT value FROM state WHERE key = ?", (key,))
        row = found.fetchone()
        return None if row is None else str(row[0])

    def set_state(self, key: str, value: str | None) -> None:
        """Set the value under a key, or forget the key."""
        if value is None:
            self._write("DELETE FROM state WHERE key = ?", [(key,)])
        else:
            self._write("INSERT OR REPLACE INTO state VALUES (?, ?)", [(key, value)])

    def _write(self, statement: str, rows: Sequence[tuple[str | bytes, ...]]) -> None:
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(statement, rows)
        except sqlite3.Error as err:
            raise StoreError(f"{self._path}: cannot be written to ({err})") from err


def _writable(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False
