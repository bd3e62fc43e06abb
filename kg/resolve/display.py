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
    own = bool(given) and " " not in best
    lower = None if own else _as_term(best, {*names, *other_names})
    return collapse_spaces(lower if lower is not None else best)


def _as_term(name: str, spellings: Iterable[str]) -> str | None:
    """Return the lower-case singular of a general term, or None if the name is a proper one.

    A name is a term if some paper writes all its words in lower case, acronyms apart.
    """
    if is_short(name) or any(c.isdigit() for c in name):
        return None
    plain = _lowered(name)
    if any(_lowered(other) == plain and _has_lower(other) for other in spellings):
        return plain
    return None


def _lowered(name: str) -> str:
    """Return a name in lower case and the singular, its acronyms as they are."""
    *first, last = (word if _is_proper(word) else word.lower() for word in name.split())
    return " ".join([*first, singular(last)])


def _has_lower(name: str) -> bool:
    return all(_is_proper(word) or word == word.lower() for word in name.split())


def _is_proper(word: str) -> bool:
    return sum(c.isupper() for c in word.split("-")[0]) > 1
