"""The closure of a family: all that is a kind of something."""

from collections.abc import Iterable

from kg.store.base import Store

__all__ = ["family_members"]

_KINDS_OF = """UNWIND $ids AS id
MATCH (x:Entity {id: id})<-[:IS_A]-(member:Entity)
RETURN DISTINCT member.id"""


def family_members(store: Store, ids: Iterable[str]) -> list[str]:
    """Return the ids, and those of all that is a kind of them at any distance, sorted."""
    found = set(ids)
    front = sorted(found)
    while front:
        below = {row[0] for row in store.query(_KINDS_OF, {"ids": front}).rows}
        front = sorted(below - found)
        found.update(front)
    return sorted(found)
