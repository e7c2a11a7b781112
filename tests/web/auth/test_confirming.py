"""Grave acts need a proof of who acts that is not older than a quarter of an hour."""

from datetime import timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Office, Person
from accreditation.services.accounts import people
from accreditation.web.routes import ROUTES
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.fields import hidden
from tests.pages import Pages, check_page

QUARTER = timedelta(minutes=15)
OURS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
GRAVE = {
    "applicant.change_role",
    "applicant.people",
    "applicant.remove_member",
    "applicant.revoke_invitation",
    "auth.add_passkey",
    "auth.address",
    "auth.authenticator",
    "auth.close",
    "auth.end_other_sessions",
    "auth.end_session",
    "auth.recovery_codes",
    "auth.remove_authenticator",
    "auth.remove_passkey",
    "administrator.appoint",
    "administrator.close",
    "administrator.dismiss",
    "administrator.end_sessions",
    "administrator.invite",
    "administrator.reset_factors",
    "administrator.revoke",
    "council.accreditation_step",
    "council.decide",
    "office.incentive_step",
    "office.new_programme",
    "office.programme",
}


@pytest.fixture
def administrator(app: Flask) -> Pages:
    return Pages.of(app, Office.ADMINISTRATOR)


@pytest.fixture
def clerk(app: Flask) -> str:
    with app.app_context(), writing():
        person = factories.person(language="en")
        db.session.commit()
        return person.key


def offices(app: Flask, key: str) -> frozenset[Office]:
    with app.app_context():
        found: Person = db.session.scalars(db.select(Person).filter_by(key=key)).one()
        return found.offices


def appoint(pages: Pages, key: str, moment: timedelta) -> str:
    token = pages.token(f"/administration/people/{key}")
    values = {"csrf_token": token, "office": "reviewer"}
    with clock.at(MADE_UP_NOW + moment):
        path = f"/administration/people/{key}/appoint"
        answer = pages.client.post(path, data=values, headers=OURS, follow_redirects=True)
    check_page(answer.text)
    return answer.text


def test_the_grave_acts_are_these() -> None:
    assert {name for name, access in ROUTES.items() if access.grave} == GRAVE


def test_within_a_quarter_of_an_hour_nothing_is_asked(
    app: Flask, administrator: Pages, clerk: str
) -> None:
    assert "Appointed." in appoint(administrator, clerk, QUARTER)
    assert offices(app, clerk) == {Office.REVIEWER}


def test_later_the_password_is_asked_and_then_it_can_be_sent(
    app: Flask, administrator: Pages, clerk: str
) -> None:
    late = QUARTER + timedelta(seconds=1)
    html = appoint(administrator, clerk, late)
    assert "Please confirm that it is you" in html
    assert offices(app, clerk) == frozenset()
    with clock.at(MADE_UP_NOW + late):
        carried = dict(hidden(html))
        wrong = administrator.post(
            "/confirm", {**carried, "password": "wrong"}, status=422, page="/account"
        )
        assert "This is not your password." in wrong
        carried = {**dict(hidden(wrong)), "password": factories.PASSWORD}
        html = administrator.post("/confirm", carried, page="/account")
        assert "Now you can send it" in html
        path = f"/administration/people/{clerk}/appoint"
        assert "Appointed." in administrator.post(path, dict(hidden(html)), page="/account")
    assert offices(app, clerk) == {Office.REVIEWER}


def test_the_proof_lasts_a_quarter_of_an_hour_again(
    app: Flask, administrator: Pages, clerk: str
) -> None:
    with clock.at(MADE_UP_NOW + timedelta(minutes=20)):
        administrator.post("/confirm", {"password": factories.PASSWORD}, page="/account")
    assert "Appointed." in appoint(administrator, clerk, timedelta(minutes=35))
    assert "Please confirm" in appoint(administrator, clerk, timedelta(minutes=35, seconds=1))
    assert offices(app, clerk) == {Office.REVIEWER}


def test_somebody_elses_password_proves_nothing(app: Flask, administrator: Pages) -> None:
    with app.app_context(), writing():
        people.create("other@example.jp", "見本 他子", "the kettle sings before snow", "en")
        db.session.commit()
    values = {"password": "the kettle sings before snow"}
    administrator.post("/confirm", values, status=422, page="/account")


def test_tries_to_confirm_are_limited(administrator: Pages) -> None:
    for number in range(11):
        values = {"password": f"wrong words {number}"}
        administrator.post("/confirm", values, status=422 if number < 10 else 429, page="/account")
