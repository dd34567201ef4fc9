"""Brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool, text

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_LOCK = 0x7061_7065_7274_7265  # "papertre", for pg_advisory_xact_lock.


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
    """
    config = alembic_config()
    engine = create_engine(database_url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
