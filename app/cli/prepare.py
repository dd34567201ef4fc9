"""Makes a database ready: the newest tables, and a key for this machine's user."""

from pathlib import Path

from app.db.migrate import upgrade
from app.db.session import open_engine, open_sessions, transaction
from app.services.keys import ensure_local_key


def prepare_database(database_url: str, data_directory: Path) -> None:
    """Bring the tables up to date, and have a local key in ``<data directory>/local.key``."""
    upgrade(database_url)
    engine = open_engine(database_url, pool_size=1)
    try:
        with transaction(open_sessions(engine)) as session:
            ensure_local_key(session, data_directory / "local.key")
    finally:
        engine.dispose()
