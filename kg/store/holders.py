"""Who holds a lock file, as far as the system tells: Linux does, in `/proc/locks`."""

from pathlib import Path

__all__ = ["holder"]

_LOCKS, _PROCESSES = Path("/proc/locks"), Path("/proc")


def holder(inode: int) -> str | None:
    """Return the `kg` command and process that hold a file's lock, or `None` where none is seen."""
    for process in _processes(inode):
        command = _command(process)
        if command is not None:
            return f"`kg {command}` (process {process})"
    return None


def _processes(inode: int) -> list[int]:
    """Return who holds a file, from lines like `7: FLOCK ADVISORY READ 812 fe:00:9978 0 EOF`."""
    try:
        lines = _LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    fields = [line.split() for line in lines]
    return [
        int(words[4])
        for words in fields
        if len(words) > 5 and words[1] == "FLOCK" and words[5].endswith(f":{inode}")
    ]


def _command(process: int) -> str | None:
    """Return which of kg's commands a process runs."""
    try:
        text = (_PROCESSES / str(process) / "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    words = text.split("\0")
    names = ["kg" if word.endswith("/kg/__main__.py") else Path(word).name for word in words]
    after = words[names.index("kg") + 1 :] if "kg" in names else []
    return next((word for word in after if word and not word.startswith("-")), None)
