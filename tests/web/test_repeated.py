"""The same form sent twice does one thing and leads to what was done; another one is refused."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Application,
    Base,
    Certificate,
    Decision,
    HistoryEntry,
    IdempotencyKey,
    Incentive,
    Office,
    Submission,
)
from accreditation.services import idempotency
from accreditation.services.accounts import expiry
from accreditation.services.steps import take_step
from tests import factories
from tests.fields import hidden
from tests.pages import Pages
from tests.threads import at_once
from tests.web.applicant.cases import case, state_of
from workflows.application import ApplicationState as S


@pytest.fixture
def council(app: Flask) -> Pages:
    """The browser of a member of the council."""
    return Pages.of(app, Office.COUNCIL, name="見本 一郎")


def made(app: Flask, make: Callable[[], str]) -> str:
    with app.app_context(), writing():
        path = make()
        db.session.commit()
    return path


def listed(app: Flask) -> str:
    key = made(app, lambda: factories.application(S.LISTED, indicators=(1, 2)).key)
    return f"/council/applications/{key}"


def deciding(council: Pages, path: str, **more: Any) -> dict[str, Any]:
    """Fill in the form of a decision, as the page gives it."""
    kept = dict(hidden(council.get(path)))
    values = {"step": "accredit", "indicators": ["1", "2"], "conditions": "", "reasons": ""}
    return kept | values | more


def rows(app: Flask, model: type[Base]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_decision_sent_again_leads_to_the_decision(app: Flask, council: Pages) -> None:
    path = listed(app)
    form = deciding(council, path)
    for _ in range(3):
        page = council.post(f"{path}/decision", form, page="/contact")
        assert "The decision is recorded." in page
        assert "Number R08-0001, edition 1." in page
    assert rows(app, Decision) == rows(app, Certificate) == rows(app, IdempotencyKey) == 1


def test_the_same_key_with_other_content_is_refused_and_the_text_kept(
    app: Flask, council: Pages
) -> None:
    path = listed(app)
    form = deciding(council, path)
    council.post(f"{path}/decision", form, page="/contact")
    other = form | {"step": "refuse", "reasons": "Nothing of this is lost."}
    page = council.post(f"{path}/decision", other, page="/contact", status=409)
    assert "This page was sent before and says something else now." in page
    assert "Nothing of this is lost." in page
    assert rows(app, Decision) == 1


def test_the_key_of_somebody_else_or_of_another_case_is_refused(app: Flask, council: Pages) -> None:
    path, elsewhere = listed(app), listed(app)
    form = deciding(council, path)
    council.post(f"{path}/decision", form, page="/contact")
    colleague = Pages.of(app, Office.COUNCIL)
    colleague.post(f"{path}/decision", form, page="/contact", status=409)
    council.post(f"{elsewhere}/decision", form, page="/contact", status=409)
    assert rows(app, Decision) == 1


def test_what_was_refused_may_be_sent_again_under_its_key(app: Flask, council: Pages) -> None:
    path = listed(app)
    form = deciding(council, path, step="refuse")
    council.post(f"{path}/decision", form, page="/contact", status=422)
    assert rows(app, IdempotencyKey) == 0
    council.post(f"{path}/decision", form | {"reasons": "足りない。"}, page="/contact")
    assert rows(app, Decision) == 1


def test_a_step_sent_again_after_it_was_undone_is_not_taken_again(
    app: Flask, council: Pages
) -> None:
    number = made(app, lambda: factories.accreditation().number)
    path = f"/council/accreditations/{number}"
    form = dict(hidden(council.get(path))) | {"note": "確認のため"}
    council.post(f"{path}/steps/suspend", form, page="/contact")
    council.post(
        f"{path}/steps/lift", dict(hidden(council.get(path))) | {"note": "解決"}, page="/contact"
    )
    page = council.post(f"{path}/steps/suspend", form, page="/contact")
    assert "Done: Accreditation suspended." in page
    with app.app_context():
        held = db.session.scalars(select(Accreditation)).one()
        assert held.state == "active"
        acts = select(HistoryEntry.act).where(HistoryEntry.subject_type == "accreditation")
        assert list(db.session.scalars(acts)) == ["grant", "suspend", "lift"]


def test_a_grant_sent_again_pays_once(app: Flask) -> None:
    office = Pages.of(app, Office.OFFICE)
    path, fund = made(app, unfunded).split()
    form = dict(hidden(office.get(path))) | {"version": "1"}  # the programme has one too
    for _ in range(2):
        assert "I-R08-0001" in office.post(fund, form, page="/contact")
    with app.app_context():
        incentive = db.session.scalars(select(Incentive)).one()
        assert incentive.programme.committed_yen == incentive.amount_yen == 100_000
    assert rows(app, IdempotencyKey) == 1


def unfunded() -> str:
    """Make an incentive for which there is room only now; gives its page and its step."""
    programme = factories.programme()
    programme.budget_yen = 0
    factories.application(S.ACCREDITED, in_call=factories.call(programme))
    programme.budget_yen = 250_000
    key = db.session.scalars(select(Incentive.key)).one()
    page = f"/office/programmes/{programme.key}?incentive={key}"
    return f"{page} /office/incentives/{key}/steps/fund"


def test_an_application_sent_again_is_not_sent_twice(app: Flask) -> None:
    pages, key, path = case(app)
    form = dict(hidden(pages.get(f"{path}/check"))) | {"accepted": "y"}
    assert "Your application is sent." in pages.post(f"{path}/check", form)
    pages.post(f"{path}/check", form, page="/contact")
    with app.app_context(), writing():
        sent = db.session.scalars(select(Application).where(Application.key == key)).one()
        take_step(sent, "return", factories.person(Office.OFFICE), note="直してください。")
        db.session.commit()
    pages.post(f"{path}/check", form, page="/contact")
    assert state_of(app, key) == S.RETURNED, "what the network sent again is not a correction"
    assert rows(app, Submission) == 1


def test_the_same_decision_at_once_is_one_and_everybody_sees_it(app: Flask, council: Pages) -> None:
    path = listed(app)
    form = deciding(council, path) | {"csrf_token": council.token("/contact")}
    with council.client.session_transaction() as session:
        kept = dict(session)
    found = at_once(app, *[partial(post, app, kept, f"{path}/decision", form)] * 6)
    assert found == [303] * 6
    assert rows(app, Decision) == rows(app, Certificate) == 1


def post(app: Flask, kept: dict[str, Any], path: str, form: dict[str, Any]) -> int:
    """Send a form in a browser of its own that shares the session."""
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update(kept)
    return browser.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"}).status_code


@pytest.mark.parametrize(("hours", "left"), [(24, 1), (25, 0)])
def test_keys_are_kept_for_a_day(app: Flask, council: Pages, hours: int, left: int) -> None:
    path = listed(app)
    council.post(f"{path}/decision", deciding(council, path), page="/contact")
    with app.app_context(), clock.at(clock.now() + timedelta(hours=hours)):
        expiry.clear()
    assert rows(app, IdempotencyKey) == left


def test_every_page_has_a_key_of_its_own(app: Flask, council: Pages) -> None:
    path = listed(app)
    keys = {deciding(council, path)["form_key"] for _ in range(3)}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {len(idempotency.new_key())} == {32}
