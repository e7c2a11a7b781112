"""The seal on a database that was moved: it can be read, and nothing is written into it any more.

Without it, a site that was left running would go on taking applications that nobody finds.
"""

from sqlalchemy import Connection, text

from accreditation.models import Base

_NAME = "moved_from_here"
_SAID = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE :name LIMIT 1")


def put_on(connection: Connection, where: str) -> None:
    """Refuse every write into a SQLite database from now on, in the caller's transaction.

    `where` says in words where to and when it was moved.
    """
    sentence = f"this installation was moved to {where}".replace("'", "’")
    for table in Base.metadata.sorted_tables:
        for change in ("INSERT", "UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {_NAME}_{table.name}_{change.lower()} BEFORE {change}"
                f" ON {table.name} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )


def read(connection: Connection) -> str:
    """Read what the seal says; nothing where there is none, as on PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return ""
    said: str | None = connection.scalar(_SAID, {"name": f"{_NAME}%"})
    return said.split("'")[1] if said else ""
