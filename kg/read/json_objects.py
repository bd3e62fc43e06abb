"""The objects of a JSON input: one a line, a list, or one object that may hold a list of them."""

import json
import re
from collections.abc import Iterator
from typing import Any

from kg.read.fields import Placed, rejected
from kg.read.source import Source
from kg.records import Reason
from kg.text import has_lone_surrogate

__all__ = ["objects"]

_ENVELOPES = ("results", "data", "papers", "dailyPapers", "items", "works")
"""Keys under which interfaces return their lists."""


_NOT_BLANK = re.compile(r"[^\s\ufeff]")


def objects(source: Source) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield each object with its place, and a Rejected for what is no object.

    JSON lines stream; a list, and objects that go over several lines, are loaded whole.
    """
    if _is_whole(source.head):
        yield from _of_whole(source)
        return
    for number, line in enumerate(source.lines, 1):
        if line.strip():
            yield from _of_line(line, f"{source.name}:{number}")


def _is_whole(head: str) -> bool:
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    if not lines or lines[0].startswith("["):
        return True
    return len(lines) > 1 and not lines[0].endswith("}") and not lines[1].startswith("{")


def _of_line(line: str, where: str) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    if has_lone_surrogate(line):
        detail = "bytes that are no UTF-8: save the file as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"
        yield rejected(Reason.BAD_ENCODING, where, detail)
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as err:
        yield rejected(Reason.MALFORMED, where, f"no JSON ({err}): {line.strip()!r:.60}")
        return
    inner = _inner(value)
    if inner is None:
        yield _object(value, where)
    else:
        yield from (_object(item, f"{where}#{i}") for i, item in enumerate(inner))


def _of_whole(source: Source) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield from a list, or from objects that each go over several lines."""
    text = source.lines.read()
    decoder = json.JSONDecoder()
    end = n_objects = 0
    while (start := _next_value(text, end)) < len(text):
        try:
            value, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as err:
            where = f"{source.name}:{err.lineno}"
            yield rejected(Reason.MALFORMED, where, f"no JSON ({err.msg}, column {err.colno})")
            return
        except (ValueError, RecursionError) as err:
            yield rejected(Reason.MALFORMED, f"{source.name}:1", f"no JSON ({err})")
            return
        inner = value if isinstance(value, list) else _inner(value)
        for item in [value] if inner is None else inner:
            yield _object(item, f"{source.name}#{n_objects}")
            n_objects += 1


def _next_value(text: str, end: int) -> int:
    found = _NOT_BLANK.search(text, end)
    return found.start() if found else len(text)


def _inner(value: object) -> list[object] | None:
    if not isinstance(value, dict) or "title" in value or "entities" in value:
        return None
    return next((value[key] for key in _ENVELOPES if isinstance(value.get(key), list)), None)


def _object(value: object, where: str) -> tuple[str, dict[str, Any]] | Placed:
    if isinstance(value, dict):
        return where, value
    return rejected(Reason.MALFORMED, where, f"{value!r:.60} is no object")
