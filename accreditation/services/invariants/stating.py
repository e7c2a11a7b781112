"""How an invariant is stated: a name, a sentence, and a question for what offends against it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import text

from accreditation.extensions import db


@dataclass(frozen=True)
class Invariant:
    """A sentence that must be true; `offending` gives each row against it, in words."""

    name: str
    sentence: str
    offending: Callable[[], Iterable[str]]


def by_query(name: str, sentence: str, query: str) -> Invariant:
    """State an invariant by a query that gives the offending rows, on SQLite and PostgreSQL."""
    return Invariant(name, sentence, lambda: _rows(query))


def _rows(query: str) -> list[str]:
    found = db.session.execute(text(query))
    names = list(found.keys())
    return [
        ", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True))
        for row in found
    ]
