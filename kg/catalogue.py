"""The catalogue of known names: what a reader of the field knows without the paper.

The data are the JSON lines of `schemas/catalogue/`, one file for each entity type, and a file of
the user's own, whose lines also carry `type`. A line is an object with `name` and, where known,
`aliases`, `family` (one name or several), `year` and `arxiv_id` of the paper that introduced it,
and `ambiguous` (true, or those of its names that often mean something else).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from kg.errors import InputError
from kg.schema import Label, load_schema, schema_file

__all__ = ["Catalogue", "CatalogueEntry", "load_catalogue", "read_catalogue_text"]

_FIELDS = frozenset({"name", "type", "aliases", "family", "year", "arxiv_id", "ambiguous"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A known thing. `ambiguous` are those of its names that often mean something else."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    year: int | None = None
    arxiv_id: str | None = None
    ambiguous: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name, then the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All entries, sorted by type and name; `digest` changes with any of them."""

    entries: tuple[CatalogueEntry, ...] = ()
    digest: str = field(default="")

    def __post_init__(self) -> None:
        """Sort the entries, so that their order in the files leaves no trace."""
        entries = tuple(sorted(self.entries, key=lambda entry: (entry.type, entry.name)))
        object.__setattr__(self, "entries", entries)
        object.__setattr__(self, "digest", _digest(entries))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    where: str
    entry: CatalogueEntry


def load_catalogue(extra: Path | None = None, *, text: str | None = None) -> Catalogue:
    """Read the catalogue that comes with `kg`, and the user's own entries on top of it.

    These come from the file `extra`, or from `text`: the lines that a store remembers.

    An entry of `extra` with the type and name of a known one adds its aliases to it, and its
    family, year and arXiv id replace those that were there.

    Raises
    ------
    InputError
        A line that is no entry, or a name that two entries of one type claim; the message says
        which file and line.
    """
    builtin = _builtin()
    if extra is not None:
        text = read_catalogue_text(extra)
    if not text:
        return builtin
    merged = {(entry.type, entry.name): entry for entry in builtin.entries}
    lines = list(_parse_lines(text, "catalogue" if extra is None else str(extra), None))
    for line in lines:
        known = merged.get((line.entry.type, line.entry.name))
        merged[line.entry.type, line.entry.name] = _extend(known, line.entry)
    where = {(line.entry.type, line.entry.name): line.where for line in lines}
    _check_unique(merged.values(), where)
    return Catalogue(entries=tuple(merged.values()))


@cache
def _builtin() -> Catalogue:
    lines: list[_Line] = []
    for label in load_schema().kinds:
        name = f"{label.lower()}.jsonl"
        source = schema_file("catalogue") / name
        if source.is_file():
            text = read_catalogue_text(source, f"schemas/catalogue/{name}")
            lines.extend(_parse_lines(text, f"schemas/catalogue/{name}", Label(label)))
    where = {(line.entry.type, line.entry.name): line.where for line in lines}
    _check_unique((line.entry for line in lines), where)
    return Catalogue(entries=tuple(line.entry for line in lines))


def read_catalogue_text(source: Traversable | Path, name: str | None = None) -> str:
    """Return the text of a catalogue file, as `load_catalogue` and a store take it.

    Raises
    ------
    InputError
        The file cannot be read, or is not UTF-8.
    """
    try:
        return source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        where = str(source) if name is None else name
        remedy = "give a file of JSON lines in UTF-8"
        raise _error(where, f"cannot be read ({err})", remedy) from err


def _parse_lines(text: str, name: str, label: str | None) -> Iterator[_Line]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            where = f"{name}:{number}"
            yield _Line(where=where, entry=_parse(line, where, label))


def _parse(line: str, where: str, label: str | None) -> CatalogueEntry:
    try:
        data = json.loads(line)
    except ValueError as err:
        raise _error(where, f"not a JSON object ({err})", "write one object on each line") from err
    if not isinstance(data, dict):
        raise _error(where, f"not a JSON object: {line.strip()[:60]}", "write one object a line")
    unknown = sorted(set(data) - _FIELDS)
    if unknown:
        raise _error(where, f"unknown field {unknown[0]!r}", f"use {', '.join(sorted(_FIELDS))}")
    name = _string(data.get("name"), "name", where)
    aliases = _strings(data.get("aliases"), "aliases", where)
    return CatalogueEntry(
        name=name,
        type=_label(data.get("type", label), where),
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != name)),
        families=_strings(data.get("family"), "family", where),
        year=_year(data.get("year"), where),
        arxiv_id=None
        if data.get("arxiv_id") is None
        else _string(data["arxiv_id"], "arxiv_id", where),
        ambiguous=_ambiguous(data.get("ambiguous"), (name, *aliases), where),
    )


def _label(value: object, where: str) -> str:
    labels = load_schema().kinds
    if not isinstance(value, str) or value not in labels:
        raise _error(where, f"type is {value!r}", f"use one of {', '.join(labels)}")
    return value


def _string(value: object, name: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _error(where, f"{name} is {value!r}", f"{name} must be a text that is not empty")
    return value.strip()


def _strings(value: object, name: str, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise _error(where, f"{name} is {value!r}", f"{name} must be a text or a list of texts")
    return tuple(dict.fromkeys(_string(item, name, where) for item in value))


def _year(value: object, where: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1800 <= value <= 2200:
        raise _error(where, f"year is {value!r}", "year must be a number such as 2024")
    return value


def _ambiguous(value: object, names: tuple[str, ...], where: str) -> tuple[str, ...]:
    if value is True:
        return names
    if value is False:
        return ()
    listed = _strings(value, "ambiguous", where)
    strange = [name for name in listed if name not in names]
    if strange:
        raise _error(where, f"ambiguous lists {strange[0]!r}", "list names of the entry itself")
    return listed


def _extend(known: CatalogueEntry | None, entry: CatalogueEntry) -> CatalogueEntry:
    if known is None:
        return entry
    return replace(
        known,
        aliases=tuple(dict.fromkeys(known.aliases + entry.aliases)),
        families=entry.families or known.families,
        year=known.year if entry.year is None else entry.year,
        arxiv_id=entry.arxiv_id or known.arxiv_id,
        ambiguous=tuple(dict.fromkeys(known.ambiguous + entry.ambiguous)),
    )


def _check_unique(entries: Iterable[CatalogueEntry], where: dict[tuple[str, str], str]) -> None:
    """Refuse a name that two entries of one type claim, unless both call it ambiguous."""
    owners: dict[tuple[str, str], CatalogueEntry] = {}
    for entry in entries:
        for name in entry.names:
            other = owners.setdefault((entry.type, name), entry)
            if other is entry or (name in other.ambiguous and name in entry.ambiguous):
                continue
            place = where.get((entry.type, entry.name)) or where[other.type, other.name]
            raise _error(
                place,
                f"{name!r} is a name of {other.name!r} and of {entry.name!r} ({entry.type})",
                "take it out of one, or list it under ambiguous in both",
            )


def _digest(entries: tuple[CatalogueEntry, ...]) -> str:
    lines = [
        json.dumps(
            [e.type, e.name, e.aliases, e.families, e.year, e.arxiv_id, e.ambiguous],
            ensure_ascii=False,
        )
        for e in entries
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _error(where: str, what: str, remedy: str) -> InputError:
    return InputError(f"{where}: {what}; {remedy}")
