"""Faults: of the code, and of a database that is away or too old."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from accreditation import logs
from accreditation.extensions import db, writing
from accreditation.models import Person
from tests import factories
from tests.fields import hidden
from tests.pages import Pages, check_page

SECRET = "taro.mihon@example.jp"


def with_cookie_of(pages: Pages, app: Flask) -> Pages:
    cookie = pages.client.get_cookie("accreditation")
    assert cookie is not None
    other = Pages(app)
    other.client.set_cookie("accreditation", cookie.value)
    return other


def fail(app: Flask) -> None:
    """Give the application a page with a fault in it."""

    def faulty() -> str:
        message = f"cannot read {SECRET}"
        raise ValueError(message)

    app.view_functions["public.about"] = faulty


def test_a_fault_is_told_without_a_word_of_it(app: Flask) -> None:
    fail(app)
    answer = app.test_client().get("/about")
    assert answer.status_code == 500
    check_page(answer.text)
    assert "エラーが発生しました" in answer.text
    assert "Something went wrong" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    for told in (SECRET, "ValueError", "Traceback", "faulty"):
        assert told not in answer.text


@pytest.fixture
def restored_logs() -> Iterator[None]:
    """Let the logs of later tests not go where this one's were caught."""
    yield
    logs.configure("INFO")


@pytest.mark.usefixtures("restored_logs")
def test_a_fault_is_logged_with_its_place_but_without_its_words(
    capsys: pytest.CaptureFixture[str], app: Flask
) -> None:
    logs.configure("INFO")
    fail(app)
    answer = app.test_client().get(f"/about?email={SECRET}")
    logged = capsys.readouterr().err
    entry = json.loads(logged.strip().splitlines()[-1])
    assert entry["event"] == "unexpected"
    assert entry["request"] == answer.headers["X-Request-ID"]
    assert entry["error"][0] == "ValueError"
    assert entry["error"][-1].endswith(" faulty")
    assert SECRET not in logged


@pytest.mark.parametrize("path", ["/", "/register", "/verify", "/no/such/page", "/about"])
def test_without_a_database_every_page_says_that_the_site_is_busy(broken: Flask, path: str) -> None:
    answer = broken.test_client().get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    check_page(answer.text)
    assert "ただいま混み合っています" in answer.text
    assert "lost.db" not in answer.text


@pytest.mark.usefixtures("restored_logs")
def test_the_log_says_what_the_database_lacks_but_not_what_was_asked(
    capsys: pytest.CaptureFixture[str], app: Flask
) -> None:
    logs.configure("INFO")

    def ask() -> str:
        if db.engine.dialect.name == "sqlite":
            return str(db.session.scalar(text("SELECT missing, :secret"), {"secret": SECRET}))
        raise OperationalError("SELECT :secret", {"secret": SECRET}, Exception("no such column"))

    app.view_functions["public.about"] = ask
    assert app.test_client().get("/about").status_code == 503
    logged = capsys.readouterr().err
    entry = json.loads(logged.strip().splitlines()[-1])
    assert entry["event"] == "database_unavailable"
    assert entry["problem"].startswith("no such column")
    assert SECRET not in logged


def test_what_was_typed_while_the_database_was_away_can_be_sent_again(
    app: Flask, broken: Flask
) -> None:
    with app.app_context(), writing():
        email = factories.person(language="en").email
        db.session.commit()
    healthy = Pages(app, email)
    token = healthy.token("/account")
    values = {"csrf_token": token, "name": "髙橋 花子", "language": "ja"}
    away = with_cookie_of(healthy, broken)
    answer = away.client.post("/account", data=values)
    assert answer.status_code == 503
    check_page(answer.text)
    assert "髙橋 花子</textarea>" in answer.text
    assert 'action="/account"' in answer.text
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert fresh
    again = {**dict(hidden(answer.text)), "csrf_token": fresh[1]}
    assert healthy.client.post("/account", data=again).status_code == 303
    with app.app_context():
        person = db.session.scalars(db.select(Person).filter_by(email=email)).one()
        assert person.name == "髙橋 花子"
