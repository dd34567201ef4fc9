"""Pages of long lists: a cursor names the last thing seen."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from app.errors import InvalidError

Item = TypeVar("Item")
_MAX_POSITION = 2**63 - 1

LimitQuery = Annotated[int, Query(ge=1, le=200, description="How many to give at most.")]
CursorQuery = Annotated[
    str | None, Query(max_length=64, description="`next_cursor` of the page before; none for the first.")
]


class BadCursor(InvalidError):
    """A cursor that no page gave."""

    slug = "bad-cursor"
    title = "The cursor is not one of ours"


class Page(BaseModel, Generic[Item]):
    """Some of a list; ``next_cursor`` leads to the next page, and is null on the last."""

    model_config = ConfigDict(from_attributes=True)

    items: Sequence[Item]
    next_cursor: str | None = None


def position_after(cursor: str | None, *, start: int = -1) -> int:
    """Read a cursor that is a position."""
    if cursor is None:
        return start
    if cursor.isascii() and cursor.isdecimal() and len(cursor) < 20 and int(cursor) <= _MAX_POSITION:
        return int(cursor)
    raise BadCursor("Give the next_cursor of the page before as it is, or none.")


def id_after(cursor: str | None) -> UUID | None:
    """Read a cursor that is an id."""
    if cursor is None:
        return None
    try:
        return UUID(cursor)
    except ValueError:
        raise BadCursor("Give the next_cursor of the page before as it is, or none.") from None


def next_cursor(items: Sequence[object], limit: int, last: object) -> str | None:
    """Give the cursor to the next page: there is one when this page is full."""
    return str(last) if len(items) == limit else None
