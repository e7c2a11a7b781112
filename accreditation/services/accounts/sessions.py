"""Sessions: begun by whoever proved who they are, ended by time, by their owner, or by others.

The server keeps them. A session is whole when its owner gave a second factor, or has none and
needs none; a half one opens nothing but the page that asks for the second factor.
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import Person, SignIn
from accreditation.services.accounts import second_factors
from accreditation.services.accounts.people import may_enter
from accreditation.services.accounts.tokens import new_token, token_hash
from accreditation.services.errors import NotFoundError

FRESH = timedelta(minutes=15)  # how long a proof suffices for grave acts: OWASP ASVS 5.0, 7.5.3


def begin(person: Person, *, second_factor: bool = False, browser: str = "") -> str:
    """Begin a session; give the token for the browser, of which only the hash is kept."""
    token, now = new_token(), clock.now()
    begun = SignIn(
        token_hash=token_hash(token),
        person=person,
        started_at=now,
        proved_at=now,
        second_factor_at=now if second_factor else None,
        browser=browser,
    )
    db.session.add(begun)
    db.session.flush()
    return token


def of_token(token: str) -> SignIn | None:
    """Find the session of a token that has neither ended nor grown too old, half ones too."""
    found = db.session.scalar(select(SignIn).where(SignIn.token_hash == token_hash(token)))
    return found if found and is_alive(found) else None


def is_alive(session: SignIn) -> bool:
    """Say whether a session has neither ended nor grown too old."""
    too_old = clock.now() - session.started_at > longest(session.person)
    return not (session.ended_at or too_old) and may_enter(session.person)


def longest(person: Person) -> timedelta:
    """Give how long a session of a person lasts at most, however busy it is."""
    settings: Settings = current_app.extensions["settings"]
    hours = settings.session_hours if person.offices else settings.operator_session_hours
    return timedelta(hours=hours)


def is_half(session: SignIn) -> bool:
    """Say whether the second factor is still to be given."""
    return session.second_factor_at is None and second_factors.has(session.person)


def is_too_weak(session: SignIn) -> bool:
    """Say whether its owner needs a second factor for their offices and has set up none yet."""
    return session.second_factor_at is None and second_factors.needed(session.person)


def is_fresh(session: SignIn) -> bool:
    """Say whether its owner proved who they are so recently that grave acts need no new proof."""
    return clock.now() - session.proved_at <= FRESH


def prove(session: SignIn, *, second_factor: bool = False) -> None:
    """Remember that the owner of a session just proved who they are."""
    session.proved_at = clock.now()
    if second_factor:
        session.second_factor_at = session.proved_at


def of_person(person: Person) -> list[SignIn]:
    """List a person's sessions that have neither ended nor grown too old, newest first."""
    chosen = select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    return [one for one in db.session.scalars(chosen.order_by(SignIn.id.desc())) if is_alive(one)]


def end(session: SignIn) -> None:
    """End a session for good."""
    session.ended_at = clock.now()


def end_one(person: Person, session_id: int) -> None:
    """End one of a person's own sessions; NotFoundError when there is none such."""
    found = next((one for one in of_person(person) if one.id == session_id), None)
    if found is None:
        raise NotFoundError
    end(found)


def end_all(person: Person, keep: SignIn | None = None) -> None:
    """End a person's sessions, but for the one that is kept."""
    ended = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if keep is not None:
        ended = ended.where(SignIn.id != keep.id)
    db.session.execute(ended.values(ended_at=clock.now()))
