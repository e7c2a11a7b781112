"""Invitations: to an office by an administrator, to an operator by one of its owners.

An invitation is only as good as who gave it: it dies when they lose the right to invite.
"""

from datetime import timedelta

from sqlalchemy import Select, select, update

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Invitation,
    MemberRole,
    Membership,
    Office,
    Operator,
    Person,
)
from accreditation.services import history, mail
from accreditation.services.accounts import links, people
from accreditation.services.accounts.tokens import new_token, token_hash
from accreditation.services.errors import NotFoundError, ServiceError
from accreditation.services.members import role_of
from workflows.engine import N_

LASTS = timedelta(days=7)


def to_office(email: str, office: Office, language: str, actor: Person | None = None) -> str:
    """Invite somebody to an office; gives the token, for the console to print. Mails it too.

    `actor` is the administrator; nobody means that it is done on the machine itself.
    """
    history.lock(actor)
    invitation, token = _new(email, language, actor)
    invitation.office = office
    _send(invitation, token)
    return token


def to_operator(email: str, operator: Operator, role: MemberRole, actor: Person) -> None:
    """Invite somebody to act for an operator; ServiceError (field `email`) if they do already."""
    history.lock(actor)
    known = people.by_address(email)
    if known is not None and role_of(known, operator) is not None:
        raise ServiceError(N_("This person acts for the operator already."), field="email")
    invitation, token = _new(email, actor.language, actor)
    invitation.operator, invitation.role = operator, role
    _send(invitation, token)


def of_token(token: str) -> Invitation | None:
    """Find an invitation that is still good."""
    found = db.session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    return found if found and _is_good(found) else None


def accept(token: str, person: Person) -> Invitation:
    """Accept an invitation that was mailed to this person's address; it works once.

    ServiceError when it is dead or was for somebody else.
    """
    history.lock(person)
    db.session.expire_all()  # a page has looked at it before, and who invited may have gone since
    found = of_token(token)
    if found is None or not _take(found):
        raise ServiceError(links.DEAD_LINK)
    if found.email != person.email:
        raise ServiceError(N_("This invitation was sent to another address."))
    if found.office is not None:
        people.appoint(person, found.office, found.invited_by)
    else:
        _join(found, person)
    return found


def accept_as_new(token: str, name: str, password: str) -> Person:
    """Accept an invitation with a new account; ServiceError as for `accept` and `people.create`."""
    history.lock()
    found = of_token(token)
    if found is None:
        raise ServiceError(links.DEAD_LINK)
    person = people.create(found.email, name, password, found.language)
    accept(token, person)
    return person


def open_to_offices() -> list[Invitation]:
    """List the invitations to offices that are still good, newest first."""
    return _good(select(Invitation).where(Invitation.office.is_not(None)))


def open_to(operator: Operator) -> list[Invitation]:
    """List the invitations of an operator that are still good, newest first."""
    return _good(select(Invitation).where(Invitation.operator_id == operator.id))


def revoke(invitation: Invitation, actor: Person | None = None) -> None:
    """Take an invitation back; twice is once."""
    history.lock(actor)
    db.session.refresh(invitation)
    if invitation.revoked_at is None and invitation.accepted_at is None:
        invitation.revoked_at = clock.now()
        _record(invitation, "revoke_invitation", actor)


def to_offices_by_key(key: str) -> Invitation:
    """Find an invitation to an office by the key of its address; NotFoundError if there is none."""
    return _only(select(Invitation).where(Invitation.office.is_not(None)), key)


def to_operator_by_key(operator: Operator, key: str) -> Invitation:
    """Find an invitation of an operator; NotFoundError if it has none such."""
    return _only(select(Invitation).where(Invitation.operator_id == operator.id), key)


def _only(chosen: Select[Invitation], key: str) -> Invitation:
    found = db.session.scalar(chosen.where(Invitation.key == key))
    if found is None:
        raise NotFoundError
    return found


def _new(email: str, language: str, actor: Person | None) -> tuple[Invitation, str]:
    token = new_token()
    invitation = Invitation(
        token_hash=token_hash(token),
        email=people.normal_address(email),
        language=language,
        invited_by=actor,
        invited_at=clock.now(),
        expires_at=clock.now() + LASTS,
    )
    db.session.add(invitation)
    return invitation, token


def _send(invitation: Invitation, token: str) -> None:
    _end_others(invitation)
    db.session.flush()
    mail.write_to(
        invitation.email,
        invitation.language,
        "account/invitation",
        author=invitation.invited_by,
        invitation=invitation,
        token=token,
    )
    _record(invitation, "invite", invitation.invited_by)


def _record(invitation: Invitation, act: str, actor: Person | None) -> None:
    """Write down who opened which door, or shut it; whom it was for is in the mail alone."""
    operator = invitation.operator
    to_operator = {"operator": operator.key, "role": invitation.role} if operator else {}
    history.record(
        history.Event(
            subject_type="invitation",
            subject_id=invitation.id,
            act=act,
            actor=actor,
            party="operator" if operator else "administrator" if actor else "system",
            details=to_operator or {"office": invitation.office},
        )
    )


def _end_others(invitation: Invitation) -> None:
    """Let a new invitation to the same take the place of those before it."""
    same = update(Invitation).where(
        Invitation.email == invitation.email,
        Invitation.office == invitation.office,
        Invitation.operator_id == (invitation.operator.id if invitation.operator else None),
        Invitation.token_hash != invitation.token_hash,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    db.session.execute(same.values(revoked_at=clock.now()))


def _good(chosen: Select[Invitation]) -> list[Invitation]:
    found = db.session.scalars(chosen.order_by(Invitation.id.desc()))
    return [one for one in found if _is_good(one)]


def _is_good(invitation: Invitation) -> bool:
    alive = (
        invitation.accepted_at is None
        and invitation.revoked_at is None
        and invitation.expires_at > clock.now()
    )
    return alive and _may_invite(invitation)


def _may_invite(invitation: Invitation) -> bool:
    actor = invitation.invited_by
    if actor is None:
        return True
    if not people.may_enter(actor):
        return False
    if invitation.operator is not None:
        return role_of(actor, invitation.operator) is MemberRole.OWNER
    return Office.ADMINISTRATOR in actor.offices


def _take(invitation: Invitation) -> bool:
    """Mark an invitation accepted; of two at once, one finds it taken, or taken back."""
    open_one = update(Invitation).where(
        Invitation.id == invitation.id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    taken = open_one.values(accepted_at=clock.now()).returning(Invitation.id)
    return db.session.scalar(taken) is not None


def _join(invitation: Invitation, person: Person) -> None:
    operator, role = invitation.operator, invitation.role
    assert operator is not None  # noqa: S101 - the database holds one of the two, with its role
    assert role is not None  # noqa: S101 - the same
    if role_of(person, operator) is None:
        operator.memberships.append(Membership(person_id=person.id, role=role))
        db.session.flush()
        details = {"role": role, "invited_by": invitation.invited_by_id}
        history.record(
            history.Event(
                subject_type="operator",
                subject_id=operator.id,
                act="join",
                actor=person,
                party="operator",
                details=details,
            )
        )
