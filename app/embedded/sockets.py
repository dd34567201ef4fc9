"""Where the servers' unix sockets are: a path to one may have little more than a hundred bytes."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.embedded.data_directory import PRIVATE, DataDirectory
from app.embedded.server_user import User, first_closed
from app.errors import UnavailableError

PATH_LIMIT_BYTES = 107 if sys.platform == "linux" else 103  # sockaddr_un.sun_path, less its last NUL.
LONGEST_NAME = ".s.PGSQL.5432"
RECORD_NAME = "socket-directory"


class NoSocketDirectory(UnavailableError):
    """No private directory with a short enough path can be made."""

    slug = "no-socket-directory"
    title = "There is no place for the servers' sockets"


def socket_directory(data: DataDirectory) -> Path:
    """Make a directory for sockets that only the servers' user can enter.

    It lies in the data directory when its path is short enough; else under ``XDG_RUNTIME_DIR`` or the
    directory for temporary files, and ``socket-directory`` in the data directory says where, so that a run
    after a crash takes the same one.

    Raises
    ------
    NoSocketDirectory
        If there is no such place.
    """
    if is_usable_path(data.root / "sockets"):
        return data.server_directory("sockets")
    record = data.root / RECORD_NAME
    if record.exists() and _is_private(recorded := Path(os.fsdecode(record.read_bytes())), data.user):
        return recorded
    made = _make_short_directory(data.user)
    record.write_bytes(os.fsencode(made))
    return made


def remove_socket_directory(data: DataDirectory) -> None:
    """Remove the directory if it lies outside the data directory; the servers must have stopped."""
    record = data.root / RECORD_NAME
    if record.exists():
        with suppress(OSError):
            Path(os.fsdecode(record.read_bytes())).rmdir()
        record.unlink()


def is_usable_path(directory: Path) -> bool:
    """Whether every server and client takes a socket there: it is short, and has no comma.

    PostgreSQL's clients take a comma for the end of a host.
    """
    return len(os.fsencode(directory / LONGEST_NAME)) <= PATH_LIMIT_BYTES and not set(',"\n') & set(
        str(directory)
    )


def _is_private(directory: Path, user: User | None) -> bool:
    try:
        status = directory.lstat()
    except OSError:
        return False
    owner = os.geteuid() if user is None else user.uid
    return stat.S_ISDIR(status.st_mode) and status.st_uid == owner and stat.S_IMODE(status.st_mode) == PRIVATE


def _make_short_directory(user: User | None) -> Path:
    for base in _bases():
        if not is_usable_path(base / "papertree-01234567") or not base.is_dir():
            continue
        if user is not None and first_closed(base, user):
            continue
        try:
            made = Path(tempfile.mkdtemp(prefix="papertree-", dir=base))
        except OSError:
            continue
        if user is not None:
            os.chown(made, user.uid, user.gid)
        return made
    raise NoSocketDirectory(
        "The path of the data directory is too long for unix sockets, and no short directory can be written "
        "instead. Set PAPERTREE_DATA to a shorter path, or TMPDIR to a short directory that you can write to."
    )


def _bases() -> Iterator[Path]:
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime)
    try:
        yield Path(tempfile.gettempdir())
    except OSError:
        return
    yield Path("/tmp")  # noqa: S108  A long TMPDIR is no reason to fail; mkdtemp makes a private directory.
