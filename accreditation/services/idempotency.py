"""Forms that do something once: sent again, they lead to what was done and do nothing more."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Delete, delete, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import IdempotencyKey, Person
from accreditation.services import history
from accreditation.services.errors import OutdatedError
from workflows.engine import N_

KEPT = timedelta(hours=24)  # after which nobody's browser or network sends a form again by itself


@dataclass(frozen=True)
class Form:
    """A form as it came: its random key, whose it is, what it does to what, and what it says."""

    key: str
    person: Person
    act: str
    subject_type: str
    subject_id: int
    fingerprint: str


def new_key() -> str:
    """Make the random key of a form, of 192 bits."""
    return secrets.token_urlsafe(24)


def was_done(form: Form) -> bool:
    """Say whether this form was done already; OutdatedError when its key came with another one.

    Waits for the lock of the history: of the same form sent twice at once the second sees the
    first.
    """
    history.lock()
    chosen = select(IdempotencyKey).where(IdempotencyKey.key_hash == _hash(form.key))
    known = db.session.scalar(chosen)
    if known is None:
        return False
    if _facts(known) != (form.person.id, *_of(form)):
        why = N_(
            "This page was sent before and says something else now. What was sent first counts:"
            " please open the page again."
        )
        raise OutdatedError(why)
    return True


def remember(form: Form) -> None:
    """Keep that a form was done, in the caller's transaction with what it did."""
    act, subject_type, subject_id, fingerprint = _of(form)
    db.session.add(
        IdempotencyKey(
            key_hash=_hash(form.key),
            person_id=form.person.id,
            act=act,
            subject_type=subject_type,
            subject_id=subject_id,
            fingerprint=fingerprint,
            done_at=clock.now(),
        )
    )
    db.session.flush()


def run_out() -> Delete:
    """Say which keys are to be deleted now."""
    return delete(IdempotencyKey).where(IdempotencyKey.done_at < clock.now() - KEPT)


def _of(form: Form) -> tuple[str, str, int, str]:
    return form.act, form.subject_type, form.subject_id, form.fingerprint


def _facts(known: IdempotencyKey) -> tuple[int, str, str, int, str]:
    of_act = known.act, known.subject_type, known.subject_id, known.fingerprint
    return known.person_id, *of_act


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
