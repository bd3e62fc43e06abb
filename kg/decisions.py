"""Two stores' decisions put together: thesaurus and catalogue.

What is there wins. What comes is added where it contradicts nothing of that, and is else left out
and named; asked a second time, it adds nothing more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from kg.catalogue import Catalogue, load_catalogue
from kg.errors import InputError
from kg.resolve.clusters import Clusters
from kg.resolve.corpus import Name
from kg.resolve.graph import Join
from kg.resolve.knowledge import Knowledge, know
from kg.schema import Kind
from kg.thesaurus import Thesaurus, ThesaurusRule

__all__ = ["Arrival", "join_catalogues", "join_thesauri"]

_REASON = Join(kind="", left="", right="", rule="thesaurus", evidence="a merge")


@dataclass(slots=True)
class Arrival:
    """What came of the other store's decisions: how many were added, and those left out."""

    n_added: int = 0
    left_out: list[str] = field(default_factory=list)


def join_thesauri(there: Thesaurus, coming: Thesaurus, arrival: Arrival) -> Thesaurus:
    """Return `there` with the rules of `coming` that contradict none of its own.

    A merge contradicts a split that it would undo, by itself or through the other merges; a split
    contradicts the merges that make its names one. Names are compared as the resolver does it.
    """
    knowledge = know(Catalogue(), Thesaurus(splits=there.splits + coming.splits))
    clusters = Clusters(pair for rule in there.splits for pair in _pairs(rule, knowledge))
    for rule in there.merges:
        _join(clusters, rule, knowledge)
    merges, splits = list(there.merges), list(there.splits)
    for rule in coming.merges:
        if rule in there.merges:
            continue
        if any(clusters.obstacle(a, b) is not None for a, b in _pairs(rule, knowledge)):
            arrival.left_out.append(f"merge {_text(rule)}")
            continue
        _join(clusters, rule, knowledge)
        merges.append(rule)
    for rule in coming.splits:
        if rule in there.splits:
            continue
        if any(clusters.root(a) == clusters.root(b) for a, b in _pairs(rule, knowledge)):
            arrival.left_out.append(f"split {_text(rule)}")
            continue
        splits.append(rule)
    arrival.n_added += len(merges) + len(splits) - len(there.merges) - len(there.splits)
    return Thesaurus(merges=tuple(merges), splits=tuple(splits))


def join_catalogues(there: str, coming: str, arrival: Arrival) -> str:
    """Return the catalogue lines of both: where two describe one entry, those of `there` win.

    Raises
    ------
    InputError
        `there` is no catalogue.
    """
    load_catalogue(text=there)
    own = list(_lines(there))
    known = set(own)
    wanted = [line for line in _lines(coming) if line not in known]
    if _fits([*wanted, *own]):
        added = wanted
    else:  # a name that two entries claim: find out whose lines
        added = []
        for line in wanted:
            if _fits([*added, line, *own]):
                added.append(line)
            else:
                arrival.left_out.append(f"catalogue entry {line}")
    if not added:
        return there
    arrival.n_added += len(added)
    return "".join(f"{line}\n" for line in (*added, *own))


def _pairs(rule: ThesaurusRule, knowledge: Knowledge) -> Iterator[tuple[Name, Name]]:
    """Yield every two names of a rule, in each kind that it speaks of."""
    for kind in [Kind(rule.kind)] if rule.kind else Kind:
        yield from combinations([knowledge.name(kind, name) for name in rule.names], 2)


def _join(clusters: Clusters, rule: ThesaurusRule, knowledge: Knowledge) -> None:
    for a, b in _pairs(rule, knowledge):
        clusters.join(a, b, _REASON, force=True)


def _lines(text: str) -> Iterator[str]:
    yield from dict.fromkeys(line.strip() for line in text.split("\n") if line.strip())


def _fits(lines: Iterable[str]) -> bool:
    try:
        load_catalogue(text="\n".join(lines))
    except InputError:
        return False
    return True


def _text(rule: ThesaurusRule) -> str:
    names = ", ".join(rule.names)
    return f"[{names}] ({rule.kind})" if rule.kind else f"[{names}]"
