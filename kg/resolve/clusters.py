"""Clusters of names that are one thing: a union-find that refuses what must stay apart."""

from collections.abc import Iterable, Iterator

from kg.resolve.corpus import ANCHOR, Name
from kg.resolve.graph import Join

__all__ = ["Clusters"]


def _anchors_first(name: Name) -> tuple[bool, Name]:
    return not name[1].startswith(ANCHOR), name


class Clusters:
    """Sets of names, joined one pair after the other.

    A set holds at most one entry of the catalogue, and never two names that the thesaurus splits.
    The root of a set is the anchor of its entry, else its smallest name, so that it does not
    depend on the order of the joins.
    """

    __slots__ = ("_apart", "_members", "_parents", "joins", "refused")

    def __init__(self, apart: Iterable[tuple[Name, Name]] = ()) -> None:
        self._parents: dict[Name, Name] = {}
        self._members: dict[Name, list[Name]] = {}
        self._apart: dict[Name, set[Name]] = {}
        self.joins: list[Join] = []
        self.refused: dict[tuple[Name, Name], str] = {}
        for a, b in apart:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def root(self, name: Name) -> Name:
        """Return the name that stands for the set of `name`."""
        root = name
        while (parent := self._parents.get(root, root)) != root:
            root = parent
        while (parent := self._parents.get(name, root)) != root:
            self._parents[name] = root
            name = parent
        return root

    def members(self, root: Name) -> Iterator[Name]:
        """Yield all names of a set, sorted."""
        yield from sorted(self._members.get(root, [root]))

    def entry(self, name: Name) -> str | None:
        """Return the name of the catalogue's entry in the set of `name`: its root by its key."""
        root = self.root(name)
        return root[1].removeprefix(ANCHOR) if root[1].startswith(ANCHOR) else None

    def obstacle(self, a: Name, b: Name) -> str | None:
        """Return why two sets cannot be one, or None."""
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b:
            return None
        members = self._members.get(root_b, [root_b])
        for member in self._members.get(root_a, [root_a]):
            if member in self._apart and not self._apart[member].isdisjoint(members):
                return "the thesaurus splits them"
        entry_a, entry_b = self.entry(root_a), self.entry(root_b)
        if entry_a is not None and entry_b is not None:
            return f"the catalogue knows {entry_a!r} and {entry_b!r} as two"
        return None

    def join(self, a: Name, b: Name, reason: Join, *, force: bool = False) -> bool:
        """Make one set of two, unless something stands against it; keep the reason either way."""
        root_a, root_b = self.root(a), self.root(b)
        if root_a == root_b:
            return True
        obstacle = None if force else self.obstacle(a, b)
        if obstacle is not None:
            self.refused[min(a, b), max(a, b)] = obstacle
            return False
        root, other = sorted((root_a, root_b), key=_anchors_first)
        merged = self._members.pop(root_a, [root_a]), self._members.pop(root_b, [root_b])
        small, large = sorted(merged, key=len)
        large.extend(small)
        self._members[root] = large
        self._parents[other] = root
        self.joins.append(reason)
        return True
