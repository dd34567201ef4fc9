"""Tells what is no fault of the work itself: an absent database, a full disk."""

import errno

import psycopg
from psycopg.errors import DiskFull
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_ABSENT = ("08", "53", "57")  # SQLSTATE classes: connection, resources, operator intervention.


def is_outage(error: BaseException) -> bool:
    """Tell an absent database from a wrong statement; bulk COPY raises the driver's errors as they are."""
    if isinstance(error, PoolTimeout):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return False
    state = cause.sqlstate
    if state is None:
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return state[:2] in _ABSENT


def is_full_disk(error: BaseException) -> bool:
    """Tell whether there was no room, for the database or for a file of our own."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, DiskFull) or getattr(cause, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
