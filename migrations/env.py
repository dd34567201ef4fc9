"""Runs migrations on the connection it is given, or on DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine, pool

import app.db.correction_tables
import app.db.llm_tables
import app.db.page_tables
import app.db.score_tables  # noqa: F401 - Its tables become known to Base.
from app.db.tables import Base


def migrate(connection: Connection) -> None:
    """Run what is due, in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.execute("SET LOCAL lock_timeout = '10s'")
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        migrate(connection)
        connection.commit()
