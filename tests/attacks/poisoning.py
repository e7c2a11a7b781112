"""A text of one's choice in every place of the database that holds what somebody typed."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table, case, select, update

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
        alike = [one for one in table.columns if is_typed(one) and not one.unique]
        if alike:
            texts = {one: make(one)[: _longest(one)] for one in alike}
            filled = {one: case((one != "", text), else_=one) for one, text in texts.items()}
            db.session.execute(update(table).values(filled))
        if [one for one in table.columns if _is_alone(one)]:
            _by_row(table, make)
    db.session.commit()


def _is_alone(column: Column[Any]) -> bool:
    """Say whether every row needs a text of its own: a unique one, or one within JSON."""
    return isinstance(column.type, JSON) or bool(column.unique and is_typed(column))


def _by_row(table: Table, make: Make) -> None:
    alone = [one for one in table.columns if _is_alone(one)]
    keys = list(table.primary_key.columns)
    for row in db.session.execute(select(*keys, *alone)).mappings().all():
        new = {one.name: _changed(one, row, make) for one in alone}
        same = [one == row[one.name] for one in keys]
        if any(new[one.name] != row[one.name] for one in alone):
            db.session.execute(update(table).where(*same).values(new))


def _changed(column: Column[Any], row: Any, make: Make) -> Any:
    old, text = row[column.name], make(column)
    if isinstance(column.type, JSON):
        return _within(old, text)
    mark = f"{row['id']}"
    return text[: _longest(column) - len(mark)] + mark


def _longest(column: Column[Any]) -> int:
    return getattr(column.type, "length", None) or LONGEST


def _within(value: Any, text: str) -> Any:
    """Change the texts within JSON: those that are sentences or names, not our own words."""
    if isinstance(value, dict):
        return {name: _within(one, text) for name, one in value.items()}
    if isinstance(value, list):
        return [_within(one, text) for one in value]
    if isinstance(value, str) and (re.search(r"[ :]", value) or not value.isascii()):
        return text[:200]
    return value
