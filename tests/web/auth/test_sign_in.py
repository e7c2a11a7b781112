import re
from collections.abc import Callable

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Office, OneTimeLink, Person
from accreditation.services.accounts import entering, sessions
from tests import factories
from tests.pages import Pages

WRONG = "This address and this password do not belong together."
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "evil.example",
    " //evil.example",
    "/%0d%0a//evil.example\r\nLocation: https://evil.example",
]


def account(app: Flask, *offices: Office, **changed: object) -> str:
    with app.app_context(), writing():
        person = factories.person(*offices)
        for name, value in changed.items():
            setattr(person, name, value)
        db.session.commit()
        return person.email


def try_to_sign_in(
    pages: Pages, email: str, password: str, path: str = "/sign-in"
) -> tuple[int, str]:
    values = {"csrf_token": pages.token("/sign-in"), "email": email, "password": password}
    answer = pages.client.post(path, data=values, headers={"Accept-Language": "en"})
    return answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("offices", "home"),
    [
        ((), "applicant.home"),
        ((Office.OFFICE,), "office.home"),
        ((Office.REVIEWER,), "reviewer.home"),
        ((Office.COUNCIL,), "council.home"),
        ((Office.COUNCIL, Office.OFFICE), "office.home"),
    ],
)
def test_each_person_arrives_where_their_work_waits(
    app: Flask, offices: tuple[Office, ...], home: str
) -> None:
    pages = Pages(app, account(app, *offices))
    with app.test_request_context():
        expected = app.url_for(home)
    answer = pages.client.get("/sign-in")
    assert (answer.status_code, answer.location) == (303, expected)


def test_one_goes_on_where_one_wanted_to_go(app: Flask) -> None:
    pages, email = Pages(app), account(app)
    asked = pages.client.get("/account?lang=en")
    assert asked.status_code == 302
    assert asked.headers["Location"] == "/sign-in?next=/account?lang%3Den&lang=en"
    status, path = try_to_sign_in(pages, email, factories.PASSWORD, asked.headers["Location"])
    assert (status, path) == (303, "/account?lang=en")


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site(app: Flask, elsewhere: str) -> None:
    pages, email = Pages(app), account(app, Office.REVIEWER)
    with app.test_request_context():
        path, home = app.url_for("auth.sign_in", next=elsewhere), app.url_for("reviewer.home")
    assert try_to_sign_in(pages, email, factories.PASSWORD, path) == (303, home)
    assert pages.client.get(path).headers["Location"] == home


def test_unknown_wrong_and_disabled_are_told_the_same(app: Flask) -> None:
    known, closed = account(app), account(app, disabled_at=clock.now())
    answers = []
    for email, password in (
        ("nobody@example.jp", factories.PASSWORD),
        (known, "not the password at all"),
        (closed, factories.PASSWORD),
    ):
        values = {"email": email, "password": password}
        html = Pages(app).post("/sign-in", values, status=422)
        assert WRONG in html
        answers.append(re.sub(r'(nonce|value)="[^"]*"', "", html))
    assert answers[0] == answers[1] == answers[2]


def test_what_is_missing_is_said_at_the_field_and_the_address_stays(app: Flask) -> None:
    html = Pages(app).post("/sign-in", {"email": "taro@example.jp", "password": ""}, status=422)
    assert "Please enter your password." in html
    assert 'value="taro@example.jp"' in html
    html = Pages(app).post("/sign-in", {"email": " ", "password": "secret words typed"}, status=422)
    assert "Please enter your e-mail address." in html
    assert "secret words typed" not in html


def test_an_address_fits_however_it_is_written(app: Flask) -> None:
    email = account(app)
    written = f"  {email.upper()} ".replace("@", "＠")
    status, _path = try_to_sign_in(Pages(app), written, factories.PASSWORD)
    assert status == 303


def test_a_signed_in_person_needs_no_sign_in_page(app: Flask) -> None:
    pages = Pages(app, account(app, Office.OFFICE))
    for ask in (pages.client.get, pages.client.head):
        answer = ask("/sign-in?next=/account")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


def test_the_same_form_sent_twice_signs_in_once_more(app: Flask) -> None:
    pages, email = Pages(app), account(app)
    values = {"csrf_token": pages.token("/sign-in"), "email": email, "password": factories.PASSWORD}
    other = app.test_client()
    cookie = pages.client.get_cookie("accreditation")
    assert cookie is not None
    other.set_cookie("accreditation", cookie.value)
    assert pages.client.post("/sign-in", data=values).status_code == 303
    assert other.post("/sign-in", data=values).status_code == 303


def test_signing_in_begins_a_session_that_knows_nothing_of_the_one_before(app: Flask) -> None:
    pages, email = Pages(app), account(app)
    pages.get("/sign-in")
    with pages.client.session_transaction() as before:
        before["planted"] = "by somebody else"
        old_token = before["csrf_token"]
    assert try_to_sign_in(pages, email, factories.PASSWORD)[0] == 303
    with pages.client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != old_token


@pytest.mark.parametrize("token", ["", "forged"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/forgotten-password", "/link/abc"])
def test_a_form_without_its_token_does_nothing(app: Flask, path: str, token: str) -> None:
    pages, email = Pages(app), account(app)
    pages.get("/sign-in")
    values = {"csrf_token": token, "email": email, "password": factories.PASSWORD}
    answer = pages.client.post(path, data=values, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "Please send it again" in answer.text
    assert factories.PASSWORD not in answer.text
    assert pages.client.get("/account").status_code == 302


def test_tries_at_one_account_are_limited_from_wherever_they_come(app: Flask) -> None:
    email, other = account(app), account(app)
    for number in range(10):
        pages = Pages(app)
        pages.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
        assert try_to_sign_in(pages, email, f"wrong words {number}")[0] == 422
    pages = Pages(app)
    pages.client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    html = pages.post("/sign-in", {"email": email, "password": factories.PASSWORD}, status=429)
    assert "Too many tries" in html
    assert try_to_sign_in(pages, f" {email.upper()}", factories.PASSWORD)[0] == 429
    assert try_to_sign_in(pages, other, factories.PASSWORD)[0] == 303


def test_an_unknown_account_is_limited_like_a_known_one(app: Flask) -> None:
    pages = Pages(app)
    for number in range(10):
        pages.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
        assert try_to_sign_in(pages, "nobody@example.jp", "wrong words")[0] == 422
    pages.client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    assert try_to_sign_in(pages, "nobody@example.jp", "wrong words")[0] == 429


def test_failures_from_one_network_address_are_limited(app: Flask) -> None:
    email, pages = account(app), Pages(app)
    for number in range(10):
        assert try_to_sign_in(pages, f"guess{number}@example.jp", "wrong words")[0] == 422
    values = {"csrf_token": pages.token("/sign-in"), "email": email, "password": factories.PASSWORD}
    answer = pages.client.post("/sign-in", data=values, headers={"Accept-Language": "ja"})
    assert answer.status_code == 429
    # Five minutes, rounded up to the next whole second.
    assert 1 <= int(answer.headers["Retry-After"]) <= 301


def test_a_whole_office_may_sign_in_from_one_network_address(app: Flask) -> None:
    for _number in range(12):
        assert try_to_sign_in(Pages(app), account(app), factories.PASSWORD)[0] == 303


def test_the_right_password_sets_the_count_of_the_account_back(app: Flask) -> None:
    email = account(app)
    for _number in range(12):
        assert try_to_sign_in(Pages(app), email, factories.PASSWORD)[0] == 303


def test_the_limit_is_a_setting(variant: Callable[..., Flask]) -> None:
    strict = variant(sign_in_limit="2 per minute")
    email, pages = account(strict), Pages(strict)
    assert [try_to_sign_in(pages, email, "wrong words")[0] for _ in range(3)] == [422, 422, 429]


def test_accounts_of_the_demonstration_open_nothing_outside_of_it(app: Flask, live: Flask) -> None:
    email = account(app)
    with app.app_context(), writing():
        token = sessions.begin(db.session.scalars(db.select(Person).filter_by(email=email)).one())
        db.session.commit()
    values = {"email": email, "password": factories.PASSWORD}
    assert WRONG in Pages(live).post("/sign-in", values, status=422)
    with live.app_context(), writing():
        assert sessions.of_token(token) is None
        entering.ask_for_new_password(email)
        entering.ask_to_sign_up(email, "ja")
        alive = db.select(OneTimeLink).where(OneTimeLink.used_at.is_(None))
        assert db.session.scalars(alive).all() == []
