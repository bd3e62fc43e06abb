"""Ids that come twice: the same record is left out, another one is rejected."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.read.fields import Placed, rejected
from kg.records import Paper, Reason, Record, Rejected
from kg.records_json import paper_to_json, record_to_json, to_line

__all__ = ["Seen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """The ids that were there, each with a digest of its record: some 150 bytes a record."""

    _digests: dict[int, int] = field(default_factory=dict)

    def unique(self, items: Iterable[Placed]) -> Iterator[Paper | Record | Rejected]:
        """Yield what comes for the first time, and a Rejected for another record of the same id."""
        for where, item in items:
            if isinstance(item, Rejected):
                yield item
                continue
            first = self._digests.setdefault(_digest(item.id), content := _content(item))
            if first is content:
                yield item
            elif first != content:
                detail = f"{item.id!r:.80} was there before with another text: ids must be unique"
                yield rejected(Reason.DUPLICATE_ID, where, detail)[1]


def _content(item: Paper | Record) -> int:
    obj = record_to_json(item) if isinstance(item, Record) else paper_to_json(item)
    return _digest(to_line(obj))


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
