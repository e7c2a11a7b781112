"""Edges of the clock: fiscal year, leap day, deadline, a step back, a server elsewhere (F15)."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Accreditation, HistoryEntry, Incentive, Office
from accreditation.services import applications, calls, history
from accreditation.services.invariants import checking
from accreditation.services.steps import take_step
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.fields import hidden
from tests.web.applicant.cases import case
from workflows.application import ApplicationState as S
from workflows.engine import StepRefused

TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Here everything happens in one process, whose clock is moved."""
    with clock.at(MADE_UP_NOW):
        yield


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the server stand in another zone, where it is another day and summer time comes."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def midnight(year: int, month: int, day: int) -> datetime:
    """Give the instant at which a day begins in Japan."""
    return datetime(year, month, day, tzinfo=clock.ZONE)


def broken() -> list[str]:
    return [one.invariant.name for one in checking.check() if one.offending]


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("moment", "number", "until"),
    [
        (midnight(2027, 4, 1) - TICK, "R08-0001", date(2028, 3, 30)),
        (midnight(2027, 4, 1), "R09-0001", date(2028, 3, 31)),
        (midnight(2027, 1, 1), "R08-0001", date(2027, 12, 31)),
        (midnight(2028, 2, 29), "R09-0001", date(2029, 2, 28)),
        (midnight(2027, 3, 1), "R08-0001", date(2028, 2, 29)),
    ],
)
def test_year_and_days_of_an_accreditation_are_those_of_japan(
    app: Flask, moment: datetime, number: str, until: date
) -> None:
    with app.app_context(), writing(), clock.at(moment):
        held = factories.accreditation(in_call=factories.call(factories.programme()))
        assert (held.number, held.valid_until) == (number, until)
        (certificate,) = held.certificates
        days = (certificate.valid_from, certificate.decision.decided_on)
        assert days == (moment.date(), moment.date())
        assert db.session.scalars(select(Incentive.decided_on)).one() == moment.date()
        db.session.commit()
        assert broken() == []
    with clock.at(clock.end_of(until) - TICK):
        assert status(app, number) == "valid"
    with clock.at(clock.end_of(until)):
        assert status(app, number) == "expired"


def status(app: Flask, number: str) -> str:
    found: str = app.test_client().get(f"/verify/{number}.json").get_json()["status"]
    return found


@pytest.mark.usefixtures("elsewhere")
def test_a_call_that_ends_with_the_fiscal_year_is_open_to_its_last_moment(app: Flask) -> None:
    deadline = midnight(2027, 4, 1)
    with app.app_context(), writing(), clock.at(deadline - HOUR):
        call = factories.call(closes_at=deadline)
        early, late = (factories.draft(call) for _ in range(2))
        for one in (early, late):
            factories.answer_all(one)
            applications.accept_terms(one, factories.owner_of(one.site.operator))
        with clock.at(deadline - TICK):
            assert call in calls.open_calls()
            take_step(early, "submit", factories.owner_of(early.site.operator))
        with clock.at(deadline), pytest.raises(StepRefused):
            take_step(late, "submit", factories.owner_of(late.site.operator))
        assert (early.state, late.state) == (S.SUBMITTED, S.DRAFT)


def test_a_clock_that_steps_back_leaves_the_order_of_what_was_done(app: Flask) -> None:
    with app.app_context(), writing():
        held = factories.accreditation()
        council = factories.person(Office.COUNCIL)
        for hours, name in enumerate(("suspend", "lift", "suspend", "lift")):
            with clock.at(clock.now() - hours * HOUR):
                take_step(held, name, council, note="見本の理由")
        db.session.commit()
        acts = [one.act for one in history.of_subject("accreditation", held.id)]
        assert acts == ["grant", "suspend", "lift", "suspend", "lift"]
        moments = list(db.session.scalars(select(HistoryEntry.at).order_by(HistoryEntry.sequence)))
        assert moments != sorted(moments), "the clock did step back"
        assert history.verify() is None
        assert broken() == []
        assert db.session.scalars(select(Accreditation.state)).one() == "active"
        number = held.number
    assert status(app, number) == "valid"


def test_who_writes_while_the_clock_steps_back_is_not_signed_out(app: Flask) -> None:
    begun = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
    with time_machine.travel(begun, tick=False) as moment:
        pages, _key, path = case(app)
        form = dict(hidden(pages.get(f"{path}/check"))) | {"accepted": "y"}
        token = pages.token(f"{path}/check")
        moment.shift(-HOUR)
        sent = pages.client.post(
            f"{path}/check",
            data=form | {"csrf_token": token},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert sent.status_code == 303
        assert sent.headers["Location"].startswith(path)
        assert pages.client.get("/account").status_code == 200, "signed anew, an hour ago"
        moment.shift(-HOUR - timedelta(seconds=1))
        assert pages.client.get("/account").status_code != 200, "no cookie is from the future"
