"""Doing something whole, with its commits, and undoing all of it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask

from accreditation.extensions import db, writing


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Let every session of this block work within one transaction, which is then rolled back.

    Commits within the block are seen by what follows in it, on SQLite and PostgreSQL alike. No
    application context is open in it: requests would share it, and with it who asks.
    """
    with app.app_context(), writing():
        engine, engines = db.engine, cast("dict[str | None, Any]", db.engines)
        connection = engine.connect()
        outer = connection.begin()
    connection.begin_nested()  # sessions then commit and roll back savepoints of their own
    engines[None] = connection
    try:
        yield
    finally:
        engines[None] = engine
        outer.rollback()
        connection.close()
