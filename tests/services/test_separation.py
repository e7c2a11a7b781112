"""Who took which part in a case, and what they may still do to it, holding every office at once.

The table is written out: a row for each part that somebody may have taken, a column for each act.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Application,
    Incentive,
    MemberRole,
    Membership,
    Office,
    Person,
    Reconciliation,
    Review,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import accreditations
from accreditation.services.facts import Subject, kind_of
from accreditation.services.steps import take_step
from tests import factories, triggers
from tests.conftest import MADE_UP_NOW
from workflows.application import ApplicationState as S
from workflows.engine import StepRefused
from workflows.review import ReviewState

# ruff: disable[E501] - a table is read across
# yes: the step is taken; else the guard that objects (operator, sender, reviewer, evaluator, judge)
TABLE = """
                 accept    return    decline   lapse     list      unlist    accredit  refuse    fund      cancel    suspend
nobody           yes       yes       yes       yes       yes       yes       yes       yes       yes       yes       yes
owner            operator  operator  operator  operator  operator  operator  operator  operator  operator  operator  operator
editor           operator  operator  operator  operator  operator  operator  operator  operator  operator  operator  operator
viewer           operator  operator  operator  operator  operator  operator  operator  operator  operator  operator  operator
sent_and_left    sender    sender    sender    sender    sender    sender    sender    sender    sender    yes       yes
invited          reviewer  reviewer  reviewer  reviewer  reviewer  reviewer  evaluator evaluator judge     yes       yes
reviewing        reviewer  reviewer  reviewer  reviewer  reviewer  reviewer  evaluator evaluator judge     yes       yes
reviewed         reviewer  reviewer  reviewer  reviewer  reviewer  reviewer  evaluator evaluator judge     yes       yes
in_conflict      reviewer  reviewer  reviewer  reviewer  reviewer  reviewer  evaluator evaluator judge     yes       yes
released         yes       yes       yes       yes       yes       yes       yes       yes       yes       yes       yes
settled          yes       yes       yes       yes       yes       yes       evaluator evaluator judge     yes       yes
decided          -         -         -         -         -         -         -         -         judge     yes       yes
"""
# ruff: enable[E501]
GUARDS = {
    "operator": "not_of_the_operator",
    "sender": "not_the_sender",
    "reviewer": "not_a_reviewer",
    "evaluator": "not_an_evaluator",
    "judge": "not_a_judge",
}
STATES = {
    S.SUBMITTED: ("accept", "return", "decline"),
    S.RETURNED: ("lapse",),
    S.IN_REVIEW: ("list",),
    S.LISTED: ("unlist", "accredit", "refuse"),
}
LATER = MADE_UP_NOW + timedelta(days=31)


@dataclass
class World:
    """A case in each state of STATES, and what an accredited one led to; by the act's name."""

    person: int
    subjects: dict[str, tuple[type[Subject], int]]


@pytest.fixture(scope="module")
def world(shared_app: Flask) -> Iterator[World]:
    with clock.at(MADE_UP_NOW), shared_app.app_context(), writing():
        subjects: dict[str, tuple[type[Subject], int]] = {}
        for state, steps in STATES.items():
            case = factories.application(state)
            if state == S.IN_REVIEW:
                for _ in range(2):
                    factories.handed_in_review(case)
            subjects |= dict.fromkeys(steps, (Application, case.id))
        call = factories.call(factories.programme(100_000, 150_000))
        granted, waiting = (factories.application(S.ACCREDITED, in_call=call) for _ in range(2))
        incentives = {
            one.certificate.application_id: one for one in db.session.scalars(select(Incentive))
        }
        incentives[waiting.id].programme.budget_yen = 500_000
        subjects["fund"] = Incentive, incentives[waiting.id].id
        subjects["cancel"] = Incentive, incentives[granted.id].id
        certificate = accreditations.certificate_of(waiting)
        assert certificate is not None
        subjects["suspend"] = Accreditation, certificate.accreditation_id
        person = factories.person(*Office)
        db.session.commit()
        yield World(person.id, subjects)


def _case(subject: Subject) -> Application:
    case: Application = kind_of(subject).application(subject)
    return case


def _take_no_part(person: Person, case: Application) -> None:
    del person, case


def _member(role: MemberRole) -> Callable[[Person, Application], None]:
    def join(person: Person, case: Application) -> None:
        operator = case.site.operator
        db.session.add(Membership(operator_id=operator.id, person_id=person.id, role=role))

    return join


def _review(state: ReviewState) -> Callable[[Person, Application], None]:
    def ask(person: Person, case: Application) -> None:
        now = clock.now()
        given = {"application_id": case.id, "reviewer_id": person.id, "state": state}
        db.session.add(Review(**given, state_since=now, assigned_at=now))

    return ask


def _settle(person: Person, case: Application) -> None:
    given = {"item": "1-1", "verdict": Verdict.CARRIED_OUT, "reason": "見本の理由"}
    at = clock.now()
    db.session.add(
        Reconciliation(application_id=case.id, settled_by_id=person.id, settled_at=at, **given)
    )


def _send(person: Person, case: Application) -> None:
    """Let it be this person who sent the case, and who is nothing to the operator now."""
    triggers.drop("submissions")
    case.submissions[-1].sent_by_id = person.id


def _decide(person: Person, case: Application) -> None:
    decision = accreditations.decision_of(case)
    triggers.drop("decisions")
    decision.decided_by_id = person.id


PARTS: dict[str, Callable[[Person, Application], None]] = {
    "nobody": _take_no_part,
    "owner": _member(MemberRole.OWNER),
    "editor": _member(MemberRole.EDITOR),
    "viewer": _member(MemberRole.VIEWER),
    "sent_and_left": _send,
    "invited": _review(ReviewState.INVITED),
    "reviewing": _review(ReviewState.OPEN),
    "reviewed": _review(ReviewState.HANDED_IN),
    "in_conflict": _review(ReviewState.RECUSED),
    "released": _review(ReviewState.RELEASED),
    "settled": _settle,
    "decided": _decide,
}


def _written() -> dict[str, dict[str, str]]:
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in rows}


WRITTEN = _written()


def outcome(world: World, part: str, act: str) -> str:
    """Let somebody take a part and then try an act; gives what came of it, and undoes both."""
    kind, number = world.subjects[act]
    with clock.at(LATER if act == "lapse" else MADE_UP_NOW):
        subject: Any = db.session.get_one(kind, number)
        person = db.session.get_one(Person, world.person)
        try:
            PARTS[part](person, _case(subject))
            db.session.flush()
            take_step(subject, act, person, note="見本の理由")
        except StepRefused as refused:
            return refused.guard
        finally:
            db.session.rollback()
    return "yes"


def test_every_part_and_every_act_are_in_the_table(world: World) -> None:
    assert set(WRITTEN) == set(PARTS)
    assert all(set(row) == set(world.subjects) for row in WRITTEN.values())


@pytest.mark.parametrize("part", PARTS)
def test_what_somebody_may_still_do(world: World, part: str) -> None:
    expected = {act: GUARDS.get(cell, cell) for act, cell in WRITTEN[part].items() if cell != "-"}
    assert {act: outcome(world, part, act) for act in expected} == expected
