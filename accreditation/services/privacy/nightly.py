"""Erasing by itself: announced first, each night what is overdue and was announced long enough.

Two workers may do it at the same moment: each thing is looked at anew under the lock of the
history, so that it is announced once and erased once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import delete, select, tuple_

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Appointment, Erasure, Office, Person
from accreditation.services import history, mail
from accreditation.services.accounts import people
from accreditation.services.privacy import retention
from accreditation.services.privacy.retention import Overdue

NOTICE = timedelta(days=7)  # from the announcement to the erasure, at least
AHEAD = timedelta(days=30)  # so far before its day something is announced


@dataclass(frozen=True)
class Coming:
    """Something that will be erased: what, of what (a key), and from which day on.

    `on` is None while nothing is erased by itself.
    """

    what: str
    of: str
    overdue: bool
    on: date | None


def is_on() -> bool:
    """Say whether the installation erases by itself."""
    settings: Settings = current_app.extensions["settings"]
    return settings.erase_at_night


def coming() -> list[Coming]:
    """List what is overdue or will be in AHEAD, as it stands now."""
    announced = {(one.what, one.subject): one.announced_on for one in _announced()}
    now = {(one.what, one.of) for one in _due(clock.today())}
    found = []
    for one in _due(clock.today() + AHEAD):
        key = one.what, one.of
        earliest = announced.get(key, clock.today()) + NOTICE
        day = earliest if key in now else max(earliest, clock.today() + timedelta(days=1))
        found.append(Coming(one.what, one.of, key in now, day if is_on() else None))
    return found


def run() -> list[str]:
    """Announce what will be due, erase what is due; gives what could not be erased, and why."""
    if not is_on():
        return []
    _announce()
    until = clock.today() - NOTICE
    ripe = {(one.what, one.subject) for one in _announced() if one.announced_on <= until}
    due = [
        one
        for one in retention.overdue()
        if one.what == retention.FILES or (one.what, one.of) in ripe
    ]
    return retention.apply(due)


def _due(day: date) -> list[Overdue]:
    """List what is overdue on a day; stray files are not announced."""
    with clock.at(max(clock.now(), clock.start_of(day))):
        return list(retention.of_rows())


def _announced() -> list[Erasure]:
    return list(db.session.scalars(select(Erasure).order_by(Erasure.id)))


def _announce() -> None:
    """Write down what will be due and tell the administrators; forget what no longer will."""
    db.session.rollback()  # SQLite lets no transaction write that began as a reading one
    with writing():
        history.lock()
        due = {(one.what, one.of) for one in _due(clock.today() + AHEAD)}
        known = {(one.what, one.subject) for one in _announced()}
        if gone := known - due:
            key = tuple_(Erasure.what, Erasure.subject)
            db.session.execute(delete(Erasure).where(key.in_(sorted(gone))))
        new = sorted(due - known)
        for what, of in new:
            db.session.add(Erasure(what=what, subject=of, announced_on=clock.today()))
        if new:
            _tell(len(new))
        db.session.commit()


def _tell(count: int) -> None:
    chosen = select(Person).join(Appointment, Appointment.person_id == Person.id)
    for person in db.session.scalars(chosen.where(Appointment.office == Office.ADMINISTRATOR)):
        if people.may_enter(person):
            mail.write(person, "account/erasing", count=count, days=NOTICE.days)
    event = history.Event(
        "installation", 1, "announce_erasing", None, "system", details={"count": count}
    )
    history.record(event)
