"""The second factor: nothing opens before it was given, and nothing typed is lost meanwhile."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from pyotp import TOTP

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Office, Person
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.fields import hidden
from tests.pages import Pages, check_page
from tests.web.auth.staff import (
    by_password,
    equipped,
    last_mail,
    link_in,
    next_code,
    recovery_code,
)

OURS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}


def is_in(pages: Pages, path: str = "/account") -> bool:
    return pages.client.get(path).status_code == 200


def test_the_password_alone_opens_nothing(app: Flask) -> None:
    email, _ = equipped(app, Office.OFFICE)
    pages, html = by_password(app, email)
    assert "Second factor" in html
    for path in ("/account", "/office", "/my", "/account/security", "/account/authenticator"):
        answer = pages.client.get(path)
        assert (answer.status_code, answer.location) == (302, f"/sign-in/second?next={path}")
    for path in ("/account/password", "/account/authenticator/remove", "/confirm"):
        assert pages.client.post(path, headers=OURS).status_code == 401
    assert "Sign out" not in pages.get("/register"), "a public page knows nobody"


def test_a_code_opens_and_leads_where_one_wanted_to_go(app: Flask) -> None:
    email, authenticator = equipped(app, Office.OFFICE)
    pages, _ = by_password(app, email, path="/sign-in?next=/office/calls")
    code = next_code(authenticator)
    html = pages.post("/sign-in/second?next=/office/calls", {"code": f" {code[:3]} {code[3:]}"})
    assert "Open a new call" in html


def test_a_code_works_once(app: Flask) -> None:
    email, authenticator = equipped(app)
    code = next_code(authenticator)
    by_password(app, email)[0].post("/sign-in/second", {"code": code})
    late, _ = by_password(app, email)
    html = late.post("/sign-in/second", {"code": code}, status=422)
    assert "This code is not right." in html
    assert not is_in(late)


def test_a_recovery_code_opens_once_and_is_told(app: Flask) -> None:
    email, _ = equipped(app)
    code = recovery_code(app, email)
    pages, _ = by_password(app, email)
    pages.post("/sign-in/second", {"code": code.upper()})
    assert is_in(pages)
    late, _ = by_password(app, email)
    late.post("/sign-in/second", {"code": code}, status=422)
    assert "A recovery code of your account was used" in Pages(app).get("/mailbox")


@pytest.mark.parametrize("wrong", ["", "000000", "abc", "１２３４５６", "x" * 41, "' OR 1=1 --"])
def test_a_wrong_code_is_said_beside_its_field(app: Flask, wrong: str) -> None:
    email, _ = equipped(app)
    pages, _ = by_password(app, email)
    html = pages.post("/sign-in/second", {"code": wrong}, status=422)
    assert "Error:" in html
    assert not is_in(pages)


def test_tries_are_limited_for_the_account(app: Flask) -> None:
    email, authenticator = equipped(app)
    pages, _ = by_password(app, email)
    statuses = []
    for number in range(12):
        pages.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
        token = pages.token("/sign-in/second")
        values = {"csrf_token": token, "code": f"{number:06}"}
        answer = pages.client.post("/sign-in/second", data=values, headers=OURS)
        statuses.append(answer.status_code)
    assert statuses[:9] == [422] * 9
    assert statuses[-1] == 429
    pages.post("/sign-in/second", {"code": next_code(authenticator)}, status=429)


def test_what_was_typed_survives_password_and_second_factor(app: Flask) -> None:
    email, authenticator = equipped(app)
    pages = Pages(app)
    asked = pages.client.post(
        "/account", data={"name": "髙橋 花子", "language": "en"}, headers=OURS
    )
    assert asked.status_code == 401
    carried = {**dict(hidden(asked.text)), "email": email, "password": factories.PASSWORD}
    html = pages.post("/sign-in", carried)
    assert "What you typed is kept" in html
    again = {**dict(hidden(html)), "code": next_code(authenticator)}
    html = pages.post("/sign-in/second", again)
    assert "Now you can send it" in html
    sent = re.search(r'<form class="form" method="post" action="(/account)"', html)
    assert sent
    pages.post("/account", dict(hidden(html)))
    with app.app_context():
        found = db.session.scalars(db.select(Person).filter_by(email=email)).one()
        assert found.name == "髙橋 花子"


def test_a_form_sent_from_a_half_session_is_kept(app: Flask) -> None:
    email, authenticator = equipped(app)
    pages, _ = by_password(app, email)
    asked = pages.client.post(
        "/account", data={"name": "髙橋 花子", "language": "en"}, headers=OURS
    )
    check_page(asked.text)
    values = {**dict(hidden(asked.text)), "code": next_code(authenticator)}
    assert "Now you can send it" in pages.post("/sign-in/second", values)


def test_signing_out_of_a_half_session_begins_again(app: Flask) -> None:
    email, authenticator = equipped(app)
    pages, _ = by_password(app, email)
    pages.post("/sign-out", page="/sign-in/second")
    answer = pages.client.post("/sign-in/second", data={"code": next_code(authenticator)})
    assert answer.status_code in {303, 400}
    assert not is_in(pages)


def test_the_cookie_changes_with_the_second_factor(app: Flask) -> None:
    email, authenticator = equipped(app)
    pages, _ = by_password(app, email)
    before = pages.client.get_cookie("accreditation")
    assert before is not None
    pages.post("/sign-in/second", {"code": next_code(authenticator)})
    thief = Pages(app)
    thief.client.set_cookie("accreditation", before.value)
    assert is_in(pages)
    assert not is_in(thief)


@pytest.mark.parametrize("office", [Office.OFFICE, Office.COUNCIL, Office.ADMINISTRATOR])
def test_an_office_that_asks_for_a_second_factor_opens_nothing_without(
    app: Flask, office: Office
) -> None:
    with app.app_context(), writing():
        email = factories.person(office, language="en").email
        db.session.commit()
    pages, _ = by_password(app, email)
    assert "Your office asks for a second factor" in pages.get("/my", status=403)
    answer = pages.client.post("/office/calls/new", data={"title_ja": "書きかけ"}, headers=OURS)
    assert answer.status_code == 403
    assert "書きかけ" in answer.text, "what was typed can be copied"
    assert "Please set up an authenticator" in pages.get("/account/security")


def test_an_authenticator_is_set_up_in_two_steps_and_opens_the_office(app: Flask) -> None:
    with app.app_context(), writing():
        email = factories.person(Office.OFFICE, language="en").email
        db.session.commit()
    pages, _ = by_password(app, email)
    html = pages.post("/account/authenticator")
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', html)
    assert secret
    assert "data:image/svg+xml" in html
    again = pages.post("/account/authenticator", {"code": "000000"}, status=422)
    assert secret[1] in again, "the same secret: it was scanned already"
    code = TOTP(secret[1].replace(" ", "")).at(clock.now())
    html = pages.post("/account/authenticator", {"code": code})
    codes = re.findall(r"<code>([a-z0-9-]{29})</code>", html)
    assert len(set(codes)) == 10
    assert "Cases" in pages.get("/office")


def test_a_mailed_link_asks_for_the_second_factor_too(app: Flask) -> None:
    email, authenticator = equipped(app, Office.OFFICE)
    pages = Pages(app)
    pages.post("/sign-in/link", {"email": email})
    path = link_in(last_mail(app, email))
    html = pages.post(path)
    assert "Second factor" in html
    pages.post("/sign-in/second", {"code": next_code(authenticator)})
    assert is_in(pages, "/office")


def test_a_link_to_sign_in_lasts_ten_minutes(app: Flask) -> None:
    with app.app_context(), writing():
        email = factories.person(language="en").email
        db.session.commit()
    pages = Pages(app)
    pages.post("/sign-in/link", {"email": email})
    path = link_in(last_mail(app, email))
    with clock.at(MADE_UP_NOW + timedelta(minutes=10)):
        pages.get(path, status=410)
    with clock.at(MADE_UP_NOW + timedelta(minutes=9, seconds=59)):
        pages.post(path)
        assert is_in(pages)
