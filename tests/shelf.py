"""Applications that stand ready: one is made once in a process and lent to test after test.

Making one takes longer than most tests do, and what it has learned (statements, templates) is
worth keeping. Each borrower gets it with nothing of the one before: a database, files, a queue,
limits and figures of its own. One that a test altered is not lent again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import event, make_url

from accreditation import create_app, logs
from accreditation.config import Settings
from accreditation.extensions import db, limiter
from accreditation.jobs import Jobs
from accreditation.services import storage
from accreditation.web.system.metrics import Meter

OF_ONE_TEST = {"data_dir", "database_url"}


class Shelf:
    """The applications that nobody uses just now, with the settings for which each was made."""

    def __init__(self, templates: BytecodeCache) -> None:
        """Begin with none; their templates are compiled once for all."""
        self._templates = templates
        self._idle: list[tuple[dict[str, Any], Flask]] = []

    @contextmanager
    def lent(self, settings: Settings) -> Iterator[Flask]:
        """Lend an application with these settings; its data are in their folder and database."""
        kind = _kind(settings)
        app = self._taken(kind) or self._made(settings)
        with app.app_context():
            _furnish(app, settings)
            before = _state(app)
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
                if _state(app) == before:
                    self._idle.append((kind, app))

    def _taken(self, kind: dict[str, Any]) -> Flask | None:
        for number, (its, app) in enumerate(self._idle):
            if its == kind:
                del self._idle[number]
                return app
        return None

    def _made(self, settings: Settings) -> Flask:
        app = create_app(settings)
        app.testing = True
        app.jinja_env.bytecode_cache = self._templates
        with app.app_context():
            event.listen(db.engine, "do_connect", _connect)
        app.test_client().get("/nowhere")  # makes what Flask makes late, and ends its setup
        app.extensions["limits"] = dict(vars(limiter))
        return app


def _kind(settings: Settings) -> dict[str, Any]:
    """All that an application is made from and keeps."""
    backend = make_url(settings.database).get_backend_name()
    kept = {"backend": backend, "session_key": settings.session_key}
    return settings.model_dump(exclude=OF_ONE_TEST) | kept


def _furnish(app: Flask, settings: Settings) -> None:
    """Give an application everything that belongs to one test alone."""
    logs.configure(settings.log_level)
    app.extensions["settings"] = settings
    app.extensions["store"] = storage.open_store(settings)
    app.extensions["jobs"] = Jobs(app, settings)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    db.engine.url = make_url(settings.database)
    vars(limiter).update(app.extensions["limits"])  # of the application that was made last, else
    limiter.reset()
    meter: Meter = app.extensions["meter"]
    meter.answers.clear()
    meter.seconds.clear()


def _connect(dialect: Any, record: object, arguments: list[Any], named: dict[str, Any]) -> None:
    """Lead every new connection to the database of the test that asks for it."""
    del record
    arguments[:], options = dialect.create_connect_args(db.engine.url)
    named.update(options)


def _state(app: Flask) -> object:
    """Everything hung on an application that a test could leave there, to be compared."""
    pages, heard = app.jinja_env, db.engine.dispatch
    listeners = [list(heard.before_cursor_execute), list(heard.commit)]
    routes = list(app.url_map.iter_rules())
    return _copied([vars(app), pages.globals, pages.filters, pages.tests, routes, listeners])


def _copied(part: object) -> object:
    """Copy dictionaries and lists to their depths; all else is compared as it is."""
    if isinstance(part, dict):
        return {name: _copied(one) for name, one in part.items()}
    return [_copied(one) for one in part] if isinstance(part, list) else part
