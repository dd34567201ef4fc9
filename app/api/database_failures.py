"""What clients are told when the database or the disk refuses: the last resort behind our own checks."""

import errno
from typing import NamedTuple

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Failure(NamedTuple):
    """How a failure of the database is answered."""

    status: int
    slug: str
    title: str
    detail: str


UNSTORABLE = Failure(
    422,
    "value-not-storable",
    "A value cannot be stored",
    "A text holds a character that cannot be kept (NUL, a lone surrogate), or a number is too large.",
)
CONCURRENT_CHANGE = Failure(
    409,
    "concurrent-change",
    "The data changed meanwhile",
    "Another request changed the same data at the same time. Read it again, then repeat the request.",
)
BUSY = Failure(
    503,
    "database-busy",
    "The database is busy",
    "The request took too long or collided with another one, and was undone. Repeat it shortly.",
)
UNAVAILABLE = Failure(
    503,
    "database-unavailable",
    "The database cannot be reached",
    "Nothing of the request was kept unless it was answered before. Repeat it shortly.",
)
DISK_FULL = Failure(
    507,
    "disk-full",
    "The server has no space left",
    "Nothing of the request was kept. Free space on the server's data disk, then repeat it.",
)

_BUSY = (
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.SerializationFailure,
    errors.DeadlockDetected,
)
_UNSTORABLE = (
    psycopg.DataError,
    errors.ProgramLimitExceeded,
    errors.StatementTooComplex,
    errors.CheckViolation,
    errors.NotNullViolation,
)
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def find_failure(error: BaseException | None) -> Failure | None:
    """Say how an error of the database, its driver or the disk is answered.

    Parameters
    ----------
    error : BaseException or None
        As SQLAlchemy, psycopg or the operating system raised it.

    Returns
    -------
    Failure or None
        None when the error is none of these, or a defect of ours (a wrong statement).
    """
    if isinstance(error, PoolTimeout):
        return UNAVAILABLE
    if isinstance(error, OSError) and error.errno in _NO_SPACE:
        return DISK_FULL
    if isinstance(error, UnicodeEncodeError) and "surrogates" in error.reason:
        return UNSTORABLE
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return UNAVAILABLE
        return find_failure(error.orig)
    return _of_driver(error) if isinstance(error, psycopg.Error) else None


def _of_driver(error: psycopg.Error) -> Failure | None:
    if isinstance(error, errors.DiskFull):
        return DISK_FULL
    if isinstance(error, _BUSY):
        return BUSY
    if isinstance(error, _UNSTORABLE):
        return UNSTORABLE
    if isinstance(error, psycopg.IntegrityError):
        return CONCURRENT_CHANGE
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return UNAVAILABLE
    return None
