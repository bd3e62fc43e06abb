"""The pair test: names that must join, and names that must stay apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.catalogue import Catalogue
from kg.errors import InputError
from kg.resolve.explain import Explanation, Judge
from kg.resolve.knowledge import know
from kg.thesaurus import Thesaurus

__all__ = ["NamePair", "PairScore", "evaluate_pairs", "read_pairs"]

_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePair:
    """Two names, and whether they are one thing."""

    a: str
    b: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScore:
    """How many of the pairs were judged rightly; `errors` are the others, with the reason given."""

    yes: int
    yes_joined: int
    no: int
    no_apart: int
    errors: tuple[Explanation, ...]


def evaluate_pairs(
    pairs: Iterable[NamePair], catalogue: Catalogue, thesaurus: Thesaurus
) -> PairScore:
    """Judge every pair by what is known of its two names, without any context."""
    judge = Judge(knowledge=know(catalogue, thesaurus))
    judged = [(pair.same, judge.explain(pair.a, pair.b)) for pair in pairs]
    return PairScore(
        yes=sum(same for same, _ in judged),
        yes_joined=sum(same and found.joined for same, found in judged),
        no=sum(not same for same, _ in judged),
        no_apart=sum(not same and not found.joined for same, found in judged),
        errors=tuple(found for same, found in judged if same != found.joined),
    )


def read_pairs(path: Path) -> Iterator[NamePair]:
    """Yield the pairs of a tab-separated file: two names, and "yes" or "no".

    A first line `a, b, same` is a heading. An empty line, or one that begins with "#", is nothing.

    Raises
    ------
    InputError
        The file cannot be read, or a line is no pair.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as err:
        message = f"{path}: cannot be read ({err}); give a file of name, name, yes or no"
        raise InputError(message) from err
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        if cells[0].startswith("#") or cells == [""] or cells == ["a", "b", "same"]:
            continue
        if len(cells) != 3 or cells[2] not in _ANSWERS or not (cells[0] and cells[1]):
            message = (
                f"{path}:{number}: {line[:80]!r} is no pair; "
                "write two names and yes or no, with tabs between"
            )
            raise InputError(message)
        yield NamePair(a=cells[0], b=cells[1], same=_ANSWERS[cells[2]])
