"""Records as `kg extract` prints them, and annotations joined with their text."""

from kg.read.fields import Fields, Placed, rejected
from kg.records_json import RecordError, record_from_json

__all__ = ["convert", "matches"]


def matches(obj: Fields) -> bool:
    """Tell whether an object is a record: it lists entities."""
    return isinstance(obj.get("entities"), list)


def convert(obj: Fields, where: str) -> Placed:
    """Return the record that an object holds."""
    try:
        return where, record_from_json(dict(obj), where)
    except RecordError as err:
        return rejected(err.reason, where, err.detail)
