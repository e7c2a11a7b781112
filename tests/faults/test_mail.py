"""Mail while its server is away, and when the worker dies in the middle of it (F8, F10)."""

import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import Mail
from accreditation.services import mail
from tests.conftest import MADE_UP_NOW
from tests.fields import hidden
from tests.pages import Pages
from tests.postbox import Postbox
from tests.web.applicant.cases import case

MINUTES = 10
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Here everything happens in one process, whose clock is moved."""
    with clock.at(MADE_UP_NOW):
        yield


@contextmanager
def saying(words: bytes) -> Iterator[str]:
    """Listen as a mail server that says this to everybody, or nothing, and then no more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held = []

        def answer() -> None:
            while True:
                try:
                    found = listening.accept()[0]
                except OSError:
                    return
                found.sendall(words)
                held.append(found)

        Thread(target=answer, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        for one in held:
            one.close()


@contextmanager
def refusing() -> Iterator[str]:
    """Give an address where nobody listens."""
    with Postbox.opened() as box:
        gone = box.address
    yield gone


def send_through(app: Flask, settings: Settings, address: str) -> None:
    given = {"mail_server": address, "mail_starttls": False}
    app.extensions["settings"] = settings.model_copy(update=given)


def act(app: Flask) -> None:
    """Sign somebody up, and send an application: three mails are written, nobody sees an error."""
    Pages(app).post("/sign-up", {"email": "new@example.jp"})
    pages, _key, path = case(app)
    form = dict(hidden(pages.get(f"{path}/check"))) | {"accepted": "y"}
    assert "Your application is sent." in pages.post(f"{path}/check", form)


def mails(app: Flask) -> list[Mail]:
    with app.app_context():
        return list(db.session.scalars(select(Mail).order_by(Mail.id)))


@pytest.mark.parametrize(
    "away",
    [refusing, lambda: saying(b""), lambda: saying(b"421 too busy\r\n"), lambda: saying(b"250-")],
    ids=["refuses", "is silent", "is busy", "stops in the middle"],
)
def test_mails_wait_for_a_server_that_is_away_and_arrive_once_within_a_minute(
    app: Flask,
    settings: Settings,
    away: Callable[[], AbstractContextManager[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.1)
    sweep = app.extensions["jobs"].sweep
    with away() as address:
        send_through(app, settings, address)
        act(app)
        for minute in range(MINUTES):
            with clock.at(clock.now() + minute * MINUTE):
                sweep()
    waiting = mails(app)
    assert len(waiting) >= 2
    assert {(one.sent_at, one.attempts) for one in waiting} == {(None, 0)}
    with Postbox.opened() as box:
        send_through(app, settings, box.address)
        with clock.at(clock.now() + MINUTES * MINUTE):
            sweep()
        arrived = Counter(one["Message-ID"] for one in box.messages)
    assert arrived == dict.fromkeys((one.message_id for one in waiting), 1)
    assert all(one.sent_at for one in mails(app))


def test_a_server_that_is_away_is_asked_once_a_sweep(app: Flask, settings: Settings) -> None:
    act(app)
    with refusing() as address:
        send_through(app, settings, address)
        app.extensions["jobs"].sweep()
    assert [bool(one.failure) for one in mails(app)] == [True] + [False] * (len(mails(app)) - 1)


def test_a_mail_that_was_taken_is_not_sent_again_for_a_rude_parting(
    app: Flask, settings: Settings
) -> None:
    with Postbox.opened() as box:
        box.parting = "421 too busy"
        send_through(app, settings, box.address)
        act(app)
        for days in range(3):
            with clock.at(clock.now() + timedelta(days=days)):
                app.extensions["jobs"].sweep()
    assert len(box.messages) == len(mails(app))
    assert {(bool(one.sent_at), one.attempts) for one in mails(app)} == {(True, 1)}


def sweep_and_die(app: Flask, box: Postbox) -> None:
    """Let a worker sweep in a process of its own, which is killed when its first mail is taken."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    reading, going = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(reading, 1)
        app.extensions["jobs"].sweep()
        os._exit(0)
    box.victim = child
    os.write(going, b"!")
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was not killed"
    box.victim = 0
    os.close(reading)
    os.close(going)


def test_a_worker_that_dies_before_it_marks_sends_again_later_under_the_same_id(
    app: Flask, settings: Settings
) -> None:
    with Postbox.opened() as box:
        send_through(app, settings, box.address)
        act(app)
        number = len(mails(app))
        sweep_and_die(app, box)
        assert len(box.messages) == 1
        for moved in (timedelta(), mail.CLAIM - MINUTE):
            with clock.at(clock.now() + moved):
                app.extensions["jobs"].sweep()
        assert len(box.messages) == number, "what was claimed is left alone for a while"
        with clock.at(clock.now() + mail.CLAIM + MINUTE):
            app.extensions["jobs"].sweep()
        with clock.at(clock.now() + timedelta(days=1)):
            app.extensions["jobs"].sweep()
    copies = Counter(one["Message-ID"] for one in box.messages)
    assert sorted(copies.values()) == [1] * (number - 1) + [2]
    assert set(copies) == {one.message_id for one in mails(app)}
    twice = [one for one in box.messages if copies[one["Message-ID"]] == 2]
    assert twice[0].as_bytes() == twice[1].as_bytes(), "mailboxes keep one of two that are equal"
