"""An input's text, whatever it comes in: a file or stdin, plain, gzip or xz, UTF-8 or UTF-16."""

import codecs
import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from kg.errors import InputError

__all__ = ["STDIN", "STDIN_NAME", "Source", "open_source"]

STDIN = "-"
"""The path that stands for standard input."""

STDIN_NAME = "stdin"
"""What messages call it."""

_HEAD_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"
_XZ = b"\xfd7zXZ\x00"
_PARQUET = b"PAR1"
_PACKED = (".gz", ".xz")
_OTHERS = {
    b"%PDF": "a PDF: give the titles and abstracts as text or as a table",
    b"PK\x03\x04": "a zip archive or a spreadsheet: unpack it, or save the sheet as CSV",
    b"BZh": "compressed with bzip2: decompress it first",
    b"\x28\xb5\x2f\xfd": "compressed with zstd: decompress it first",
    b"SQLite format 3": "an SQLite database: export its table as CSV",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An open input. `name` stands in messages, `head` is the text of its first bytes.

    `lines` is the whole text, from the start; bytes that are no UTF-8 come as lone surrogates, so
    that only the records that hold them are rejected. `lines.buffer` has the bytes, for readers
    of formats that say their encoding themselves or are no text.
    """

    name: str
    head: str
    lines: TextIO

    @property
    def stem(self) -> str:
        """The file's name without folder and suffixes."""
        return Path(self.name).name.split(".")[0]

    @property
    def suffix(self) -> str:
        """The suffix in lower case, that of a compression left out."""
        suffixes = [s.lower() for s in Path(self.name).suffixes]
        while suffixes and suffixes[-1] in _PACKED:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""


class _Stream(io.RawIOBase):
    """Bytes that were looked at, then the rest of a stream; what breaks there is an InputError."""

    def __init__(self, head: bytes, rest: BinaryIO, name: str) -> None:
        self._head = head
        self._rest = rest
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # ours
        chunk = self._head[: len(buffer)] if self._head else self._read(len(buffer))
        self._head = self._head[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _read(self, size: int) -> bytes:
        try:
            return self._rest.read(size)
        except EOFError as err:
            message = f"{self._name}: the compressed file ends early: copy or download it again"
            raise InputError(message) from err
        except (lzma.LZMAError, zlib.error, gzip.BadGzipFile) as err:
            message = f"{self._name}: broken compression ({err}): copy or download it again"
            raise InputError(message) from err
        except OSError as err:
            raise InputError(f"{self._name}: cannot be read: {err.strerror or err}") from err


@contextmanager
def open_source(path: Path | str) -> Iterator[Source]:
    """Open `path` ("-" is stdin) and look at its beginning.

    Raises
    ------
    InputError
        There is no such file, it is a folder, empty, binary, or of a packing not known here.
    """
    name = STDIN_NAME if str(path) == STDIN else str(path)
    with _open_bytes(path, name) as raw:
        head, stream = _peek(raw, name)
        unpacked = _unpack(head, stream)
        if unpacked is not stream:
            head, stream = _peek(unpacked, name)
        encoding = _encoding(head, name)
        text = io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="")
        yield Source(name=name, head=_decoded(head, encoding), lines=text)


@contextmanager
def _open_bytes(path: Path | str, name: str) -> Iterator[BinaryIO]:
    if str(path) == STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115 (the `with` below closes it)
    except FileNotFoundError as err:
        raise InputError(f"{name}: no such file") from err
    except IsADirectoryError as err:
        raise InputError(f"{name}: a folder: name the files in it") from err
    except OSError as err:
        raise InputError(f"{name}: cannot be read: {err.strerror or err}") from err
    with file:
        yield file


def _peek(raw: BinaryIO, name: str) -> tuple[bytes, io.BufferedReader]:
    checked = _Stream(b"", raw, name)
    pieces: list[bytes] = []
    missing = _HEAD_BYTES
    while missing > 0 and (piece := checked.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    head = b"".join(pieces)
    return head, io.BufferedReader(_Stream(head, raw, name), _HEAD_BYTES)


def _unpack(head: bytes, stream: io.BufferedReader) -> BinaryIO:
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]  # it reads
    if head.startswith(_XZ):
        return lzma.LZMAFile(stream)  # type: ignore[return-value]  # it reads
    return stream


def _encoding(head: bytes, name: str) -> str:
    if head.removeprefix(codecs.BOM_UTF8).strip() == b"":
        raise InputError(f"{name}: empty: there is nothing to read")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise InputError(f"{name}: {what}")
    if head.startswith(_PARQUET):
        return "utf-8-sig"
    if b"\x00" in head:
        raise InputError(f"{name}: a binary file (it holds NUL bytes): give it as text")
    return "utf-8-sig"


def _decoded(head: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    return decoder.decode(head)
