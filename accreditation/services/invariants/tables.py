"""Invariants of the tables themselves: rows that point somewhere, constraints, triggers."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table, inspect, select
from sqlalchemy.schema import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

from accreditation.extensions import db
from accreditation.models import Base, HistoryEntry, triggers
from accreditation.services.invariants.stating import Invariant

_SUBJECTS = {
    "accreditation": "accreditations",
    "application": "applications",
    "call": "calls",
    "incentive": "incentives",
    "operator": "operators",
    "person": "people",
    "programme": "programmes",
    "review": "reviews",
    "site": "sites",
    "switch": "switches",
}


_SENT = select(HistoryEntry.subject_id).where(
    HistoryEntry.subject_type == "application", HistoryEntry.act == "submit"
)


def _orphans() -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            (element,) = key.elements
            yield from _without(table, element.parent, element.column)
    for kind, name in _SUBJECTS.items():
        known = select(Base.metadata.tables[name].c.id)
        entries = select(HistoryEntry.sequence).where(HistoryEntry.subject_type == kind)
        if kind == "application":  # a draft that was never sent goes whole, when its time is over
            entries = entries.where(HistoryEntry.subject_id.in_(_SENT))
        for sequence in db.session.scalars(entries.where(HistoryEntry.subject_id.not_in(known))):
            yield f"history {sequence}, its {kind} is not there"


def _without(table: Table, child: Column[Any], parent: Column[Any]) -> Iterator[str]:
    own = parent.table.alias("parents")
    there = select(own.c[parent.name]).where(own.c[parent.name] == child).exists()
    chosen = select(*table.primary_key.columns).where(child.is_not(None), ~there)
    for row in db.session.execute(chosen):
        key = " ".join(map(str, row))
        yield f"{table.name} {key}, {child.name} points nowhere"


def _constraints_missing() -> Iterator[str]:
    there = inspect(db.session.connection())
    for table in Base.metadata.sorted_tables:
        found = {
            *(one["name"] for one in there.get_check_constraints(table.name)),
            *(one["name"] for one in there.get_unique_constraints(table.name)),
            *(one["name"] for one in there.get_foreign_keys(table.name)),
            *(one["name"] for one in there.get_indexes(table.name) if one["unique"]),
        }
        yield from (f"{name} on {table.name}" for name in sorted(_rules_of(table) - found))


def _rules_of(table: Table) -> set[str]:
    kinds = (CheckConstraint, UniqueConstraint, ForeignKeyConstraint)
    named = {str(one.name) for one in table.constraints if isinstance(one, kinds)}
    return named | {str(one.name) for one in table.indexes if one.unique}


def _triggers_missing() -> Iterator[str]:
    connection = db.session.connection()
    there, dialect = triggers.found(connection), connection.dialect.name
    for one in triggers.expected(dialect):
        if there.get(one.name) != one.created(dialect):
            yield f"{one.name} on {one.table}"


TABLES = (
    Invariant("no_orphans", "Every row that points to another one finds it.", _orphans),
    Invariant(
        "constraints_there",
        "Every constraint that the code counts on is in the database.",
        _constraints_missing,
    ),
    Invariant(
        "triggers_there",
        "Every trigger that guards what never changes is in the database, as it was written.",
        _triggers_missing,
    ),
)
