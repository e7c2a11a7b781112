"""SQLite's lock in somebody else's hands: reading goes on, writing waits or is given back (F5)."""

import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Timer

import pytest
from flask import Flask
from sqlalchemy import text

from accreditation import sqlite
from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Person
from accreditation.services.accounts import people
from tests import factories
from tests.fields import hidden
from tests.pages import Pages, check_page

IN_FRONT = 30.0  # seconds after which the least patient of usual web servers in front gives up
READ = ("/verify", "/verify/R08-0001", "/register", "/", "/account")
NAME = "髙橋 花子"

pytestmark = pytest.mark.sqlite


@contextmanager
def locked(settings: Settings, seconds: float = 0) -> Iterator[None]:
    """Hold the lock as another process does: for some seconds, or to the end of the block."""
    other = sqlite3.connect(settings.data_dir / "accreditation.db", check_same_thread=False)
    other.isolation_level = None
    other.execute("BEGIN EXCLUSIVE")
    timer = Timer(seconds, other.rollback)
    if seconds:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        other.close()


def somebody(app: Flask) -> Pages:
    """Sign in an operator of an accreditation, so that there is something to check."""
    with app.app_context(), writing():
        held = factories.accreditation()
        email = factories.owner_of(held.site.operator).email
        db.session.commit()
    return Pages(app, email)


def slowest(pages: Pages) -> float:
    """Read every page; give the seconds of the slowest."""
    took = []
    for path in READ:
        begun = time.monotonic()
        pages.get(path)
        took.append(time.monotonic() - begun)
    return max(took)


def rename(pages: Pages, token: str) -> tuple[int, float, str, str]:
    """Send a form; give status, seconds, how long to wait, and the page."""
    begun = time.monotonic()
    form = {"csrf_token": token, "name": NAME, "language": "ja"}
    said = {"Sec-Fetch-Site": "same-origin"}
    answer = pages.client.post("/account", data=form, headers=said)
    return (
        answer.status_code,
        time.monotonic() - begun,
        answer.headers.get("Retry-After", ""),
        answer.text,
    )


def test_who_finds_it_locked_for_two_seconds_waits_and_is_served(
    app: Flask, settings: Settings
) -> None:
    pages = somebody(app)
    token = pages.token("/account")
    slowest(pages)  # reads every template for the first time
    with locked(settings, seconds=2), ThreadPoolExecutor(1) as pool:
        sent = pool.submit(rename, pages, token)
        reader = Pages(app)
        assert max(_read(reader) for _ in range(3)) < 1
        status, took, _wait, _page = sent.result()
    assert status == 303
    assert 1 < took < 2 + sqlite.BUSY


def _read(reader: Pages) -> float:
    begun = time.monotonic()
    reader.get("/verify/R08-0001")
    return time.monotonic() - begun


def test_who_finds_it_locked_for_long_gets_back_what_was_typed(
    app: Flask, settings: Settings
) -> None:
    pages = somebody(app)
    token = pages.token("/account")
    slowest(pages)
    with locked(settings):
        status, took, wait, page = rename(pages, token)
        assert slowest(pages) < 1
    assert (status, int(wait)) == (503, 30)
    assert took < IN_FRONT, "a server in front would have answered with a page of its own"
    check_page(page)
    assert "ただいま混み合っています" in page
    assert "The site is busy" in page
    assert f"{NAME}</textarea>" in page
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert fresh
    again = {**dict(hidden(page)), "csrf_token": fresh[1]}
    assert pages.client.post("/account", data=again).status_code == 303
    with app.app_context():
        assert [one.name for one in db.session.scalars(db.select(Person)) if one.name == NAME]


def test_many_who_wait_to_write_leave_room_to_read(app: Flask, settings: Settings) -> None:
    pages, waiting, number = somebody(app), Event(), 60
    slowest(pages)

    def write(_: int) -> None:
        with app.app_context(), writing():
            waiting.set()
            db.session.execute(text("UPDATE people SET language = language"))
            db.session.commit()

    with ThreadPoolExecutor(number) as pool:
        with locked(settings):
            written = [pool.submit(write, one) for one in range(number)]
            assert waiting.wait(5)
            time.sleep(0.3)
            assert slowest(pages) < 1
        for one in written:
            one.result()


def test_writers_take_turns_so_that_none_waits_for_long(app: Flask) -> None:
    with app.app_context(), writing():
        email = factories.person().email
        db.session.commit()

    def write(_: int) -> float:
        begun = time.monotonic()
        with app.app_context(), writing():
            person = people.by_address(email)
            assert person is not None
            person.language = "ja" if person.language == "en" else "en"
            time.sleep(0.005)
            db.session.commit()
        return time.monotonic() - begun

    begun = time.monotonic()
    with ThreadPoolExecutor(50) as pool:
        took = list(pool.map(write, range(150)))
    together = time.monotonic() - begun
    assert max(took) < together * 0.6, "somebody was overtaken again and again"
