"""Strict conversions of JSON values, which `kg.records_json` builds records with."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kg.text import has_lone_surrogate

__all__ = [
    "ShapeError",
    "boolean",
    "date",
    "fraction",
    "items",
    "offset",
    "one_of",
    "optional",
    "pair",
    "strings",
    "text",
    "word",
    "year",
]

_T = TypeVar("_T")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_YEARS = range(1000, 10000)


class ShapeError(ValueError):
    """A value of another type or range than its field has."""


def text(value: object) -> str:
    """Return a string that UTF-8 can write."""
    if not isinstance(value, str):
        raise ShapeError(f"{value!r} is no string")
    if has_lone_surrogate(value):
        raise ShapeError(f"{value!r} has half a surrogate pair, which is no character")
    return value


def word(value: object) -> str:
    """Return a string that is not empty."""
    if value == "":
        raise ShapeError("an empty string")
    return text(value)


def one_of(value: object, allowed: frozenset[str]) -> str:
    """Return a string of `allowed`."""
    if not isinstance(value, str) or value not in allowed:
        raise ShapeError(f"{value!r} is none of {sorted(allowed)}")
    return value


def boolean(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ShapeError(f"{value!r} is neither true nor false")
    return value


def offset(value: object) -> int:
    """Return a whole number that is not negative (1.0 is one, as in JSON Schema)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ShapeError(f"{value!r} is no offset")
    return value


def year(value: object) -> int:
    """Return a year of four digits."""
    number = offset(value)
    if number not in _YEARS:
        raise ShapeError(f"{value!r} is no year")
    return number


def date(value: object) -> str:
    """Return an ISO date, month or year."""
    string = word(value)
    if _DATE.fullmatch(string) is None:
        raise ShapeError(f"{value!r} is no date (YYYY-MM-DD)")
    return string


def fraction(value: object) -> float:
    """Return a number in [0, 1]."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ShapeError(f"{value!r} is not between 0 and 1")
    return float(value)


def items(value: object, convert: Callable[[Any], _T]) -> tuple[_T, ...]:
    """Return the converted items of a list."""
    if not isinstance(value, list):
        raise ShapeError(f"{value!r} is no list")
    return tuple([convert(item) for item in value])


def pair(value: object, convert: Callable[[Any], _T]) -> tuple[_T, _T]:
    """Return the two converted items of a list of two."""
    both = items(value, convert)
    if len(both) != 2:
        raise ShapeError(f"{value!r} is no pair")
    return both[0], both[1]


def strings(value: object) -> tuple[str, ...]:
    """Return a list of strings that are not empty."""
    return items(value, word)


def optional(obj: Mapping[str, Any], key: str, convert: Callable[[Any], _T]) -> _T | None:
    """Return the converted value of `key`, None where it is absent or null."""
    value = obj.get(key)
    return None if value is None else convert(value)
