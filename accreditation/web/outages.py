"""What to answer while something below is away or full: a page that needs nothing of it.

Such a page stands alone, in both languages, and gives back what was typed, to be sent again: forms
that do something carry a key, so that a second time does nothing twice.
"""

import errno

import structlog
from flask import Flask, Response, current_app, make_response
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    TimeoutError,  # noqa: A004 - of the pool of connections
)

from accreditation.extensions import db
from accreditation.web import headers, resend

log = structlog.get_logger()

FAULT, BUSY, NO_ROOM = 500, 503, 507
PAUSE = 30  # seconds before another try
LONG_PAUSE = 300  # while a disk is full, which somebody has to see to
FULL = {errno.ENOSPC, errno.EDQUOT}
_SQLITE_FULL, _POSTGRESQL_FULL = 13, "53100"


def answer(error: BaseException | None) -> Response | None:
    """Answer for what is away or full; None when the error says nothing of the kind."""
    if _is_full(error):
        return _told("disk_full", error, NO_ROOM, LONG_PAUSE)
    if is_away(error):
        return _told("database_unavailable", error, BUSY, PAUSE)
    return None


def is_away(error: BaseException | None) -> bool:
    """Say whether the database could not be asked, or let nobody in."""
    return isinstance(error, OperationalError | InterfaceError | TimeoutError) or _is_cut(error)


def alone(status: int) -> tuple[str, int]:
    """Render a page that needs no database, not even to know who asks and in which language."""
    db.session.rollback()
    name = status if status in {BUSY, NO_ROOM} else FAULT
    template = current_app.jinja_env.get_template(f"errors/{name}.html")
    page = template.render(request_id=headers.request_id(), **resend.again())
    return page, status


def _told(event: str, error: BaseException | None, status: int, pause: int) -> Response:
    said = getattr(error, "orig", None) or error  # the driver's own, without statement and values
    problem = next(iter(str(said).splitlines()), "")
    log.error(event, error=type(said).__name__, problem=problem, request=headers.request_id())
    response = make_response(alone(status))
    response.headers["Retry-After"] = str(pause)
    return response


def _is_full(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    said = getattr(error, "orig", None)
    code = getattr(said, "sqlite_errorcode", None)
    return code == _SQLITE_FULL or getattr(said, "sqlstate", None) == _POSTGRESQL_FULL


def _is_cut(error: BaseException | None) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def register(app: Flask) -> None:
    """Let the answer go out although the database went away after it was made."""

    @app.teardown_appcontext
    def let_go(error: BaseException | None) -> None:
        # The library removes the session after this; on a dead connection that would fail, and take
        # the answer with it.
        del error
        try:
            db.session.remove()
        except DBAPIError as lost:
            log.warning("database_unavailable", error=type(lost.orig).__name__)
            db.session().invalidate()
