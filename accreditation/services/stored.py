"""Which rows name files of the store: what a backup takes along and what may not be removed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, exists, select, text, union

from accreditation.extensions import db, writing
from accreditation.models import Document, Evidence
from accreditation.services import storage

# Every column whose hash is the name of a file in the store.
NAMING = (Evidence.sha256, Document.sha256)
_NO_NEW_EVIDENCE = text("LOCK TABLE evidence IN SHARE MODE")


def named(connection: Connection) -> list[str]:
    """List the hashes of all files that a database names, each once, in order."""
    chosen = union(*(select(column).where(column.is_not(None)) for column in NAMING))
    return sorted(connection.scalars(chosen))


def remove_unnamed(hashes: Iterable[str]) -> int:
    """Remove those files that no row names any more, equal bytes being kept once for all.

    Called after the commit that deleted their rows; commits, and gives how many were removed.
    No evidence is written meanwhile: whoever takes in equal bytes at this moment comes before, and
    they stay, or after, and is told that the file is gone.
    """
    db.session.rollback()  # SQLite lets no transaction write that began as a reading one
    with writing():
        if db.engine.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            db.session.execute(_NO_NEW_EVIDENCE)
        unnamed = {one for one in hashes if not _is_named(one)}
        for sha256 in unnamed:
            storage.remove(sha256)
        db.session.commit()
    return len(unnamed)


def unnamed_before(moment: datetime) -> list[str]:
    """List the files stored before an instant that no row names: left by a crash in between."""
    known = set(named(db.session.connection()))
    return [one for one in storage.older_than(moment) if one not in known]


def _is_named(sha256: str) -> bool:
    return any(
        db.session.scalar(select(exists().where(column == sha256))) or False for column in NAMING
    )
