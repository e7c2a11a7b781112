"""What waits is listed with its age and its last failure, and an hour is too long."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Document, DocumentKind, Mail
from accreditation.services import documents
from tests import factories
from tests.console import run
from tests.models import world


def test_nothing_waits_after_the_sweep(app: Flask) -> None:
    with app.app_context(), writing():
        world.fill()
    app.extensions["jobs"].sweep()
    done = run(app, "outbox", "status")
    assert (done.exit_code, done.stdout) == (0, "0 wait, none for more than an hour.\n")


@pytest.fixture
def waiting(app: Flask) -> Flask:
    """An installation where a mail and a document wait, both tried without success."""
    with app.app_context(), writing():
        factories.person()
        made = documents.order(DocumentKind.CERTIFICATE)
        now = clock.now()
        db.session.add(
            Mail(
                message_id="<a@example.jp>",
                recipient="a@example.jp",
                language="ja",
                subject="題",
                body="文",
                written_at=now,
            )
        )
        db.session.flush()
        tried = {"attempts": 2, "failure": "ConnectionRefusedError: [Errno 111]"}
        db.session.execute(update(Mail).values(**tried))
        db.session.commit()
        assert not documents.make(made.id)
        assert db.session.get_one(Document, made.id).attempts == 1
    return app


@pytest.mark.parametrize(("minutes", "status"), [(0, 0), (60, 0), (61, 1)])
def test_what_waits_is_listed_and_an_hour_is_too_long(
    waiting: Flask, minutes: int, status: int
) -> None:
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        done = run(waiting, "outbox", "status")
    assert done.exit_code == status
    mail, document = done.stdout.splitlines()[:2]
    refused = "the last try failed: ConnectionRefusedError: [Errno 111]"
    assert mail == f"mail 1: {minutes} minutes, 2 tries, {refused}"
    assert document == f"document 1: {minutes} minutes, 1 tries, the last try failed: NoResultFound"
    late = "Error: 2 of 2 wait for more than an hour\n" if status else ""
    assert done.stderr == late
    assert ("2 wait, none for more than an hour." in done.stdout) == (not status)
    assert "a@example.jp" not in done.output
