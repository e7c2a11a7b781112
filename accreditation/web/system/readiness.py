"""Whether the parts answer: database and its tables, storage, queue, and the replica if set."""

from functools import cache

import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from accreditation.config import PACKAGE
from accreditation.extensions import db
from accreditation.services import storage
from accreditation.services.replica import Replica

log = structlog.get_logger()

SPARE = frozenset({"replica"})  # parts without which the work goes on


def of_parts() -> dict[str, bool]:
    """Ask each part; what fails is logged by its name."""
    parts = {
        "database": _database_answers(),
        "tables": _tables_fit(),
        "storage": storage.is_ready(),
        "queue": current_app.extensions["jobs"].is_ready(),
    }
    replica: Replica | None = current_app.extensions["replica"]
    if replica is not None:
        parts["replica"] = replica.is_fresh()
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


def _tables_fit() -> bool:
    """Ask whether the database was migrated to where this code is, not less and not further."""
    try:
        found = MigrationContext.configure(db.session.connection()).get_current_heads()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    fits = found == _revision()
    if not fits:  # `init` migrates an older one
        log.error("database_revision", database=found, code=_revision())
    return fits


@cache
def _revision() -> tuple[str, ...]:
    """Read the revision that this code is written for; once, for its files do not change."""
    return tuple(ScriptDirectory(str(PACKAGE / "migrations")).get_heads())
