"""Accounts: signing up, signing in and out, passwords, one-time links, appointments."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app
from sqlalchemy import select, update

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import (
    Appointment,
    LinkPurpose,
    Office,
    OneTimeLink,
    Person,
    SignIn,
)
from accreditation.services import history, mail
from accreditation.services.errors import ServiceError
from accreditation.services.identifiers import tidy
from accreditation.services.passwords import normal_password, objection
from workflows.engine import N_

LINK_HOURS = 24
LONGEST_NAME = 200  # characters: what its column holds
DEAD_LINK = N_("This link does not work any more. Please ask for a new one.")
# OWASP's parameters for argon2id: 19 MiB, 2 rounds, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(32))


def normal_address(email: str) -> str:
    """Write a mail address in the one form in which accounts are known, full-width or not."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def by_address(email: str) -> Person | None:
    """Find the account of a mail address."""
    return db.session.scalar(select(Person).where(Person.email == normal_address(email)))


def ask_to_sign_up(email: str, language: str) -> None:
    """Mail a link to sign up; a known address gets one to a new password instead.

    Whoever asks can't tell the two apart: the answer is the mail. A closed account gets none.
    """
    known = by_address(email)
    purpose = LinkPurpose.NEW_PASSWORD if known else LinkPurpose.SIGN_UP
    template = "account/known" if known else "account/sign_up"
    language = known.language if known else language
    _mail_link(email, purpose, template, language, wanted=known is None or _may_enter(known))


def ask_for_new_password(email: str) -> None:
    """Mail a link to a new password, if there is such an account; the answer never tells."""
    known = by_address(email)
    purpose, template = LinkPurpose.NEW_PASSWORD, "account/new_password"
    language = known.language if known else "ja"
    _mail_link(email, purpose, template, language, wanted=known is not None and _may_enter(known))


def link_of(token: str) -> OneTimeLink | None:
    """Find a link that was neither used nor has run out."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == _hash(token)))
    return link if link and link.used_at is None and link.expires_at > clock.now() else None


def sign_up(token: str, name: str, password: str) -> Person:
    """Use a sign-up link: make the account.

    ServiceError when the link is dead, and (field `password`) when the password is too weak;
    then the caller rolls back and the link still works.
    """
    link = _use(token, LinkPurpose.SIGN_UP)
    return create(link.email, name, password, link.language)


def set_new_password(token: str, password: str) -> Person:
    """Use a link to a new password: every session of the account ends.

    ServiceError as for `sign_up`.
    """
    link = _use(token, LinkPurpose.NEW_PASSWORD)
    person = by_address(link.email)
    if person is None or not _may_enter(person):
        raise ServiceError(DEAD_LINK)
    change_password(person, password)
    return person


def create(
    email: str, name: str, password: str, language: str, *, demonstration: bool = False
) -> Person:
    """Make an account; the name is tidied.

    ServiceError when the address has one already, (field `name`) when the name is empty or too
    long, and (field `password`) when the password is too weak.
    """
    name = _good_name(name)
    require_good_password(password, email, name)
    hashed = _hasher.hash(normal_password(password))
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


def check_password(email: str, password: str) -> Person | None:
    """Give the person whom address and password fit; the time taken tells nothing.

    Demonstration accounts open nothing outside the demonstration.
    """
    person = by_address(email)
    known = person if person and _may_enter(person) else None
    try:
        _hasher.verify(known.password_hash if known else _nobody, normal_password(password))
    except (VerifyMismatchError, InvalidHashError):
        return None
    return known


def change_password(person: Person, password: str, keep: SignIn | None = None) -> None:
    """Set a new password and end all sessions, but for the one that is kept; tell the owner.

    Links mailed before stop working. ServiceError (field `password`) when it is too weak.
    """
    require_good_password(password, person.email, person.name)
    hashed = _hasher.hash(normal_password(password))
    history.lock(person)
    person.password_hash = hashed
    end_sessions(person, keep)
    end_links(person.email)
    record(person, "change_password", person)
    mail.write(person, "account/password_changed")


def require_good_password(password: str, *about: str) -> None:
    """Refuse a short or common password; ServiceError (field `password`) says why."""
    if why := objection(password, about):
        raise ServiceError(why, field="password")


def sign_in(person: Person) -> str:
    """Begin a session; give the token for the browser, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    db.session.add(SignIn(token_hash=_hash(token), person=person, started_at=clock.now()))
    db.session.flush()
    return token


def session_of(token: str) -> SignIn | None:
    """Find the session of a token that has neither ended nor grown too old."""
    found = db.session.scalar(select(SignIn).where(SignIn.token_hash == _hash(token)))
    if found is None or found.ended_at or not _may_enter(found.person):
        return None
    settings: Settings = current_app.extensions["settings"]
    too_old = clock.now() - found.started_at > timedelta(hours=settings.session_hours)
    return None if too_old else found


def sign_out(session: SignIn) -> None:
    """End a session for good."""
    session.ended_at = clock.now()


def end_sessions(person: Person, keep: SignIn | None = None) -> None:
    """End a person's sessions, but for the one that is kept."""
    ended = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if keep is not None:
        ended = ended.where(SignIn.id != keep.id)
    db.session.execute(ended.values(ended_at=clock.now()))


def change_profile(person: Person, name: str, language: str) -> None:
    """Change a person's name and language; ServiceError (field `name`) as for `create`."""
    person.name, person.language = _good_name(name), language


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
    db.session.flush()
    record(person, "dismiss", actor, {"office": office})


def demonstration_people() -> list[Person]:
    """List the accounts that belong to the demonstration."""
    return list(db.session.scalars(select(Person).where(Person.demonstration.is_(True))))


def end_links(email: str) -> bool:
    """End all links mailed to an address; say whether there was any."""
    alive = update(OneTimeLink).where(OneTimeLink.email == email, OneTimeLink.used_at.is_(None))
    ended = alive.values(used_at=clock.now()).returning(OneTimeLink.id)
    return bool(db.session.scalars(ended).all())


def record(
    person: Person, act: str, actor: Person | None, details: dict[str, str] | None = None
) -> None:
    """Write down in the history what was done to an account; `details` never hold its name."""
    history.record(
        history.Event(
            subject_type="person",
            subject_id=person.id,
            act=act,
            actor=actor,
            party="person" if actor is person else "system",
            details=dict(details or {}),
        )
    )


def _good_name(name: str) -> str:
    """Tidy a name; ServiceError (field `name`) when nothing is left of it or it is too long."""
    name = tidy(name)
    if not name:
        raise ServiceError(N_("Please enter your name."), field="name")
    if len(name) > LONGEST_NAME:
        why = N_("This has %(length)s characters, but only %(longest)s fit here.")
        raise ServiceError(why, field="name", length=len(name), longest=LONGEST_NAME)
    return name


def _may_enter(person: Person) -> bool:
    """Whether an account is open: not disabled, and no demonstration's outside of it."""
    settings: Settings = current_app.extensions["settings"]
    return person.disabled_at is None and (settings.demo or not person.demonstration)


def _mail_link(
    email: str, purpose: LinkPurpose, template: str, language: str, *, wanted: bool
) -> None:
    """Mail a link to an address; a link that is not wanted is dead from the start.

    Its mail is written too, and taken back: the time that it takes tells nothing of who has an
    account.
    """
    token = secrets.token_urlsafe(32)
    link = OneTimeLink(
        token_hash=_hash(token),
        purpose=purpose,
        email=normal_address(email),
        language=language,
        expires_at=clock.now() + timedelta(hours=LINK_HOURS),
        used_at=None if wanted else clock.now(),
    )
    db.session.add(link)
    written = mail.write_to(link.email, language, template, token=token, hours=LINK_HOURS)
    db.session.flush()
    if not wanted:
        db.session.delete(written)


def _use(token: str, purpose: LinkPurpose) -> OneTimeLink:
    """Use up a link and all others of its address; of two at once, one finds it used."""
    history.lock()
    link = link_of(token)
    if link is None or link.purpose != purpose or not end_links(link.email):
        raise ServiceError(DEAD_LINK)
    return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
