"""Dates and times as text, in every store the same: ISO 8601 as short as it can be said."""

import re
from typing import Any

__all__ = ["iso_text"]

_SECONDS = re.compile(r"(?<=:\d\d):(?P<seconds>\d\d)(?:\.(?P<fraction>\d+))?")


def iso_text(value: Any) -> str:
    """Return a date, time or duration of the driver in ISO form.

    Seconds are left out where they are 0, fractions have 3, 6 or 9 digits, UTC is `Z`, and a zone
    with a name has it in brackets.
    """
    text = re.sub(r"[+-]00:00$", "Z", _SECONDS.sub(_short, value.iso_format()))
    zone = getattr(value, "tzinfo", None)
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    return f"{text}[{name}]" if name and name != "UTC" else text


def _short(found: re.Match[str]) -> str:
    fraction = (found["fraction"] or "").rstrip("0")
    if not fraction:
        return "" if found["seconds"] == "00" else found[0][:3]
    return f":{found['seconds']}.{fraction.ljust(-(-len(fraction) // 3) * 3, '0')}"
