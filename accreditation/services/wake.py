"""Waking the worker after a commit that left it something to do.

The database says what is to be done; the queue only says when. A wake-up that gets lost costs a
minute at most: the worker looks by itself every minute.
"""

import structlog
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from accreditation.extensions import db

log = structlog.get_logger()
_FLAG = "wake_the_worker"


def after_commit() -> None:
    """Wake the worker once the present transaction has been committed."""
    db.session.info[_FLAG] = True


def listen() -> None:
    """Listen to commits and rollbacks of the application's sessions; called once at the start."""
    event.listen(db.session, "after_commit", _wake)
    event.listen(db.session, "after_rollback", _forget)


def _wake(session: Session) -> None:
    if session.info.pop(_FLAG, False):
        try:
            current_app.extensions["jobs"].wake()
        except Exception as error:  # noqa: BLE001 - what was committed stays committed, whatever the queue says
            log.warning("queue_unreachable", error=type(error).__name__)


def _forget(session: Session) -> None:
    session.info.pop(_FLAG, None)
