"""Identifiers of rows: random, and in the order they were made."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """Make a UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits.

    Rows made together lie together in an index, and no one can guess another's id.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | secrets.randbits(12) << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))
