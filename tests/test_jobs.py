"""The worker: makes the documents and sends the mails that wait, each once."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock, create_app
from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.jobs import Jobs
from accreditation.models import Application, Document, DocumentKind, Mail, SignIn
from accreditation.services import documents, mail, storage
from accreditation.services.accounts import sessions
from tests import factories
from tests.postbox import Postbox
from tests.services.crowds import gathered, step
from workflows.application import ApplicationState


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server that takes its time and knows one person less than we do."""
    with Postbox.opened(refuses="unknown@example.jp", pause=0.03) as box:
        yield box


@pytest.fixture
def mailing(settings: Settings, postbox: Postbox) -> Iterator[Flask]:
    """The application with that mail server."""
    given = {"mail_server": postbox.address, "mail_starttls": False}
    made = create_app(settings.model_copy(update=given))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def jobs_of(app: Flask) -> Jobs:
    jobs: Jobs = app.extensions["jobs"]
    return jobs


def sweep_at_once(app: Flask, workers: int) -> None:
    """Let several workers look at the same moment, as when one was started by hand besides."""
    barrier, moment = Barrier(workers), clock.now()

    def sweep(_: int) -> None:
        barrier.wait(60)
        with clock.at(moment):
            jobs_of(app).sweep()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(sweep, range(workers)))


def write(app: Flask, *recipients: str) -> None:
    """Write a mail to each."""
    with app.app_context(), writing():
        for number, recipient in enumerate(recipients):
            mail.write_to(recipient, "ja", "account/sign_up", token=f"{number}", hours=24)
        db.session.commit()


def test_mails_are_sent_once_when_workers_sweep_at_once(mailing: Flask, postbox: Postbox) -> None:
    write(mailing, *(f"person{number}@example.jp" for number in range(12)))
    sweep_at_once(mailing, 3)
    sweep_at_once(mailing, 2)
    with mailing.app_context():
        mails = db.session.scalars(select(Mail)).all()
        assert [one.attempts for one in mails] == [1] * 12
        assert all(one.sent_at and not one.failure for one in mails)
        expected = Counter(one.message_id for one in mails)
    assert Counter(message["Message-ID"] for message in postbox.messages) == expected
    assert {message["To"] for message in postbox.messages} == {
        f"person{number}@example.jp" for number in range(12)
    }


def test_a_mail_says_what_was_written(mailing: Flask, postbox: Postbox) -> None:
    write(mailing, "tabiko@example.jp")
    jobs_of(mailing).sweep()
    (message,) = postbox.messages
    with mailing.app_context():
        written = db.session.scalars(select(Mail)).one()
        assert message["Subject"] == written.subject
        assert message.get_content().replace("\r\n", "\n") == written.body
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == clock.now()


def test_a_mail_that_can_not_be_sent_does_not_stop_the_others(
    mailing: Flask, postbox: Postbox
) -> None:
    write(mailing, "unknown@example.jp", "two\nlines@example.jp", "known@example.jp")
    jobs_of(mailing).sweep()
    assert [message["To"] for message in postbox.messages] == ["known@example.jp"]
    with mailing.app_context():
        refused, impossible, sent = db.session.scalars(select(Mail).order_by(Mail.id))
        assert (refused.sent_at, refused.attempts) == (None, 1)
        assert refused.failure.startswith("SMTPRecipientsRefused")
        assert (impossible.sent_at, impossible.attempts) == (None, 1)
        assert impossible.failure.startswith("ValueError")
        assert sent.sent_at == clock.now()


def test_a_mail_waits_while_the_server_is_away(app: Flask, settings: Settings) -> None:
    with Postbox.opened() as box:
        away = box.address
    given = {"mail_server": away, "mail_starttls": False}
    app.extensions["settings"] = settings.model_copy(update=given)
    write(app, "patient@example.jp")
    jobs_of(app).sweep()
    with app.app_context():
        waits = db.session.scalars(select(Mail)).one()
        assert (waits.sent_at, waits.attempts) == (None, 0)
        assert waits.failure.startswith("ConnectionRefusedError")
    app.extensions["settings"] = settings
    with clock.at(clock.now() + timedelta(minutes=1)):
        jobs_of(app).sweep()
    with app.app_context():
        arrived = db.session.scalars(select(Mail)).one()
        assert (arrived.attempts, arrived.failure) == (1, "")
        assert arrived.sent_at == clock.now() + timedelta(minutes=1)


def test_a_hopeless_mail_is_tried_once_a_day(app: Flask) -> None:
    write(app, "hopeless@example.jp")
    with app.app_context(), writing():
        found = db.session.scalars(select(Mail)).one()
        found.attempts = 20
        db.session.commit()
        with clock.at(clock.now() + timedelta(days=10)):
            assert mail.waiting() == []
        with clock.at(clock.now() + timedelta(days=11)):
            assert mail.waiting() == [found.id]


def test_documents_are_made_once_when_workers_sweep_at_once(app: Flask, tmp_path: Path) -> None:
    crowd = gathered(app, tmp_path, 1, programmes=1)
    with app.app_context(), writing():
        step(crowd.applications[0], "accredit", crowd.council[0])
        db.session.commit()
    sweep_at_once(app, 2)
    with app.app_context():
        made = {d.id: (d.sha256, d.made_at) for d in db.session.scalars(select(Document))}
        assert len(made) == 2
        check_files()
    sweep_at_once(app, 2)
    with app.app_context():
        again = {d.id: (d.sha256, d.made_at) for d in db.session.scalars(select(Document))}
        assert again == made, "a document that was made never changes"


def check_files() -> None:
    for document in db.session.scalars(select(Document)):
        assert document.made_at is not None
        assert document.sha256 is not None
        content = storage.get(document.sha256)
        assert hashlib.sha256(content).hexdigest() == document.sha256
        assert len(content) == document.size
        assert content.startswith(b"%PDF")
        assert (document.attempts, document.failure) == (0, "")


def test_the_same_document_made_by_two_workers_at_once(app: Flask) -> None:
    with app.app_context(), writing():
        factories.application(ApplicationState.ACCREDITED)
        db.session.commit()
        document = db.session.scalars(select(Document.id)).one()
    barrier = Barrier(2)

    def make(minutes: int) -> tuple[bool, object, object]:
        with app.app_context(), clock.at(clock.now() + timedelta(minutes=minutes)):
            barrier.wait(60)
            done = documents.make(document)
            row = db.session.get_one(Document, document, populate_existing=True)
            return done, row.made_at, row.sha256

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(make, range(2))
    assert first == second, "whoever comes second finds it made, and leaves it as it is"
    assert first[0] is True
    with app.app_context():
        check_files()
        assert documents.make(document)


def test_a_document_that_can_not_be_made_does_not_stop_the_others(app: Flask) -> None:
    with app.app_context(), writing():
        lost = documents.order(DocumentKind.CERTIFICATE).id  # of no certificate at all
        factories.application(ApplicationState.ACCREDITED)
        db.session.commit()
    jobs_of(app).sweep()
    with app.app_context():
        failed = db.session.get_one(Document, lost)
        assert (failed.made_at, failed.attempts, failed.failure) == (None, 1, "NoResultFound")
        made = select(Document).where(Document.made_at.is_not(None))
        assert len(db.session.scalars(made).all()) == 1
        assert db.session.scalars(select(Mail).where(Mail.sent_at.is_(None))).all() == []


def test_the_sweep_deletes_what_has_run_out(app: Flask) -> None:
    with app.app_context(), writing():
        sessions.begin(factories.person())
        db.session.commit()
    for days, left in ((1, 1), (40, 0)):
        with clock.at(clock.now() + timedelta(days=days)):
            jobs_of(app).sweep()
        with app.app_context():
            assert len(db.session.scalars(select(SignIn)).all()) == left


def test_the_worker_is_woken_by_a_commit_and_by_nothing_else(app: Flask) -> None:
    queue = jobs_of(app).queue
    asleep = queue.pending_count()
    with app.app_context(), writing():
        mail.write_to("somebody@example.jp", "ja", "account/sign_up", token="t", hours=24)
        assert queue.pending_count() == asleep
        db.session.rollback()
        factories.person()
        db.session.commit()
        assert queue.pending_count() == asleep, "what was rolled back wakes nobody"
        mail.write_to("somebody@example.jp", "ja", "account/sign_up", token="t", hours=24)
        db.session.commit()
    assert queue.pending_count() == asleep + 1


def test_a_commit_stands_although_the_queue_is_away(app: Flask, settings: Settings) -> None:
    queue = settings.data_dir / "queue.db"
    jobs_of(app).queue.storage.close()
    for file in settings.data_dir.glob("queue.db*"):
        file.unlink()
    queue.mkdir()
    assert not jobs_of(app).is_ready()
    with app.app_context(), writing():
        made = factories.application(ApplicationState.SUBMITTED).id
        db.session.commit()
    with app.app_context():
        assert db.session.get_one(Application, made).state == ApplicationState.SUBMITTED
        assert mail.waiting()
