"""The rows of a move: copied table by table in one transaction, and compared one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    Connection,
    Result,
    Row,
    String,
    Table,
    collate,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.sql.elements import ColumnElement

from accreditation.models import Base

AT_ONCE = 500  # rows that are read and written together
TABLES = Base.metadata.sorted_tables  # those that are pointed to before those that point to them
_REVISION = text("SELECT version_num FROM alembic_version")
_COLLATION = {"sqlite": "BINARY", "postgresql": "C"}  # both by code point
_OWN_TABLES = frozenset({"alembic_version", "sqlite_sequence"})


class MoveError(Exception):
    """Why nothing was moved; the text is for whoever runs the system."""


@dataclass(frozen=True)
class Compared:
    """A table on both sides: how many rows here, and the first that is not the same there."""

    table: str
    rows: int
    difference: str = ""


def require_movable(source: Connection, target: Connection) -> None:
    """Refuse another schema, and tables that this code does not know."""
    found = source.scalar(_REVISION), target.scalar(_REVISION)
    if found[0] != found[1]:
        raise MoveError(
            f"the old database has the tables of {found[0]}, this version those of {found[1]}:"
            " run `accreditation init` first"
        )
    known = {one.name for one in TABLES} | _OWN_TABLES
    if unknown := sorted(set(inspect(source).get_table_names()) - known):
        raise MoveError(f"the old database has tables that are not ours: {', '.join(unknown)}")


def is_empty(target: Connection) -> bool:
    """Say whether no table holds a row."""
    return all(target.execute(select(one).limit(1)).first() is None for one in TABLES)


def copy(source: Connection, target: Connection) -> None:
    """Copy every row, in the caller's transaction; then the next new row gets the next number."""
    for table in TABLES:
        for part in _read(source, table).mappings().partitions(AT_ONCE):
            target.execute(insert(table), [dict(row) for row in part])
        column = table.autoincrement_column
        if column is not None:
            newest = func.max(column)
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            given = func.coalesce(newest, 1), newest.is_not(None)
            target.execute(select(func.setval(sequence, *given)))


def compare(source: Connection, target: Connection) -> Iterator[Compared]:
    """Compare every value of every row of every table."""
    for table in TABLES:
        rows, difference = 0, ""
        for old, new in zip_longest(_read(source, table), _read(target, table)):
            rows += old is not None
            difference = difference or _difference(table, old, new)
        yield Compared(table.name, rows, difference)


def _read(connection: Connection, table: Table) -> Result[Any]:
    order = [_ordered(connection, column) for column in table.primary_key]
    chosen = select(table).order_by(*order).execution_options(yield_per=AT_ONCE)
    return connection.execute(chosen)


def _ordered(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Order texts alike in both databases, whatever language they were made for."""
    if isinstance(column.type, String):
        return collate(column, _COLLATION[connection.dialect.name])
    return column


def _difference(table: Table, old: Row[Any] | None, new: Row[Any] | None) -> str:
    """Name the row and the columns; what they hold is people's and stays out of reports."""
    if old == new:
        return ""
    if old is None or new is None:
        found, side = (old, "new") if new is None else (new, "old")
        return f"row {_number(table, found)} is not in the {side} database"
    names = [one.name for one, a, b in zip(table.columns, old, new, strict=True) if a != b]
    return f"row {_number(table, old)}: {', '.join(names)}"


def _number(table: Table, row: Row[Any] | None) -> str:
    values = zip(table.columns, row or (), strict=False)
    return ", ".join(str(value) for column, value in values if column.primary_key)
