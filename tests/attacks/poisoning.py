"""A text of one's choice in every place of the database that holds what somebody typed."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table, select, update

from accreditation.extensions import db
from accreditation.models import Base
from tests import triggers

# What nobody types, or only from a list; every other text of the database is typed by somebody.
CLOSED = {
    *("act", "browser", "code", "commitment", "corporate_number", "fingerprint", "from_state"),
    *("item", "key", "kind", "language", "level", "media_type", "message_id", "number", "party"),
    *("postal_code", "salt", "scheme", "secret", "series", "subject_type", "to_state", "version"),
    *("terms_sha256", "terms_version"),
}
OURS = {"scheme_versions.text", "passkeys.credential_id"}
HASHES = ("hash", "sha256")
LONGEST = 4000

Make = Callable[[Column[Any]], str]


def is_typed(column: Column[Any]) -> bool:
    """Say whether a column holds a text that somebody typed."""
    if not isinstance(column.type, String) or isinstance(column.type, Enum):
        return False
    name = f"{column.table.name}.{column.name}"
    return not (column.name in CLOSED or column.name.endswith(HASHES) or name in OURS)


def typed() -> list[Column[Any]]:
    """List the columns that hold what somebody typed."""
    return [one for table in Base.metadata.sorted_tables for one in table.columns if is_typed(one)]


def poison(make: Make) -> None:
    """Put a text in the place of everything typed; what is empty stays empty.

    The caller undoes it. The triggers that guard what never changes are dropped meanwhile.
    """
    triggers.drop()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings().all():
            if changed := _changed(table, row, make):
                same = [one == row[one.name] for one in table.primary_key.columns]
                db.session.execute(update(table).where(*same).values(changed))
    db.session.commit()


def _changed(table: Table, row: Any, make: Make) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in table.columns:
        old = row[column.name]
        if isinstance(column.type, JSON):
            found[column.name] = _within(old, make(column))
        elif old and is_typed(column):
            alone = f"{row['id']}" if column.unique else ""
            longest = getattr(column.type, "length", None) or LONGEST
            found[column.name] = make(column)[: longest - len(alone)] + alone
    return {name: value for name, value in found.items() if value != row[name]}


def _within(value: Any, text: str) -> Any:
    """Change the texts within JSON: those that are sentences or names, not our own words."""
    if isinstance(value, dict):
        return {name: _within(one, text) for name, one in value.items()}
    if isinstance(value, list):
        return [_within(one, text) for one in value]
    if isinstance(value, str) and (" " in value or not value.isascii()):
        return text[:200]
    return value
