"""Turns: of several workers one does a thing, and the others leave it to that one."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accreditation.extensions import db

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended(:thing, 0))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtextextended(:thing, 0))")


@contextmanager
def taken(thing: str) -> Iterator[bool]:
    """Say whether this worker has the turn at a thing; it ends with the block.

    PostgreSQL keeps the turn with a connection, so that a worker that is killed holds nothing up.
    On SQLite, where one worker belongs to one machine, everybody has it: what workers do is safe to
    do twice.
    """
    if db.engine.dialect.name != "postgresql":
        yield True
        return
    # The lock is the connection's, not a transaction's: none stays open meanwhile.
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = connection.scalar(_TAKE, {"thing": thing}) or False
        try:
            yield mine
        finally:
            if mine:
                with suppress(DBAPIError):  # the connection broke, and the turn with it
                    connection.execute(_GIVE_BACK, {"thing": thing})
