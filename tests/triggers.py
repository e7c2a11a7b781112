"""Taking away what guards the tables, as somebody with the database in hand would."""

from sqlalchemy import text

from accreditation.extensions import db
from accreditation.models import triggers


def drop(*tables: str) -> None:
    """Drop the triggers of some tables, of all when none is named; a rollback brings them back."""
    dialect = db.engine.dialect.name
    for one in triggers.expected(dialect):
        if not tables or one.table in tables:
            db.session.execute(text(one.dropped(dialect)))
