"""How Alembic runs the migrations of this application."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from accreditation.models.base import Instant


def render_item(kind: str, item: object, autogen_context: object) -> str | Literal[False]:
    """Write our own column types down as plain ones: a migration must not depend on the models."""
    del autogen_context
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, TypeDecorator):
        message = f"say how {item!r} is written down"
        raise TypeError(message)
    return False


def migrate(connection: Connection) -> None:
    """Run what is missing on one connection: all of it, or after an error nothing.

    SQLite rebuilds a table to change it; with foreign keys on, dropping the old one would
    silently delete the rows that point to it. So they are off meanwhile and checked at the end.
    """
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _sqlite(connection, "PRAGMA foreign_keys=OFF")
    try:
        _run(connection)
    finally:
        connection.rollback()
        if sqlite:
            _sqlite(connection, "PRAGMA foreign_keys=ON")


def _run(connection: Connection) -> None:
    options: dict[str, Any] = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        render_item=render_item,
        compare_server_default=True,
        transactional_ddl=True,  # SQLite too, since our transactions begin with BEGIN
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            _require_parents(connection)


def _require_parents(connection: Connection) -> None:
    broken = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
    if broken:
        message = f"rows without their parents after the migration: {broken[:5]}"
        raise RuntimeError(message)


def _sqlite(connection: Connection, pragma: str) -> None:
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.execute(pragma)


with current_app.extensions["migrate"].db.engine.connect() as open_connection:
    migrate(open_connection)
