"""Writing a file so that whoever looks sees the old one or the new one whole."""

import os
from pathlib import Path

from kg.errors import InputError

__all__ = ["save_text"]


def save_text(text: str, path: Path) -> None:
    """Write a text under its name in one step; a link stays, and what it points to is written.

    Raises
    ------
    InputError
        The folder is missing or cannot be written to.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError.unwritable(path, error) from error
