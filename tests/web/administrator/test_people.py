"""Administrators: offices given and ended, accounts closed, lost second factors, invitations."""

from datetime import timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Office, Person
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from tests.web.auth.staff import by_password, equipped, last_mail, link_in

NEW = "a kettle sings before the snow"


@pytest.fixture
def administrator(app: Flask) -> Pages:
    return Pages.of(app, Office.ADMINISTRATOR, name="管理 花子")


def stored(app: Flask, email: str) -> Person:
    with app.app_context():
        found: Person = db.session.scalars(db.select(Person).filter_by(email=email)).one()
        db.session.expunge(found)
        return found


def person(app: Flask, *offices: Office, name: str = "") -> tuple[str, str]:
    with app.app_context(), writing():
        made = factories.person(*offices, name=name, language="en")
        db.session.commit()
        return made.email, f"/administration/people/{made.key}"


def test_people_are_found_by_name_and_address(app: Flask, administrator: Pages) -> None:
    email, _ = person(app, name="髙橋 探子")
    for text in ("髙橋", email[:8], email.upper()):
        assert "髙橋 探子" in administrator.get(f"/administration?q={text}")
    for text in ("%", "_", "' OR 1=1", "誰もいない"):
        html = administrator.get(f"/administration?q={text}")
        assert "髙橋 探子" not in html
        assert "Nobody was found." in html


def test_an_office_is_given_and_ended_and_takes_effect_at_once(
    app: Flask, administrator: Pages
) -> None:
    email, path = person(app)
    clerk = Pages(app, email)
    clerk.get("/office", status=403)
    administrator.post(f"{path}/appoint", {"office": "office"}, page=path)
    clerk.get("/office")
    html = administrator.post(f"{path}/dismiss", {"office": "office"}, page=path)
    assert "Appointment ended" in html
    assert "管理 花子, Administrator" in html
    clerk.get("/office", status=403)


@pytest.mark.parametrize("office", ["", "king", "OFFICE"])
def test_an_office_that_there_is_not_is_not_given(
    app: Flask, administrator: Pages, office: str
) -> None:
    _, path = person(app)
    administrator.post(f"{path}/appoint", {"office": office}, page=path, status=404)


def test_nobody_changes_their_own_offices(app: Flask) -> None:
    email, path = person(app, Office.ADMINISTRATOR)
    pages = Pages(app, email)
    assert "This is your own account." in pages.get(path)
    for act, values in (
        ("appoint", {"office": "council"}),
        ("dismiss", {"office": "administrator"}),
        ("close", {}),
        ("reset-factors", {}),
    ):
        html = pages.post(f"{path}/{act}", values, page="/account", status=422)
        assert "Another administrator has to do this for you." in html
    assert stored(app, email).disabled_at is None


def test_a_closed_account_is_out_at_once(app: Flask, administrator: Pages) -> None:
    email, path = person(app)
    pages = Pages(app, email)
    assert "The account is closed." in administrator.post(f"{path}/close", page=path)
    assert pages.client.get("/account").status_code == 302
    assert stored(app, email).disabled_at is not None


def test_lost_second_factors_are_removed_and_told(app: Flask, administrator: Pages) -> None:
    email, _ = equipped(app, Office.OFFICE)
    with app.app_context():
        path = f"/administration/people/{stored(app, email).key}"
    signed_in = Pages(app, email)
    administrator.post(f"{path}/reset-factors", page=path)
    assert signed_in.client.get("/account").status_code == 302
    assert "All second factors of your account were removed" in last_mail(app, email)
    pages, _ = by_password(app, email)
    assert "Please set up an authenticator" in pages.get("/account/security")
    pages.get("/office", status=403)


def test_all_sessions_of_somebody_are_ended(app: Flask, administrator: Pages) -> None:
    email, path = person(app)
    both = [Pages(app, email), Pages(app, email)]
    administrator.post(f"{path}/end-sessions", page=path)
    assert {one.client.get("/account").status_code for one in both} == {302}


def invite(pages: Pages, email: str, office: str = "reviewer") -> str:
    values = {"email": email, "office": office, "language": "en"}
    return pages.post("/administration/invitations/new", values)


def test_somebody_new_is_invited_to_an_office(app: Flask, administrator: Pages) -> None:
    assert "new@example.jp" in invite(administrator, "New@example.jp")
    path = link_in(last_mail(app, "new@example.jp"))
    guest = Pages(app)
    html = guest.get(path)
    assert "You are invited to this office: Reviewer" in html
    guest.post(path, {"name": "見本 新子", "password": NEW})
    assert stored(app, "new@example.jp").offices == {Office.REVIEWER}
    Pages(app).get(path, status=410)
    assert "Nobody is invited." in administrator.get("/administration/invitations")


def test_somebody_with_an_account_accepts_signed_in(app: Flask, administrator: Pages) -> None:
    email, _ = person(app)
    invite(administrator, email)
    path = link_in(last_mail(app, email))
    stranger = Pages(app)
    answer = stranger.client.get(path)
    assert answer.location == f"/sign-in?next={path}"
    pages = Pages(app, email)
    assert "You have accepted the invitation." in pages.post(path)
    assert stored(app, email).offices == {Office.REVIEWER}


def test_nobody_accepts_the_invitation_of_another(app: Flask, administrator: Pages) -> None:
    email, _ = person(app)
    invite(administrator, email, "administrator")
    path = link_in(last_mail(app, email))
    other, _ = person(app)
    html = Pages(app, other).post(path, status=422)
    assert "This invitation was sent to another address." in html
    assert stored(app, other).offices == frozenset()
    Pages(app, email).post(path)
    assert stored(app, email).offices == {Office.ADMINISTRATOR}


def test_an_invitation_lasts_seven_days(app: Flask, administrator: Pages) -> None:
    invite(administrator, "new@example.jp")
    path = link_in(last_mail(app, "new@example.jp"))
    with clock.at(MADE_UP_NOW + timedelta(days=7)):
        Pages(app).get(path, status=410)
    Pages(app).get(path)


def test_an_invitation_is_taken_back(app: Flask, administrator: Pages) -> None:
    html = invite(administrator, "new@example.jp")
    revoke = html.split('action="/administration/invitations/')[1].split('"')[0]
    path = link_in(last_mail(app, "new@example.jp"))
    administrator.post(f"/administration/invitations/{revoke}", page="/administration/invitations")
    Pages(app).get(path, status=410)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"email": "", "office": "office"}, "Please enter your e-mail address."),
        ({"email": "nobody", "office": "office"}, "such as name@example.jp"),
        ({"email": "a@example.jp", "office": ""}, "Please choose an office."),
        ({"email": "a@example.jp", "office": "king"}, "Not a valid choice"),
    ],
)
def test_bad_input_is_said(administrator: Pages, values: dict[str, str], why: str) -> None:
    given = {**values, "language": "ja"}
    assert why in administrator.post("/administration/invitations/new", given, status=422)
