"""The database's part of a backup: a copy of one moment, and putting it back.

SQLite copies itself in one go while others write (VACUUM INTO); copying the file, or page by page,
would tear or starve. PostgreSQL's own tools do it, on the snapshot of which the facts are told.
"""

import os
import subprocess
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, inspect, select, table, text

from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import HistoryHead
from accreditation.services import stored
from accreditation.services.backup.archive import Facts
from accreditation.services.backup.envelope import BadBackupError
from accreditation.services.history import GENESIS


class ToolError(Exception):
    """A tool of the database failed; the text is what it said."""


def kind() -> str:
    """Name the kind of database: sqlite or postgresql."""
    return db.engine.dialect.name


def folder(settings: Settings) -> Path:
    """Give the folder in which a copy may lie for a while: on the database's own disk."""
    return sqlite_path().parent if kind() == "sqlite" else settings.data_dir


def sqlite_path() -> Path:
    """Give the path of the SQLite database."""
    return Path(str(db.engine.url.database)).absolute()


def copy(to: Path) -> Facts:
    """Copy the database as it is at one moment into a file; tell what the copy holds."""
    if kind() == "sqlite":
        with db.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("VACUUM INTO ?", (str(to),))
        return facts_of_sqlite(to)
    repeatable = db.engine.execution_options(isolation_level="REPEATABLE READ")
    with repeatable.connect() as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}")
        return facts(connection)


def facts_of_sqlite(path: Path) -> Facts:
    """Tell what a copy of a SQLite database holds; BadBackupError when it is torn."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise BadBackupError("the copy of the database is torn")
            return facts(connection)
    finally:
        engine.dispose()


def facts(connection: Connection) -> Facts:
    """Tell what the database of a connection holds."""
    tables = sorted(inspect(connection).get_table_names())
    head = connection.execute(select(HistoryHead.sequence, HistoryHead.hash)).first()
    sequence, last = tuple(head) if head else (0, GENESIS)
    return Facts(
        schema_revision=connection.scalar(text("SELECT version_num FROM alembic_version")) or "",
        rows={one: _count(connection, one) for one in tables},
        sequence=sequence,
        hash=last,
        files=stored.named(connection),
    )


def is_empty() -> bool:
    """Say whether the database has no tables yet."""
    if kind() == "sqlite" and not sqlite_path().exists():
        return True
    with db.engine.connect() as connection:
        return not inspect(connection).get_table_names()


def load(copied: Path) -> None:
    """Put a copy in the empty database's place."""
    db.session.remove()
    db.engine.dispose()
    if kind() == "sqlite":
        path = sqlite_path()
        for left in (f"{path}-wal", f"{path}-shm"):
            Path(left).unlink(missing_ok=True)
        flush(copied)
        copied.replace(path)
        flush(path.parent)
    else:
        _run("pg_restore", "--single-transaction", "--exit-on-error", str(copied), into=True)


def flush(place: Path) -> None:
    """Flush a file or a folder to the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(table(name))) or 0


def _run(tool: str, *arguments: str, into: bool = False) -> None:
    """Run a tool of PostgreSQL on our database; the password is not seen on its command line."""
    url = db.engine.url
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    address = url.set(drivername="postgresql", password=None).render_as_string()
    target = f"--dbname={address}"
    command = [tool, "--no-owner", "--no-privileges", "--no-password", target, *arguments]
    try:
        # nosemgrep: process-without-timeout - a copy takes as long as the database is large
        done = subprocess.run(  # noqa: S603 - tools of PostgreSQL with arguments of our own
            command, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise ToolError(f"{tool} is not installed (Debian: postgresql-client)") from error
    if done.returncode:
        doing = "restore" if into else "copy"
        raise ToolError(f"{tool} could not {doing} the database: {done.stderr.strip()}")
