"""The outbox: what waits is seen, and tried at once when somebody asks."""

from datetime import timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import HistoryEntry, Mail, Office
from accreditation.services import mail
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages


@pytest.fixture
def administrator(app: Flask) -> Pages:
    return Pages.of(app, Office.ADMINISTRATOR)


def failed(app: Flask, *, hours: int) -> int:
    """Write a mail so long ago that was tried in vain ever since; gives its id."""
    moment = MADE_UP_NOW - timedelta(hours=hours)
    with app.app_context(), writing(), clock.at(moment):
        written = mail.write_to("a@example.jp", "ja", "account/sign_up", token="t", hours=24)
        written.attempts, written.failure = 12, "ConnectionRefusedError: no server"
        db.session.commit()
        return written.id


def test_nothing_waits(administrator: Pages) -> None:
    assert "Nothing waits." in administrator.get("/administration/outbox")


def test_what_waits_is_shown_with_its_age_and_fault(app: Flask, administrator: Pages) -> None:
    failed(app, hours=5)
    html = administrator.get("/administration/outbox")
    assert "5 hours" in html
    assert "ConnectionRefusedError: no server" in html
    assert "Late" in html
    assert "a@example.jp" not in html, "to whom is not needed to mend it"


def test_everything_is_tried_at_once_when_asked(app: Flask, administrator: Pages) -> None:
    waiting = failed(app, hours=5)
    with app.app_context():
        assert mail.waiting() == [], "its next try is a day away"
    html = administrator.post("/administration/outbox/try", page="/administration/outbox")
    assert "Everything that waits is tried now." in html
    with app.app_context():
        assert mail.waiting() == [waiting]
        app.extensions["jobs"].sweep()
    with app.app_context():
        assert db.session.get_one(Mail, waiting).sent_at is not None
        acts = db.session.scalars(db.select(HistoryEntry.act).filter_by(subject_type="outbox"))
        assert list(acts) == ["try_now"]
    assert "Nothing waits." in administrator.get("/administration/outbox")
