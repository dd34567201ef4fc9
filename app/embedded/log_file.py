"""The log files of the children: appended to, kept small, quoted in problems."""

import os
from pathlib import Path

SIZE_LIMIT_BYTES = 8 * 1024 * 1024
KEPT_BYTES = 1024 * 1024
QUOTED_BYTES = 4096
QUOTED_LINES = 6


def open_log(path: Path) -> int:
    """Open a log for appending, readable by us only, and give its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def log_size(path: Path) -> int:
    """Size in bytes; 0 when there is none yet."""
    return path.stat().st_size if path.exists() else 0


def shorten_log(path: Path) -> None:
    """Move the end of a log that has grown past the limit to ``<name>.1`` and empty it.

    It is emptied in place: children append, so they go on writing at its new end.
    """
    if log_size(path) <= SIZE_LIMIT_BYTES:
        return
    path.with_name(path.name + ".1").write_bytes(_end_of(path, KEPT_BYTES))
    os.truncate(path, 0)


def last_lines(path: Path, since: int = 0) -> str:
    """Quote the last few lines written after a position in bytes; empty when there are none."""
    size_bytes = min(QUOTED_BYTES, max(0, log_size(path) - since))
    lines = _end_of(path, size_bytes).decode(errors="replace").strip().splitlines() if size_bytes else []
    return "\n".join(lines[-QUOTED_LINES:])


def _end_of(path: Path, size_bytes: int) -> bytes:
    with path.open("rb") as log:
        log.seek(max(0, log_size(path) - size_bytes))
        return log.read(size_bytes)
