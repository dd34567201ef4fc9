"""Room on the disk: looked for before work that needs it, and told of plainly when it is gone."""

import shutil
from pathlib import Path

from app.errors import UnavailableError

RESERVE_BYTES = 100 * 1024 * 1024
_COPIES = 3  # An uploaded file is spooled, stored with its log, and written out again to be read.


class NoSpace(UnavailableError):
    """The disk that holds the data is full, or soon would be."""

    slug = "no-space"
    title = "The disk is full"


def check_room(directory: Path, size_bytes: int) -> None:
    """Check that a file can be taken in without filling the disk.

    Raises
    ------
    NoSpace
        If it might not.
    """
    free = shutil.disk_usage(directory).free
    needed = RESERVE_BYTES + _COPIES * size_bytes
    if free < needed:
        have, want = free >> 20, needed >> 20
        raise NoSpace(f"{have} MiB are free under the data directory, {want} MiB are needed; free some.")
