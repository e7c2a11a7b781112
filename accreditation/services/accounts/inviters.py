"""What ends with the power to invite: the invitations that somebody gave by it, for good."""

from sqlalchemy import update

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Invitation, Operator, Person


def end_to_offices(person: Person) -> None:
    """End the invitations to offices that a person gave: no administrator any more."""
    _end(person, Invitation.office.is_not(None))


def end_to(person: Person, operator: Operator) -> None:
    """End the invitations to act for an operator that a person gave: no owner of it any more."""
    _end(person, Invitation.operator_id == operator.id)


def end_all(person: Person) -> None:
    """End all invitations that a person gave: the account is closed."""
    _end(person)


def _end(person: Person, *which: object) -> None:
    open_ones = update(Invitation).where(
        Invitation.invited_by_id == person.id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        *which,  # type: ignore[arg-type] # conditions, as SQLAlchemy's own where() takes them
    )
    db.session.execute(open_ones.values(revoked_at=clock.now()))
