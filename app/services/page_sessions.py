"""Sessions of web pages: a browser shows a key once, and a token stands for it from then on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.db.page_tables import PageSessionRow
from app.db.tables import ApiKeyRow
from app.services.keys import digest

TOKEN_PREFIX = "ps_"  # noqa: S105 - How tokens begin; none of them.
LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PageSession:
    """A session that was begun; the token is known here and in the browser only."""

    token: str
    expires_at: datetime


def begin_session(session: Session, *, key_id: UUID) -> PageSession:
    """Begin a session that ends after `LIFETIME`; sessions of the key that have expired are forgotten."""
    now = func.clock_timestamp()
    session.execute(
        delete(PageSessionRow).where(PageSessionRow.key_id == key_id, PageSessionRow.expires_at <= now)
    )
    token = TOKEN_PREFIX + token_urlsafe(32)
    row = PageSessionRow(key_id=key_id, token_sha256=digest(token), expires_at=now + LIFETIME)
    session.add(row)
    session.flush()
    session.refresh(row)
    return PageSession(token, row.expires_at)


def find_session(session: Session, token_sha256: bytes) -> tuple[PageSessionRow, ApiKeyRow] | None:
    """Find a session that has not expired and whose key has not been revoked, with the key."""
    found = session.execute(
        select(PageSessionRow, ApiKeyRow)
        .join(ApiKeyRow, ApiKeyRow.id == PageSessionRow.key_id)
        .where(
            PageSessionRow.token_sha256 == token_sha256,
            PageSessionRow.expires_at > func.clock_timestamp(),
            ApiKeyRow.revoked_at.is_(None),
        )
    ).first()
    return None if found is None else (found[0], found[1])


def end_session(session: Session, session_id: UUID) -> None:
    """End a session at once; one that is not there has ended already."""
    session.execute(delete(PageSessionRow).where(PageSessionRow.id == session_id))
