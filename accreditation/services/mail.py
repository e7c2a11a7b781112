"""Mails: written as rows in the transaction of what they tell of, delivered afterwards."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from flask import current_app, render_template
from flask_babel import force_locale
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import or_, select, update

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Application, Mail, Person
from accreditation.services import wake
from accreditation.services.queues import LAST_PAGE, PAGE
from accreditation.services.retries import due

TIMEOUT = 20  # seconds for one mail
CLAIM = timedelta(minutes=5)  # how long a mail belongs to the worker that took it


class ServerAwayError(Exception):
    """The mail server can't be spoken to: no mail can be sent now, whatever it is."""


def write(
    person: Person,
    template: str,
    application: Application | None = None,
    *,
    author: Person | None = None,
    **context: object,
) -> Mail:
    """Write a mail to a person, in their language."""
    given = {"person": person, **context}
    return write_to(person.email, person.language, template, application, author=author, **given)


def write_to(
    address: str,
    language: str,
    template: str,
    application: Application | None = None,
    *,
    author: Person | None = None,
    **context: object,
) -> Mail:
    """Write a mail from templates/mail/<template>.txt: the first line is the subject.

    `author` is whose name or words it holds: it goes when they are forgotten. It is stored in the
    caller's transaction and sent in the background after the commit.
    """
    settings: Settings = current_app.extensions["settings"]
    with force_locale(language):
        text = render_template(
            f"mail/{template}.txt",
            application=application,
            language=language,
            site_address=settings.site_address,
            **context,
        )
    subject, _, body = text.strip().partition("\n")
    mail = Mail(
        message_id=make_msgid(domain=settings.mail_from.rsplit("@", 1)[-1]),
        recipient=address,
        language=language,
        subject=" ".join(subject.split())[:400],
        body=body.strip() + "\n",
        application_id=application.id if application else None,
        author_id=author.id if author else None,
        written_at=clock.now(),
    )
    db.session.add(mail)
    wake.after_commit()
    return mail


def of_application(application: Application) -> list[Mail]:
    """List the mails that were written in a case, newest first."""
    chosen = select(Mail).where(Mail.application_id == application.id)
    return list(db.session.scalars(chosen.order_by(Mail.id.desc())))


def newest(page: int) -> Pagination:
    """List a page of all mails, newest first; pages count from 1."""
    chosen = select(Mail).order_by(Mail.id.desc())
    return db.paginate(chosen, page=min(max(page, 1), LAST_PAGE), per_page=PAGE, error_out=False)


def waiting() -> list[int]:
    """List the ids of the mails to be sent now, oldest first; none is ever given up."""
    chosen = select(Mail.id, Mail.written_at, Mail.attempts).where(Mail.sent_at.is_(None))
    rows, now = db.session.execute(chosen.order_by(Mail.id)), clock.now()
    return [row.id for row in rows if due(row.written_at, row.attempts) <= now]


def deliver_all() -> None:
    """Send what is to be sent now, committing each; all wait while the server is away.

    Every minute one of them finds out whether it is back; waiting costs none of them a try.
    """
    for mail_id in waiting():
        try:
            deliver(mail_id)
        except ServerAwayError:
            return


def deliver(mail_id: int) -> bool:
    """Send one mail and mark it sent, committing; say whether this call sent it.

    It is claimed first, so that two workers don't both send it, and sent outside any
    transaction, so that a slow mail server holds nobody up. A worker that dies between sending
    and marking leaves a claim that runs out; the mail is then sent again under the same id.
    ServerAwayError when there is no mail server to speak to.
    """
    if not _claim(mail_id):
        return False
    mail = db.session.get_one(Mail, mail_id)
    db.session.expunge(mail)
    db.session.rollback()
    try:
        _send(mail)
    except ServerAwayError as error:
        _mark(mail_id, claimed_at=None, attempts=Mail.attempts - 1, failure=str(error))
        raise
    except (OSError, ValueError, smtplib.SMTPException) as error:
        _mark(mail_id, claimed_at=None, failure=_said(error))
        return False
    _mark(mail_id, sent_at=clock.now(), failure="")
    return True


def _claim(mail_id: int) -> bool:
    free = or_(Mail.claimed_at.is_(None), Mail.claimed_at < clock.now() - CLAIM)
    chosen = update(Mail).where(Mail.id == mail_id, Mail.sent_at.is_(None), free)
    claim = chosen.values(claimed_at=clock.now(), attempts=Mail.attempts + 1).returning(Mail.id)
    db.session.rollback()  # SQLite lets no transaction write that began as a reading one
    with writing():
        claimed = db.session.scalar(claim)
        db.session.commit()
    return claimed is not None


def _mark(mail_id: int, **values: object) -> None:
    with writing():
        db.session.execute(update(Mail).where(Mail.id == mail_id).values(**values))
        db.session.commit()


def _send(mail: Mail) -> None:
    settings: Settings = current_app.extensions["settings"]
    if not settings.mail_server:
        return  # the demonstration's mailbox shows the row itself
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = settings.mail_from
    message["To"] = mail.recipient
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    with _server(settings) as server:
        server.send_message(message)


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Speak to the mail server; ServerAwayError when that does not even begin."""
    host, _, port = settings.mail_server.partition(":")
    try:
        server = smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT)
    except OSError as error:
        raise ServerAwayError(_said(error)) from error
    try:
        _introduce(server, settings)
    except OSError as error:
        server.close()
        raise ServerAwayError(_said(error)) from error
    try:
        yield server
    finally:
        with suppress(OSError):  # a mail that was taken stays taken, however the parting goes
            server.quit()


def _introduce(server: smtplib.SMTP, settings: Settings) -> None:
    if settings.mail_starttls:
        server.starttls(context=ssl.create_default_context())  # else no certificate is checked
    if settings.mail_user:
        server.login(settings.mail_user, settings.mail_password.get_secret_value())


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:400]
