"""The objects of a JSON input: one a line, a list, or one object that may hold a list of them."""

import json
from collections.abc import Iterator
from typing import Any

from kg.read.fields import Placed, rejected
from kg.read.source import Source
from kg.records import Reason
from kg.text import has_lone_surrogate

__all__ = ["objects"]

_ENVELOPES = ("results", "data", "papers", "dailyPapers", "items", "works")
"""Keys under which interfaces return their lists."""


def objects(source: Source) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield each object with its place, and a Rejected for what is no object.

    JSON lines stream; a list, and an object that goes over several lines, are loaded whole.
    """
    if _is_whole(source.head):
        yield from _of_whole(source)
        return
    for number, line in enumerate(source.lines, 1):
        if line.strip():
            yield from _of_line(line, f"{source.name}:{number}")


def _is_whole(head: str) -> bool:
    text = head.lstrip()
    if text.startswith("["):
        return True
    first, line_end, _ = text.partition("\n")
    return bool(line_end) and not first.rstrip().endswith("}")


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
    text = source.lines.read()
    try:
        value = json.loads(text)
    except json.JSONDecodeError as err:
        where = f"{source.name}:{err.lineno}"
        yield rejected(Reason.MALFORMED, where, f"no JSON ({err.msg}, column {err.colno})")
        return
    except (ValueError, RecursionError) as err:
        yield rejected(Reason.MALFORMED, f"{source.name}:1", f"no JSON ({err})")
        return
    inner = value if isinstance(value, list) else _inner(value)
    listed = [value] if inner is None else inner
    yield from (_object(item, f"{source.name}#{i}") for i, item in enumerate(listed))


def _inner(value: object) -> list[object] | None:
    if not isinstance(value, dict) or "title" in value or "entities" in value:
        return None
    return next((value[key] for key in _ENVELOPES if isinstance(value.get(key), list)), None)


def _object(value: object, where: str) -> tuple[str, dict[str, Any]] | Placed:
    if isinstance(value, dict):
        return where, value
    return rejected(Reason.MALFORMED, where, f"{value!r:.60} is no object")
