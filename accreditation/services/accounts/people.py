"""People: their accounts, names and addresses, and the offices to which they are appointed."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import or_, select

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import Appointment, Office, Person
from accreditation.services import history
from accreditation.services.accounts import inviters, passwords
from accreditation.services.errors import ServiceError
from accreditation.services.identifiers import tidy
from accreditation.services.queues import LAST_PAGE, PAGE
from workflows.engine import N_

LONGEST_NAME = 200  # characters: what its column holds
_NO_NAME = N_("Please enter your name.")


def normal_address(email: str) -> str:
    """Write a mail address in the one form in which accounts are known, full-width or not."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def by_address(email: str) -> Person | None:
    """Find the account of a mail address."""
    return db.session.scalar(select(Person).where(Person.email == normal_address(email)))


def may_enter(person: Person) -> bool:
    """Say whether an account is open: not closed, and no demonstration's outside of it."""
    settings: Settings = current_app.extensions["settings"]
    return person.disabled_at is None and (settings.demo or not person.demonstration)


def create(
    email: str, name: str, password: str, language: str, *, demonstration: bool = False
) -> Person:
    """Make an account; the name is tidied.

    ServiceError when the address has one already, (field `name`) when the name is empty or too
    long, and (field `password`) when the password is too weak.
    """
    name = good_name(name)
    passwords.require_good(password, email, name)
    hashed = passwords.hashed(password)
    history.lock()
    if by_address(email):
        raise ServiceError(N_("There is an account for this address already."))
    person = Person(
        email=normal_address(email),
        name=name,
        language=language,
        password_hash=hashed,
        created_at=clock.now(),
        demonstration=demonstration,
    )
    db.session.add(person)
    db.session.flush()
    record(person, "sign_up", person)
    return person


def change_profile(person: Person, name: str, language: str) -> None:
    """Change a person's name and language; ServiceError (field `name`) as for `create`."""
    person.name, person.language = good_name(name), language


def appoint(person: Person, office: Office, actor: Person | None = None) -> None:
    """Appoint a person to an office; twice is once. ServiceError when an account is closed."""
    history.lock(person, actor)
    if office in person.offices:
        return
    person.appointments.append(Appointment(office=office, since=clock.today()))
    db.session.flush()
    record(person, "appoint", actor, {"office": office})


def dismiss(person: Person, office: Office, actor: Person | None = None) -> None:
    """End an appointment; twice is once."""
    history.lock(actor)
    db.session.refresh(person)
    if office not in person.offices:
        return
    person.appointments = [one for one in person.appointments if one.office != office]
    if office is Office.ADMINISTRATOR:
        inviters.end_to_offices(person)
    db.session.flush()
    record(person, "dismiss", actor, {"office": office})


def search(text: str, page: int) -> Pagination:
    """List a page of the accounts whose name or address holds a text, by address; from 1."""
    holds = or_(
        Person.email.contains(normal_address(text), autoescape=True),
        Person.name.contains(tidy(text), autoescape=True),
    )
    chosen = select(Person).where(holds).order_by(Person.email)
    number = min(max(page, 1), LAST_PAGE)
    return db.paginate(chosen, page=number, per_page=PAGE, error_out=False)


def demonstration_people() -> list[Person]:
    """List the accounts that belong to the demonstration."""
    return list(db.session.scalars(select(Person).where(Person.demonstration.is_(True))))


def record(
    person: Person, act: str, actor: Person | None, details: Mapping[str, Any] | None = None
) -> None:
    """Write down in the history what was done to an account; `details` never hold its name.

    Nobody as the actor is the system, or whoever sits at its console.
    """
    by_others = "administrator" if actor else "system"
    history.record(
        history.Event(
            subject_type="person",
            subject_id=person.id,
            act=act,
            actor=actor,
            party="person" if actor is person else by_others,
            details=dict(details or {}),
        )
    )


def good_name(name: str, empty: str = _NO_NAME, longest: int = LONGEST_NAME) -> str:
    """Tidy a name; ServiceError (field `name`) when nothing is left of it or it is too long.

    `empty` is the sentence (a message id) when nothing is left, `longest` counts characters.
    """
    name = tidy(name)
    if not name:
        raise ServiceError(empty, field="name")
    if len(name) > longest:
        why = N_("This has %(length)s characters, but only %(longest)s fit here.")
        raise ServiceError(why, field="name", length=len(name), longest=longest)
    return name
