"""Rows written down for readers without our code."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import ColumnElement, Table, select

from accreditation.extensions import db
from accreditation.models import Base
from accreditation.services.privacy.map import SECRETS

AT_ONCE = 500  # rows in memory


def one_moment() -> str:
    """Name the isolation under which all that is read is of one moment, on this database."""
    return "SERIALIZABLE" if db.engine.dialect.name == "sqlite" else "REPEATABLE READ"


def shown_columns(table: Table) -> list[str]:
    """List the columns of a table that may leave the system."""
    return [column.name for column in table.columns if f"{table.name}.{column.name}" not in SECRETS]


def of_table(name: str, *which: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """Give the rows of a table, in the order of their key, without its secrets."""
    table = Base.metadata.tables[name]
    columns = [table.columns[one] for one in shown_columns(table)]
    chosen = select(*columns).where(*which).order_by(*table.primary_key.columns)
    with db.session.execute(chosen.execution_options(yield_per=AT_ONCE)) as found:
        for row in found.mappings():
            yield {key: plain(value) for key, value in row.items()}


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Write a value as JSON has it: dates in ISO 8601, bytes in base64."""
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


@contextmanager
def new_zip(target: Path) -> Iterator[ZipFile]:
    """Make a ZIP file that only its owner reads; after a failure it is gone. FileExistsError."""
    target.touch(mode=0o600, exist_ok=False)
    try:
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            yield archive
    except BaseException:
        target.unlink(missing_ok=True)
        raise
