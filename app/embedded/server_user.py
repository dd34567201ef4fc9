"""Who the embedded servers run as: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

OVERFLOW_ID = 65534  # What Linux calls nobody, also where no file names it.


@dataclass(frozen=True, slots=True)
class User:
    """An existing unprivileged user."""

    name: str
    uid: int
    gid: int


def server_user(*owned: Path) -> User | None:
    """Choose who PostgreSQL and Valkey run as.

    Parameters
    ----------
    *owned : Path
        What an earlier run may have made. Its owner is kept, since PostgreSQL takes no other.

    Returns
    -------
    User or None
        None: as who we are. As root: the owner of what there is, else ``postgres``, else ``nobody``.
    """
    if os.geteuid() != 0:
        return None
    for path in owned:
        if path.exists() and path.stat().st_uid != 0:
            return User(str(path.stat().st_uid), path.stat().st_uid, path.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(name, entry.pw_uid, entry.pw_gid)
    return User(str(OVERFLOW_ID), OVERFLOW_ID, OVERFLOW_ID)


def is_named(user: User | None) -> bool:
    """Whether the user, or who we are, has an entry in the passwd database."""
    try:
        pwd.getpwuid(os.geteuid() if user is None else user.uid)
    except KeyError:
        return False
    return True


def first_closed(path: Path, user: User) -> Path | None:
    """Find what on the way to a path, itself included, a user has no right to enter or execute."""
    resolved = path.resolve()
    for step in (*reversed(resolved.parents), resolved):
        status = step.stat()
        if status.st_uid == user.uid:
            right = stat.S_IXUSR
        elif status.st_gid == user.gid:
            right = stat.S_IXGRP
        else:
            right = stat.S_IXOTH
        if not status.st_mode & right:
            return step
    return None
