"""Texts with their names marked, so that a test says what a sentence names: `[Zed|Model]`."""

import re
from collections.abc import Callable

import pytest

from kg.extract.masking import read_clauses
from kg.extract.relations import relate
from kg.extract.results import add_margins, read_results
from kg.extract.sentences import split_sentences
from kg.extract.state import Reading
from kg.records import Entity

_MARK = re.compile(r"\[([^|\]]+)\|(\w+)(?:\|([^\]]+))?\]")


def _read_marked(marked: str, title: str = "") -> Reading:
    """Return the reading of a text with its marked names as entities, relations and results.

    A third part is the entity's name: `[BBH|Benchmark|Big-Bench Hard]`.
    """
    text, at, found = "", 0, {}
    source = title + "\n\n" + marked if title else marked
    for mark in _MARK.finditer(source):
        text += source[at : mark.start()]
        span = (len(text), len(text) + len(mark[1]))
        found.setdefault((mark[3] or mark[1], mark[2]), []).append((mark[1], span))
        text += mark[1]
        at = mark.end()
    text += source[at:]
    entities = [
        Entity(
            id=f"e{n}",
            name=name,
            type=kind,
            mentions=tuple(dict.fromkeys(string for string, _ in places)),
            spans=tuple(span for _, span in places),
        )
        for n, ((name, kind), places) in enumerate(found.items(), start=1)
    ]
    title_end = text.index("\n\n") if title else 0
    reading = Reading(text=text, title_end=title_end, entities=entities)
    reading.sentences = split_sentences(text, title_end)
    reading.clauses = read_clauses(text, reading.sentences, entities)
    reading.relations = relate(reading, "rules/test")
    reading.relations = add_margins(reading)
    reading.results = read_results(reading, "rules/test")
    return reading


def _triples(reading: Reading) -> set[tuple[str, str, str]]:
    """Return (head, type or role, tail) by name; USES is told by its role."""
    names = _names(reading)
    return {(names[r.head], r.role or r.type, names[r.tail]) for r in reading.relations}


def _values(reading: Reading) -> set[tuple[str, str | None, str | None, str]]:
    """Return (system, benchmark, metric, value) by name."""
    names = _names(reading)
    return {
        (names[r.system], names.get(r.benchmark or ""), names.get(r.metric or ""), r.value)
        for r in reading.results
    }


def _names(reading: Reading) -> dict[str, str]:
    return {"PAPER": "PAPER"} | {e.id: e.name for e in reading.entities}


@pytest.fixture(scope="session")
def read_marked() -> Callable[..., Reading]:
    """Give the function that reads a marked text."""
    return _read_marked


@pytest.fixture(scope="session")
def triples() -> Callable[[Reading], set[tuple[str, str, str]]]:
    """Give the function that names a reading's relations."""
    return _triples


@pytest.fixture(scope="session")
def values() -> Callable[[Reading], set[tuple[str, str | None, str | None, str]]]:
    """Give the function that names a reading's results."""
    return _values
