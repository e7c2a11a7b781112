"""Each statement of a transaction fails in turn, and its commit too: nothing is ever half done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from accreditation.extensions import db, writing
from accreditation.models import Base, Incentive, Person, Programme
from accreditation.services import applications, idempotency
from accreditation.services.invariants import checking
from accreditation.services.steps import take_step
from tests import factories
from tests.services.crowds import gathered, step

Act = Callable[[], object]
COMMIT = -1


@contextmanager
def failing(at: int) -> Iterator[list[str]]:
    """Let the statement of this number fail, or the commit; gives the statements that began."""
    begun: list[str] = []

    def before(*given: Any) -> None:
        begun.append(str(given[2]))
        if len(begun) == at:
            raise OperationalError(begun[-1], None, Exception("the disk is away"))

    def commit(connection: object) -> None:
        del connection
        if at == COMMIT:
            raise OperationalError("COMMIT", None, Exception("the disk is away"))

    event.listen(db.engine, "before_cursor_execute", before)
    event.listen(db.engine, "commit", commit)
    try:
        yield begun
    finally:
        event.remove(db.engine, "before_cursor_execute", before)
        event.remove(db.engine, "commit", commit)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table."""
    db.session.rollback()
    found = {
        table.name: [tuple(row) for row in db.session.execute(select(table))]
        for table in Base.metadata.sorted_tables
    }
    db.session.rollback()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def tear(act: Act) -> int:
    """Let each statement and the commit fail in turn, then do it; gives how many were tried."""
    before, at = everything(), 0
    while True:
        at += 1
        with failing(at) as begun:
            try:
                act()
            except OperationalError:
                assert len(begun) == at
            db.session.rollback()
        if len(begun) < at:
            break
        assert everything() == before, f"torn at {at}: {begun[-1]}"
    act()
    with failing(COMMIT), pytest.raises(OperationalError):
        db.session.commit()
    db.session.rollback()
    assert everything() == before
    act()
    db.session.commit()
    assert everything() != before
    assert [one.invariant.name for one in checking.check() if one.offending] == []
    return at - 1


def once(person: int, name: str, kind: str, subject: int, do: Act) -> Act:
    """Do something as a form does it: once, with its key."""

    def act() -> None:
        form = idempotency.Form(
            "k" * 32, db.session.get_one(Person, person), name, kind, subject, "f" * 64
        )
        assert not idempotency.was_done(form)
        do()
        idempotency.remember(form)

    return act


def test_sending_is_whole_or_not_at_all(context: Flask) -> None:
    del context
    case = factories.draft()
    owner = factories.owner_of(case.site.operator).id
    factories.answer_all(case)
    applications.accept_terms(case, db.session.get_one(Person, owner))
    number = case.id
    db.session.commit()
    sending = partial(step, number, "submit", owner)
    assert tear(once(owner, "send", "application", number, sending)) > 20


def test_accrediting_is_whole_or_not_at_all(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, 1, programmes=1)
    (case,), member = crowd.applications, crowd.council[0]
    with app.app_context(), writing():
        deciding = partial(step, case, "accredit", member)
        assert tear(once(member, "accredit", "application", case, deciding)) > 40


def test_funding_is_whole_or_not_at_all(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, 1, programmes=1)
    with app.app_context(), writing():
        programme = db.session.scalars(select(Programme)).one()
        programme.budget_yen = 0
        step(crowd.applications[0], "accredit", crowd.council[0])
        programme.budget_yen = 100_000
        db.session.commit()
        incentive = db.session.scalars(select(Incentive.id)).one()
        funding = partial(fund, incentive, crowd.office)
        assert tear(once(crowd.office, "fund", "incentive", incentive, funding)) > 20


def fund(incentive: int, person: int) -> None:
    take_step(db.session.get_one(Incentive, incentive), "fund", db.session.get_one(Person, person))
