"""What was promised and is still to be done: mails to be sent, documents to be made."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Document, Mail, Person
from accreditation.services import history, wake

LATE = timedelta(hours=1)  # the worker looks every minute; by then something is in its way


@dataclass(frozen=True)
class Waiting:
    """A mail or document that waits: since how long, how often it was tried, what went wrong."""

    name: str
    age: timedelta
    attempts: int
    failure: str

    @property
    def is_late(self) -> bool:
        """Whether somebody should look into it."""
        return self.age > LATE


def waiting() -> list[Waiting]:
    """List all that waits: mails, then documents, the oldest of each first."""
    mails = select(Mail.id, Mail.written_at, Mail.attempts, Mail.failure)
    documents = select(Document.id, Document.ordered_at, Document.attempts, Document.failure)
    unsent = db.session.execute(mails.where(Mail.sent_at.is_(None)).order_by(Mail.id))
    unmade = db.session.execute(documents.where(Document.made_at.is_(None)).order_by(Document.id))
    return [
        *(_waiting("mail", *row) for row in unsent),
        *(_waiting("document", *row) for row in unmade),
    ]


def try_now(actor: Person) -> None:
    """Let everything that waits be tried at once, however often it failed; the caller commits.

    What a worker holds at this moment stays with it: nothing is sent twice.
    """
    db.session.execute(update(Mail).where(Mail.sent_at.is_(None)).values(attempts=0))
    db.session.execute(update(Document).where(Document.made_at.is_(None)).values(attempts=0))
    event = history.Event(
        subject_type="outbox",
        subject_id=0,
        act="try_now",
        actor=actor,
        party="administrator",
    )
    history.record(event)
    wake.after_commit()


def _waiting(kind: str, number: int, since: datetime, attempts: int, failure: str) -> Waiting:
    return Waiting(f"{kind} {number}", clock.now() - since, attempts, failure)
