"""Brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, make_url, pool, text
from sqlalchemy.exc import ArgumentError, OperationalError

from app.errors import UnavailableError

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_LOCK = 0x7061_7065_7274_7265  # "papertre", for pg_advisory_xact_lock.


class DatabaseUnusable(UnavailableError):
    """The database that was named cannot be worked with."""

    slug = "database-unusable"
    title = "The database cannot be used"


def alembic_config() -> Config:
    """Give Alembic's configuration, the same wherever the package is installed."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(database_url: str) -> None:
    """Run the migrations that are due, all or none, one process at a time.

    Parameters
    ----------
    database_url : str
        The database; its role must own the schema.

    Raises
    ------
    DatabaseUnusable
        If it is no PostgreSQL, or nobody answers there.
    """
    config = alembic_config()
    with _connect(database_url) as connection, connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _connect(database_url: str) -> Connection:
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise DatabaseUnusable("DATABASE_URL is not a URL such as postgresql://user@host/name.") from None
    if url.get_backend_name() != "postgresql":
        raise DatabaseUnusable(f"DATABASE_URL names {url.get_backend_name()}; only postgresql:// is used.")
    try:
        return create_engine(url, poolclass=pool.NullPool, connect_args={"connect_timeout": 5}).connect()
    except OperationalError as error:
        where = f"{url.host or 'the local socket'}:{url.port or 5432}"
        reason = str(error.orig).splitlines()[0]
        raise DatabaseUnusable(f"No connection to PostgreSQL at {where}: {reason}") from None
