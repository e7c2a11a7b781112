"""Whether the parts that the work needs answer: database, storage, queue."""

import structlog
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from accreditation.extensions import db
from accreditation.services import storage

log = structlog.get_logger()


def of_parts() -> dict[str, bool]:
    """Ask each part; what fails is logged by its name."""
    parts = {
        "database": _database_answers(),
        "storage": storage.is_ready(),
        "queue": current_app.extensions["jobs"].is_ready(),
    }
    failed = [name for name, is_ready in parts.items() if not is_ready]
    if failed:
        log.error("not_ready", parts=failed)
    return parts


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
