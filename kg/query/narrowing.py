"""What narrows an answer or a picture: years, support, confidence."""

import re
from dataclasses import dataclass

from kg.errors import InputError

__all__ = ["Narrowing", "parse_years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which facts count: papers of these years, stated by so many papers, with such confidence."""

    year_from: int | None = None
    year_to: int | None = None
    min_support: int = 1
    min_confidence: float = 0.0

    def parameters(self) -> dict[str, int | float | None]:
        """Return the parameters of the named questions."""
        return {
            "year_from": self.year_from,
            "year_to": self.year_to,
            "min_support": self.min_support,
            "min_confidence": self.min_confidence,
        }

    def holds_year(self, year: int | None) -> bool:
        """Tell whether a paper of this year counts; one without a year does where all do."""
        first, last = self.year_from, self.year_to
        if year is None:
            return first is None and last is None
        return (first is None or year >= first) and (last is None or year <= last)


def parse_years(text: str | None) -> tuple[int | None, int | None]:
    """Return the first and the last year of "2023", "2020-2023", "2020-" or "-2023".

    Raises
    ------
    InputError
        The text is none of these, or ends before it begins.
    """
    if text is None:
        return None, None
    found = re.fullmatch(r"\s*(\d{4})?\s*(-)?\s*(\d{4})?\s*", text)
    if found is None or not (found[1] or found[3]):
        message = f"--year {text!r}: write a year (2023) or a range (2020-2023, 2020-, -2023)"
        raise InputError(message)
    first = int(found[1]) if found[1] else None
    last = int(found[3]) if found[3] else None
    if found[2] is None:
        last = first
    if first is not None and last is not None and first > last:
        message = f"--year {text!r}: the range ends before it begins"
        raise InputError(message)
    return first, last
