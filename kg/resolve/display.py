"""What a node is called: the form that a practitioner would look up."""

from collections import Counter
from collections.abc import Iterable, Mapping

from kg.resolve.acronyms import is_short
from kg.resolve.words import singular
from kg.text import collapse_spaces

__all__ = ["display_name"]


def display_name(
    names: Mapping[str, int], other_names: Mapping[str, int], introduced: Iterable[str]
) -> str:
    """Return the introducing paper's name, else the most frequent one; terms in lower case.

    >>> display_name({"Policy Gradients": 3, "policy gradients": 2}, {}, [])
    'policy gradient'
    >>> display_name({"OpenVLA": 3, "openvla": 1}, {}, [])
    'OpenVLA'
    """
    given = list(introduced)
    spellings = Counter(names)
    best = given[0] if given else min(spellings, key=lambda t: (-spellings[t], t))
    lower = _as_term(best, {*names, *other_names})
    return collapse_spaces(lower if lower is not None else best)


def _as_term(name: str, spellings: set[str]) -> str | None:
    """Return the lower-case singular of a general term, or None if the name is a proper one.

    A name is a term if some paper writes all its words in lower case.
    """
    if is_short(name) or any(c.isdigit() for c in name):
        return None
    if name == name.lower() or name.lower() in spellings or _plural_in(name, spellings):
        *first, last = name.lower().split(" ")
        return " ".join([*first, singular(last)])
    return None


def _plural_in(name: str, spellings: set[str]) -> bool:
    """Tell whether the lower-case plural, or singular, of a name is among the spellings."""
    *first, last = name.lower().split(" ")
    wanted = " ".join([*first, singular(last)])
    return any(
        other == other.lower()
        and " ".join([*other.split(" ")[:-1], singular(other.split(" ")[-1])]) == wanted
        for other in spellings
        if " " in other or other.islower()
    )
