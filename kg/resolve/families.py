"""IS_A: from the papers, from the catalogue, and from the names themselves, without a cycle.

The surer source comes first: the catalogue, then what more papers state, then names. A pair that
would close a cycle is left out and counted.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from kg.resolve.knowledge import expand
from kg.resolve.normalise import name_key, name_words
from kg.schema import Kind

__all__ = ["acyclic", "name_families"]

Pair = tuple[str, str]

_LINKING = frozenset(
    ("of", "from", "with", "for", "to", "in", "on", "and", "by", "without", "via", "as", "or")
)
_VARIANT = re.compile(
    r"(?<=\w)[\s_-](?:\d+(?:\.\d+)?\s?[bBmM]|\d+x\d+[bB]|base|large|small|tiny|huge|XXL|XL"
    r"|chat|instruct|it)$",
    re.IGNORECASE,
)


def acyclic(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs (member, family) in their order, without those that close a cycle.

    >>> acyclic([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    [('a', 'b'), ('b', 'c'), ('c', 'd')]
    """
    families: dict[str, list[str]] = {}
    kept: list[Pair] = []
    for member, family in pairs:
        if member == family or _reaches(families, family, member):
            continue
        families.setdefault(member, []).append(family)
        kept.append((member, family))
    return kept


def _reaches(families: Mapping[str, Sequence[str]], start: str, goal: str) -> bool:
    seen, open_nodes = {start}, [start]
    while open_nodes:
        node = open_nodes.pop()
        if node == goal:
            return True
        fresh = [family for family in families.get(node, ()) if family not in seen]
        seen.update(fresh)
        open_nodes.extend(fresh)
    return False


def name_families(
    kind: Kind, nodes: Mapping[str, Sequence[str]], expansions: Mapping[str, tuple[str, ...]]
) -> list[Pair]:
    """Return (member, family) that names of one kind tell: id to names in, pairs of ids out.

    The first name of a node is its own; the others find it as a family too. `expansions` are the
    acronyms that stand inside longer names.

    >>> name_families(Kind.SYSTEM, {"1": ["interactive imitation learning"],
    ...     "2": ["imitation learning"], "3": ["ToRA-7B"], "4": ["ToRA"]}, {})
    [('1', '2'), ('3', '4')]
    """
    by_words: dict[tuple[str, ...], str] = {}
    by_key: dict[str, str] = {}
    for place in (0, 1):
        for node, names in sorted(nodes.items()):
            for name in names[:1] if place == 0 else names[1:]:
                by_words.setdefault(name_words(name), node)
                by_key.setdefault(name_key(name, kind), node)
    pairs = []
    for node, names in sorted(nodes.items()):
        words = expand(names[0], kind, expansions) or name_words(names[0])
        family = _head_family(words, by_words)
        if family is None and kind is Kind.SYSTEM:
            family = _series(names[0], by_key)
        if family is not None and family != node:
            pairs.append((node, family))
    return pairs


def _head_family(words: tuple[str, ...], by_words: Mapping[tuple[str, ...], str]) -> str | None:
    """Return the family that the last words of a term name: two words or more."""
    for start in range(1, len(words) - 1):
        if words[start - 1] in _LINKING:
            return None
        if words[start:] in by_words:
            return by_words[words[start:]]
    return None


def _series(name: str, by_key: Mapping[str, str]) -> str | None:
    """Return the series of which a name is one size or tuning: "ToRA-7B", "Qwen2.5-7B-Instruct"."""
    while (match := _VARIANT.search(name)) is not None:
        name = name[: match.start()]
        found = by_key.get(name_key(name, Kind.SYSTEM))
        if found is not None:
            return found
    return None
