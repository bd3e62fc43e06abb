"""What makes an object no record: the schema's complaint, and what a schema cannot say."""

import json
from collections.abc import Mapping
from typing import Any

from kg.errors import InputError
from kg.records import PAPER, Reason, Record, Relation, Result
from kg.schema import schema_file

__all__ = ["RecordError", "check_ends", "check_places", "complaint"]

_SCHEMA = "record.schema.json"


class RecordError(InputError):
    """An object that is no record; `reason` and `detail` are those of a `Rejected`."""

    def __init__(self, reason: Reason, where: str, detail: str) -> None:
        super().__init__(f"{where}: {detail}")
        self.reason = reason
        self.where = where
        self.detail = detail


def check_ends(record: Record, where: str) -> None:
    """Raise RecordError where a relation or a result names what is no entity of the record."""
    ids = [entity.id for entity in record.entities]
    known = set(ids)
    if len(known) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise RecordError(Reason.BAD_REFERENCE, where, f"two entities have the id {twice!r}")
    ends = [(end, "relation") for r in record.relations for end in (r.head, r.tail)]
    for result in record.results:
        named = (result.system, result.benchmark, result.metric)
        ends += [(end, "result") for end in named if end is not None]
    for end, what in ends:
        if end not in known and end != PAPER:
            detail = f"a {what} names {end!r}, which is no entity of the record"
            raise RecordError(Reason.BAD_REFERENCE, where, detail)


def check_places(record: Record, where: str) -> None:
    """Raise RecordError where a span is no mention, or evidence lies outside the text."""
    text = record.paper.text
    for entity in record.entities:
        for start, end in entity.spans:
            if text[start:end] not in entity.mentions or end > len(text):
                detail = f"span [{start}, {end}] of {entity.name!r} is {text[start:end]!r:.80}"
                raise RecordError(Reason.BAD_FIELD, where, f"{detail}, which is no mention of it")
    facts: list[Relation | Result] = [*record.relations, *record.results]
    for fact in facts:
        start, end = fact.start or 0, fact.end if fact.end is not None else len(text)
        if not start <= end <= len(text):
            detail = f"evidence at [{fact.start}, {fact.end}] of a text of {len(text)} characters"
            raise RecordError(Reason.BAD_FIELD, where, detail)


def complaint(obj: Mapping[str, Any], err: Exception) -> str:
    """Return what the schema says against `obj`, or `err` where it says nothing."""
    from jsonschema import Draft202012Validator  # 0.3 s, for a bad record alone
    from jsonschema.exceptions import best_match

    schema = json.loads(schema_file(_SCHEMA).read_text(encoding="utf-8"))
    found = best_match(Draft202012Validator(schema).iter_errors(obj))
    if found is None:
        return f"{err}"
    path = "/".join(str(part) for part in found.absolute_path)
    return f"{path or 'record'}: {found.message:.200} (schemas/{_SCHEMA})"
