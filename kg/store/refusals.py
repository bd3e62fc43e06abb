"""What every store says in the same words."""

from kg.errors import QueryTimeoutError, WriteRefusedError

__all__ = ["one_line", "timed_out", "write_refused"]

_LONGEST_MESSAGE = 500


def one_line(text: str) -> str:
    """Return an engine's message on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"


def write_refused() -> WriteRefusedError:
    """Return the error of a query that would write."""
    return WriteRefusedError("the query would write, and only reading is allowed here (--write)")


def timed_out(limit_s: float) -> QueryTimeoutError:
    """Return the error of a query that ran past its limit."""
    return QueryTimeoutError(
        f"the query took longer than {limit_s:g} s and was stopped; "
        "narrow it, or allow more (--timeout)"
    )
