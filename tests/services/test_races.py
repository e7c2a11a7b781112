"""Several people at once, in real threads on the real database."""

from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Application,
    Appointment,
    Base,
    Call,
    Certificate,
    Decision,
    Document,
    DocumentKind,
    HistoryEntry,
    Incentive,
    Mail,
    NumberSeries,
    Office,
    Person,
    Programme,
    Review,
    Site,
    Submission,
)
from accreditation.services import applications, history, reviews
from accreditation.services.errors import ServiceError
from accreditation.services.steps import take_step
from tests import factories
from tests.services.crowds import gathered, step
from tests.threads import at_once, errors
from workflows.application import ApplicationState
from workflows.engine import Refusal, StepRefused
from workflows.incentive import IncentiveState
from workflows.review import ReviewState

AMOUNT, FUNDED, CASES = 100_000, 12, 50


def numbers(series: str = "R08", first: int = 1, last: int = CASES) -> list[str]:
    return [f"{series}-{number:04d}" for number in range(first, last + 1)]


def refusals(found: list[object]) -> list[Refusal]:
    raised = errors(found)
    assert all(isinstance(one, StepRefused) for one in raised), raised
    return [one.refusal for one in raised if isinstance(one, StepRefused)]


def rows(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def rows_of(office: Office) -> int:
    return len(db.session.scalars(select(Appointment).where(Appointment.office == office)).all())


def test_fifty_decisions_at_once(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, CASES, programmes=1)
    with app.app_context():
        mails, told = rows(Mail), 1 + rows_of(Office.OFFICE)
    acts = [
        partial(step, application, "accredit", crowd.council[number % 2])
        for number, application in enumerate(crowd.applications)
    ]
    assert at_once(app, *acts) == [None] * CASES
    with app.app_context():
        check_numbers_and_documents()
        check_budget()
        assert history.verify() is None
        assert rows(Mail) - mails == CASES * told, "operator and office are told once of each"


def check_numbers_and_documents() -> None:
    accreditations = db.session.scalars(select(Accreditation)).all()
    certificates = db.session.scalars(select(Certificate)).all()
    assert sorted(one.number for one in accreditations) == numbers()
    assert len({one.application_id for one in certificates}) == CASES
    assert {one.edition for one in certificates} == {1}
    ordered = select(Document.id).where(Document.kind == DocumentKind.CERTIFICATE)
    assert {one.document_id for one in certificates} == set(db.session.scalars(ordered))
    assert rows(Document) == CASES + FUNDED
    assert len({one.code for one in certificates}) == CASES
    assert db.session.get_one(NumberSeries, ("certificate", 2026)).last == CASES


def check_budget() -> None:
    programme = db.session.scalars(select(Programme)).one()
    assert programme.committed_yen == FUNDED * AMOUNT
    incentives = db.session.scalars(select(Incentive)).all()
    granted = [one for one in incentives if one.state == IncentiveState.GRANTED]
    unfunded = [one for one in incentives if one.state == IncentiveState.UNFUNDED]
    assert sorted(str(one.number) for one in granted) == numbers("I-R08", last=FUNDED)
    assert sum(one.amount_yen for one in granted) == programme.committed_yen
    assert all(one.document_id for one in granted)
    assert len(unfunded) == CASES - FUNDED
    assert {(one.number, one.amount_yen, one.document_id) for one in unfunded} == {(None, 0, None)}


def test_two_members_of_the_council_decide_the_same_case(app: Flask, tmp_path: Path) -> None:
    rounds = 20
    crowd = gathered(app, tmp_path, rounds)
    for application in crowd.applications:
        found = at_once(
            app,
            partial(step, application, "accredit", crowd.council[0]),
            partial(step, application, "refuse", crowd.council[1]),
        )
        assert refusals(found) == [Refusal.WRONG_STATE]
        assert found.count(None) == 1
    with app.app_context():
        decided = select(Application.state, Decision.outcome).join(Decision)
        pairs = {tuple(map(str, row)) for row in db.session.execute(decided)}
        assert pairs <= {("accredited", "accredited"), ("refused", "refused")}
        assert rows(Decision) == rounds
        given = sorted(db.session.scalars(select(Accreditation.number)))
        assert given == numbers(last=rows(Certificate))
        assert history.verify() is None


def test_decisions_that_fail_leave_no_gap(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, 12)

    def fail(application: int) -> None:
        step(application, "accredit", crowd.council[0])
        raise LookupError

    acts = [
        partial(fail, one) if one % 3 == 0 else partial(step, one, "accredit", crowd.council[0])
        for one in crowd.applications
    ]
    found = at_once(app, *acts)
    assert len(errors(found)) == 4
    assert all(isinstance(one, LookupError) for one in errors(found))
    with app.app_context():
        assert sorted(db.session.scalars(select(Accreditation.number))) == numbers(last=8)
        assert rows(Certificate) == rows(Decision) == rows(Document) == 8
        assert history.verify() is None


def test_a_step_that_fails_in_its_last_consequence_changes_nothing(
    app: Flask, tmp_path: Path
) -> None:
    crowd = gathered(app, tmp_path, 3, programmes=1)
    first, second, third = crowd.applications
    back = "UPDATE number_series SET last = last - 1 WHERE series = 'incentive'"
    with app.app_context(), writing():
        step(first, "accredit", crowd.council[0])
        db.session.execute(text(back))  # the next incentive gets a number that is taken
        db.session.commit()
        before = {model: rows(model) for model in (Decision, Document, Mail, HistoryEntry)}
        with pytest.raises(Exception, match=r"uq_incentives_number|incentives\.number"):
            step(second, "accredit", crowd.council[0])
        db.session.rollback()
        assert {model: rows(model) for model in before} == before
        assert db.session.get_one(Application, second).state == ApplicationState.LISTED
        assert db.session.scalars(select(Programme)).one().committed_yen == AMOUNT
        db.session.execute(text(back.replace("last - 1", "last + 1")))
        step(third, "accredit", crowd.council[0])
        db.session.commit()
        assert sorted(db.session.scalars(select(Accreditation.number))) == numbers(last=2)
        assert history.verify() is None


def test_an_application_started_twice_at_once_is_one(app: Flask) -> None:
    with app.app_context(), writing():
        call, site = factories.call().id, factories.site()
        site_id, owner = site.id, factories.owner_of(site.operator).id
        db.session.commit()

    found = at_once(app, *[partial(start, call, site_id, owner)] * 6)
    with app.app_context():
        made = db.session.scalars(select(Application)).one()
        assert found == [made.id] * 6
        assert [entry.act for entry in history.of_application(made.id)] == ["start"]
        assert history.verify() is None


def start(call: int, site: int, person: int) -> int:
    made = applications.start(
        db.session.get_one(Call, call),
        db.session.get_one(Site, site),
        db.session.get_one(Person, person),
    )
    return made.id


def test_one_site_in_two_calls_at_once_has_one_application(app: Flask) -> None:
    with app.app_context(), writing():
        calls = [factories.call().id, factories.call(title_ja="別の募集").id]
        site = factories.site()
        site_id, owner = site.id, factories.owner_of(site.operator).id
        db.session.commit()
    found = at_once(app, *[partial(start, call, site_id, owner) for call in calls])
    assert [type(one) for one in errors(found)] == [ServiceError]
    assert "still under way" in str(errors(found)[0])
    with app.app_context():
        assert rows(Application) == 1


def test_an_application_sent_twice_at_once_is_sent_once(app: Flask) -> None:
    with app.app_context(), writing():
        made = factories.draft()
        owner = factories.owner_of(made.site.operator)
        factories.answer_all(made)
        applications.accept_terms(made, owner)
        ids = made.id, owner.id
        db.session.commit()
    found = at_once(app, *[partial(step, ids[0], "submit", ids[1])] * 4)
    assert refusals(found) == [Refusal.WRONG_STATE] * 3
    with app.app_context():
        assert rows(Submission) == 1
        sent = [entry.act for entry in history.of_application(ids[0])]
        assert sent == ["start", "submit"]


def of_review(review: int, name: str, person: int) -> None:
    subject = db.session.get_one(Review, review)
    take_step(subject, name, db.session.get_one(Person, person), note="見本の理由")


def reviews_of(app: Flask, application: int) -> list[tuple[int, int]]:
    with app.app_context():
        of_it = select(Review).where(Review.application_id == application).order_by(Review.id)
        return [(review.id, review.reviewer_id) for review in db.session.scalars(of_it)]


def test_two_reviewers_hand_in_at_once(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, 1, listed=False)
    pair = reviews_of(app, crowd.applications[0])
    acts = [partial(of_review, review, "hand_in", reviewer) for review, reviewer in pair]
    assert at_once(app, *acts) == [None, None]
    with app.app_context():
        states = set(db.session.scalars(select(Review.state)))
        assert states == {ReviewState.HANDED_IN}
        assert history.verify() is None


def test_a_review_handed_in_twice_at_once_is_handed_in_once(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, 1, listed=False)
    review, reviewer = reviews_of(app, crowd.applications[0])[0]
    found = at_once(app, *[partial(of_review, review, "hand_in", reviewer)] * 3)
    assert refusals(found) == [Refusal.WRONG_STATE] * 2


def test_one_reviewer_assigned_twice_at_once_has_one_review(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, 1, listed=False)
    with app.app_context(), writing():
        third = factories.person(Office.REVIEWER).id
        db.session.commit()

    def assign() -> int:
        return reviews.assign(
            db.session.get_one(Application, crowd.applications[0]),
            db.session.get_one(Person, third),
            db.session.get_one(Person, crowd.office),
        ).id

    found = at_once(app, assign, assign)
    assert [type(one) for one in errors(found)] == [ServiceError]
    assert len(reviews_of(app, crowd.applications[0])) == 3


@pytest.mark.parametrize("reads_first", [False, pytest.param(True, marks=pytest.mark.postgresql)])
def test_a_case_is_listed_or_a_review_goes_back_but_not_both(
    app: Flask, tmp_path: Path, *, reads_first: bool
) -> None:
    crowd = gathered(app, tmp_path, 6)
    with app.app_context(), writing():
        for one in crowd.applications:
            step(one, "unlist", crowd.office)
        db.session.commit()
    for one in crowd.applications:
        review = reviews_of(app, one)[0][0]
        before = partial(look_at, review) if reads_first else None
        send_back = partial(of_review, review, "send_back", crowd.office)
        found = at_once(app, partial(step, one, "list", crowd.office), send_back, before=before)
        assert refusals(found) == [Refusal.GUARD]
        assert consistent(app, one)


def look_at(review: int) -> object:
    """Read what a page reads before its button is pressed; hold it, as a request does."""
    found = db.session.get_one(Review, review)
    db.session.info["seen"] = (found, found.application, found.application.site)
    return found.application.state


def consistent(app: Flask, application: int) -> bool:
    with app.app_context():
        case = db.session.get_one(Application, application)
        states = {review.state for review in reviews.of_application(case)}
        return (case.state == ApplicationState.LISTED) == (states == {ReviewState.HANDED_IN})
