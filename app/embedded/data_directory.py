"""The data directory: makes it, checks it, and holds it for one supervisor at a time."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.embedded.process import read_pid, try_lock
from app.embedded.server_user import User, first_closed, server_user
from app.errors import ConflictError, InvalidError, UnavailableError

LOCK_NAME = "papertree.lock"
MINIMUM_FREE_BYTES = 200 * 1024 * 1024
LOCK_PATIENCE_S = 1.0
PRIVATE = 0o700
ENTERABLE = 0o711  # As root: the servers' user has to reach its own subdirectories, and may list nothing.


class DataDirectoryUnusable(UnavailableError):
    """The data directory cannot be made or written."""

    slug = "data-directory-unusable"
    title = "The data directory cannot be used"


class DataDirectoryFull(UnavailableError):
    """Too little space is left where the data directory lies."""

    slug = "data-directory-full"
    title = "The data directory is full"


class DataDirectoryInUse(ConflictError):
    """Another supervisor holds the data directory."""

    slug = "data-directory-in-use"
    title = "Another papertree uses this data directory"


class DataDirectoryClosed(InvalidError):
    """The user that the servers run as has no right to enter the data directory."""

    slug = "data-directory-closed"
    title = "The servers' user cannot enter the data directory"


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A data directory that is ours until it is let go.

    ``user`` is who the servers run as; None: as who we are.
    """

    root: Path
    user: User | None

    @property
    def logs(self) -> Path:
        """Where the children's logs are."""
        return self.root / "logs"

    @property
    def locks(self) -> Path:
        """Where the files are that each server keeps locked while it runs."""
        return self.root / "locks"

    @property
    def programs(self) -> Path:
        """Where programs are copied to that the servers' user cannot reach."""
        return self.root / "programs"

    def server_directory(self, name: str) -> Path:
        """Make a subdirectory that only the servers' user can enter, or check the one there is.

        Raises
        ------
        DataDirectoryClosed
            If that user has no right to enter a directory on the way. Its mode is not ours to change.
        DataDirectoryUnusable
            If it belongs to somebody else.
        """
        if self.user is not None and (closed := first_closed(self.root, self.user)):
            raise DataDirectoryClosed(
                f"PostgreSQL cannot run as root, and the user it runs as instead ({self.user.name}) may not "
                f"enter {closed}. Let others enter it (chmod o+x {closed}), or set PAPERTREE_DATA to "
                "a directory outside of it, such as /var/lib/papertree."
            )
        path = self.root / name
        path.mkdir(PRIVATE, exist_ok=True)
        if self.user is not None:
            os.chown(path, self.user.uid, self.user.gid)
        elif path.stat().st_uid != os.geteuid():
            raise DataDirectoryUnusable(
                f"{path} belongs to another user (uid {path.stat().st_uid}). Start papertree as that user, "
                "or set PAPERTREE_DATA to another directory."
            )
        return path


@contextmanager
def open_data_directory(path: Path) -> Iterator[DataDirectory]:
    """Hold the data directory while the context lasts; it is made when there is none.

    A directory made here is closed to other users, and an existing one keeps its mode: what is private
    in it has a mode of its own.

    Raises
    ------
    DataDirectoryUnusable
        If it is no directory, or cannot be made or written.
    DataDirectoryFull
        If less than 200 MB are free.
    DataDirectoryInUse
        If another supervisor holds it.
    """
    with plainly_told(path):
        _make_directory(path)
        lock = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with plainly_told(path):
            _hold(lock, path)
            _check_space(path)
            root = path.resolve()
            data = DataDirectory(root, server_user(root / "postgres" / "cluster", root / "valkey"))
            for directory in (data.logs, data.locks):
                directory.mkdir(PRIVATE, exist_ok=True)
        yield data
    finally:
        os.close(lock)


def _make_directory(path: Path) -> None:
    missing = [step for step in (path, *path.parents) if not step.exists()]
    is_root = os.geteuid() == 0
    for step in reversed(missing):
        step.mkdir(exist_ok=True)
        if (
            is_root or step == path
        ):  # Whatever our umask says: below it, others would stand before a closed door.
            step.chmod(0o755 if step != path else ENTERABLE if is_root else PRIVATE)


def _hold(lock: int, path: Path) -> None:
    # Whoever looks for a running server takes the lock for a moment, and a killed supervisor leaves it late.
    deadline = time.monotonic() + LOCK_PATIENCE_S
    while not try_lock(lock):
        if time.monotonic() > deadline:
            raise DataDirectoryInUse(
                f"Another papertree (process {read_pid(lock)}) already works on {path}. "
                "Use or stop that one, or set PAPERTREE_DATA to another directory."
            )
        time.sleep(0.05)
    os.pwrite(lock, f"{os.getpid():<20}".encode(), 0)
    os.fsync(lock)


def _check_space(path: Path) -> None:
    free_bytes = shutil.disk_usage(path).free
    if free_bytes < MINIMUM_FREE_BYTES:
        raise DataDirectoryFull(
            f"Only {free_bytes / 1e6:.0f} MB are free where {path} lies, and at least "
            f"{MINIMUM_FREE_BYTES / 1e6:.0f} MB are needed. Make room there, or set PAPERTREE_DATA "
            "to a directory on a larger disk."
        )


@contextmanager
def plainly_told(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses within the context into a problem about the data directory.

    Raises
    ------
    DataDirectoryFull
        For want of space.
    DataDirectoryUnusable
        For any other reason.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataDirectoryFull(
                f"No space is left where {path} lies. Make room, or set PAPERTREE_DATA to a larger disk."
            ) from problem
        raise DataDirectoryUnusable(
            f"{path} cannot be used as the data directory ({problem.strerror}: {problem.filename or path}). "
            "Set PAPERTREE_DATA to a directory that you can write to."
        ) from problem
