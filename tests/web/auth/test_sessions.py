import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Person
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages

NEW = "a kettle sings before the snow"


@pytest.fixture
def email(app: Flask) -> str:
    with app.app_context(), writing():
        person = factories.person(language="en")
        db.session.commit()
        return person.email


def with_cookie_of(pages: Pages, app: Flask) -> Pages:
    stolen = pages.client.get_cookie("accreditation")
    assert stolen is not None
    thief = Pages(app)
    thief.client.set_cookie("accreditation", stolen.value)
    return thief


def is_in(pages: Pages) -> bool:
    return pages.client.get("/account").status_code == 200


def test_signing_out_ends_the_session_on_the_server(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    thief = with_cookie_of(pages, app)
    assert is_in(thief)
    assert "You are signed out." in pages.post("/sign-out", page="/account")
    assert not is_in(pages)
    assert not is_in(thief)


def test_signing_out_takes_a_post_with_a_token(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    pages.get("/sign-out", status=405)
    assert pages.client.post("/sign-out").status_code == 400
    assert is_in(pages)


def test_signing_out_clears_what_the_browser_keeps(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    answer = pages.client.post("/sign-out", data={"csrf_token": pages.token("/account")})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_twice_is_once(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    token = pages.token("/account")
    assert pages.client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    again = pages.client.post("/sign-out", data={"csrf_token": token})
    assert (again.status_code, again.headers["Location"]) == (303, "/sign-in")


def test_a_cookie_from_before_a_change_of_password_is_dead(app: Flask, email: str) -> None:
    victim, owner = Pages(app, email), Pages(app, email)
    thief = with_cookie_of(victim, app)
    values = {"old_password": factories.PASSWORD, "password": NEW}
    owner.post("/account/password", values)
    assert not is_in(thief)
    assert is_in(owner)


def test_a_disabled_account_is_out_at_once(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    with app.app_context(), writing():
        db.session.scalars(db.select(Person).filter_by(email=email)).one().disabled_at = clock.now()
        db.session.commit()
    assert not is_in(pages)


def test_a_session_ends_after_the_idle_time(app: Flask, email: str) -> None:
    begun = time.time()
    with time_machine.travel(begun, tick=False) as moment:
        pages = Pages(app, email)
        for minutes in (29, 58, 87):  # each request begins the idle time anew
            moment.move_to(begun + minutes * 60)
            assert is_in(pages)
        cookie = pages.client.get_cookie("accreditation")
        assert cookie is not None
        moment.move_to(begun + (87 + 31) * 60)
        pages.client.set_cookie("accreditation", cookie.value)  # a thief's browser keeps it longer
        assert not is_in(pages)


def test_a_session_ends_in_any_case_after_its_hours(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    with clock.at(MADE_UP_NOW + timedelta(hours=23, minutes=59)):
        assert is_in(pages)
    with clock.at(MADE_UP_NOW + timedelta(hours=24, minutes=1)):
        assert not is_in(pages)


def test_a_cookie_that_was_changed_is_not_believed(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    cookie = pages.client.get_cookie("accreditation")
    assert cookie is not None
    payload, signed_at, signature = cookie.value.rsplit(".", 2)
    for forged in (f"{payload}A.{signed_at}.{signature}", f"{payload}.{signed_at}.AAAA", "", "."):
        pages.client.set_cookie("accreditation", forged)
        assert not is_in(pages)


def test_a_new_key_signs_nobody_out_while_the_former_one_is_believed(
    variant: Callable[..., Flask], email: str
) -> None:
    old, new = "o" * 40, "n" * 40
    pages = Pages(variant(secret_key=old), email)
    cookie = pages.client.get_cookie("accreditation")
    assert cookie is not None
    for former, status in ((old, 200), (f"{'x' * 40} {old}", 200), ("", 302)):
        client = variant(secret_key=new, former_secret_keys=former).test_client()
        client.set_cookie("accreditation", cookie.value)
        assert client.get("/account").status_code == status
