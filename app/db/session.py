"""Engines, sessions, and the only place that commits."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pgvector.psycopg import register_vector
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]

_AFTER_COMMIT = "papertree.after_commit"
_log = logging.getLogger(__name__)


def open_engine(database_url: str, *, pool_size: int = 10, statement_timeout_s: float = 0) -> Engine:
    """Open a pool of connections to PostgreSQL.

    Parameters
    ----------
    database_url : str
        ``postgresql://`` URL; psycopg 3 is used.
    pool_size : int
        Connections kept; as many again are opened under load.
    statement_timeout_s : float
        Time limit of one statement; 0 for none.
    """
    options = f"-c statement_timeout={int(statement_timeout_s * 1000)} -c lock_timeout=10000 -c timezone=UTC"
    engine = create_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3, "options": options, "application_name": "papertree"},
    )

    @event.listens_for(engine, "connect")
    def _know_vectors(connection: object, _record: object) -> None:
        register_vector(connection)

    return engine


def open_sessions(engine: Engine) -> Sessions:
    """Make the factory of sessions that services are given."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """Open a session, commit at the end, then do what was put off until after the commit.

    An exception rolls everything back, and nothing that was put off happens.
    """
    with sessions() as session:
        yield session
        session.commit()
        actions: list[Callable[[], None]] = session.info.pop(_AFTER_COMMIT, [])
    for action in actions:
        try:
            action()
        except Exception:  # noqa: BLE001 - The commit stands; the sweep makes up for what failed here.
            _log.exception("an action after a commit failed")


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Put off an action until the transaction is kept; it is dropped when the transaction is not."""
    session.info.setdefault(_AFTER_COMMIT, []).append(action)
