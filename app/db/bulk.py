"""Many rows at once: COPY, into a table or into a staging table for an INSERT ... SELECT to take from."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy.orm import Session


def driver_connection(session: Session) -> psycopg.Connection[Any]:
    """Give the psycopg connection of a session's transaction."""
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)


def copy_rows(
    session: Session, table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]
) -> None:
    """Append rows to a table.

    Parameters
    ----------
    session : Session
        The transaction to work in.
    table : str
        Its name.
    columns : sequence of (name, type)
        The columns that are filled, with their PostgreSQL types.
    rows : iterable of sequences
        Values in the order of the columns.
    """
    names = sql.SQL(", ").join(sql.Identifier(column) for column, _ in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table), names)
    with driver_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types([kind for _, kind in columns])
        for row in rows:
            copy.write_row(row)


def copy_to_staging(
    session: Session, table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]
) -> None:
    """Fill a temporary table that is emptied when the transaction ends.

    Parameters
    ----------
    session : Session
        The transaction to work in.
    table : str
        Name of the temporary table; made when this connection does not have it.
    columns : sequence of (name, type)
        Its columns, with their PostgreSQL types.
    rows : iterable of sequences
        Values in the order of the columns.
    """
    connection = driver_connection(session)
    name = sql.Identifier(table)
    definitions = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(cast("Any", kind)))
        for column, kind in columns
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE IF NOT EXISTS {} ({}) ON COMMIT DELETE ROWS").format(
                name, definitions
            )
        )
        cursor.execute(sql.SQL("TRUNCATE {}").format(name))
    copy_rows(session, table, columns, rows)
