"""IS_A: from the papers, from the catalogue, and from the names themselves, without a cycle.

The surer source comes first: the catalogue, then what more papers state, then names. A pair that
would close a cycle is left out and counted.
"""

from collections.abc import Iterable, Mapping, Sequence

from kg.resolve.normalise import name_words

__all__ = ["acyclic", "name_families"]

Pair = tuple[str, str]

_LINKING = frozenset(
    ("of", "from", "with", "for", "to", "in", "on", "and", "by", "without", "via", "as", "or")
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


def name_families(names: Mapping[str, str]) -> list[Pair]:
    """Return (member, family) that names of one kind tell: id to name in, pairs of ids out.

    >>> name_families({"1": "interactive imitation learning", "2": "imitation learning"})
    [('1', '2')]
    """
    by_words = {name_words(name): node for node, name in sorted(names.items())}
    pairs = []
    for node, name in sorted(names.items()):
        family = _head_family(name_words(name), by_words)
        if family is not None and family != node:
            pairs.append((node, family))
    return pairs


def _head_family(words: tuple[str, ...], by_words: Mapping[tuple[str, ...], str]) -> str | None:
    for start in range(1, len(words) - 1):
        if words[start - 1] in _LINKING:
            return None
        if words[start:] in by_words:
            return by_words[words[start:]]
    return None
