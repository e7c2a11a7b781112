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
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, event

from accreditation import sqlite
from accreditation.models.base import Base

_source: ContextVar[Engine | None] = ContextVar("source", default=None)


class Routed(Session):
    """A session that asks another database than the first where `read_from` said so."""

    def get_bind(
        self,
        mapper: Any = None,  # noqa: ANN401 - as the library has it
        clause: Any = None,  # noqa: ANN401 - as the library has it
        bind: Engine | Connection | None = None,
        **given: Any,  # noqa: ANN401 - as the library has it
    ) -> Engine | Connection:
        """Give the database to ask."""
        return _source.get() or super().get_bind(mapper, clause, bind, **given)


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": Routed})
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(get_remote_address)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Say that the transactions inside will write (`sqlite.begin`)."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def mark_request(method: str) -> None:
    """Decide by the method of a request whether its transactions will write."""
    _writing.set(method not in {"GET", "HEAD", "OPTIONS"})


def read_from(engine: Engine | None) -> None:
    """Let the rest of this request ask a replica; None: the database itself."""
    _source.set(engine)


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine its safe settings; PostgreSQL has them by itself."""
    if engine.dialect.name != "sqlite":
        return
    turns = sqlite.Turns()
    event.listen(engine, "connect", sqlite.configure)
    event.listen(engine, "begin", lambda held: sqlite.begin(held, turns, writes=_writing.get()))
    event.listen(engine, "checkin", lambda _held, record: turns.give_up(record.info))


def to_json(value: object) -> str:
    """Write JSON for the database, its text unescaped, so that it can be read there; no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
