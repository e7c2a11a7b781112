"""The libraries that need the application, made once; and how a transaction begins."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, event

from accreditation.models.base import Base

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(get_remote_address)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Say that the transactions inside will write.

    SQLite then takes its write lock at the beginning: a transaction that reads first and writes
    later would fail at once when another one wrote meanwhile, however patient its time-out.
    """
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def mark_request(method: str) -> None:
    """Decide by the method of a request whether its transactions will write."""
    _writing.set(method not in {"GET", "HEAD", "OPTIONS"})


def _on_connect(connection: Any, record: object) -> None:  # noqa: ANN401 - a driver's own type
    del record
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL lost acknowledged commits in simulated power cuts
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes without asking the triggers
        "busy_timeout=30000",  # SQLite lets no queue form: of fifty writers one may wait long
    ):
        # nosemgrep: sql-from-values - the words stand above
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine its safe settings; PostgreSQL has them by itself."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


def to_json(value: object) -> str:
    """Write JSON for the database with its text unescaped, so that it can be read there."""
    return json.dumps(value, ensure_ascii=False)
