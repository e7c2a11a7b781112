"""All invariants, checked one after the other on one state of the database."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from accreditation.extensions import db
from accreditation.services.invariants.cases import CASES
from accreditation.services.invariants.records import FILES, RECORDS
from accreditation.services.invariants.stating import Invariant
from accreditation.services.invariants.tables import TABLES
from accreditation.services.invariants.traces import TRACES

ALL = (*CASES, *TRACES, *RECORDS, *TABLES)


@dataclass(frozen=True)
class Checked:
    """An invariant and what offends against it; nothing: it holds."""

    invariant: Invariant
    offending: tuple[str, ...]


def hold_still() -> None:
    """Begin a transaction that sees one state of the database, whatever is written meanwhile.

    SQLite gives every transaction such a view; PostgreSQL is asked for it.
    """
    session: Session = db.session()
    session.rollback()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def check(*, files: bool = False) -> Iterator[Checked]:
    """Check every invariant in the transaction that is open; with the files it takes longer."""
    for invariant in (*ALL, *FILES) if files else ALL:
        yield Checked(invariant, tuple(invariant.offending()))
