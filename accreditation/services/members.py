"""Who is what to an operator: its members and their roles."""

from sqlalchemy import select

from accreditation.extensions import db
from accreditation.models import MemberRole, Membership, Operator, Person
from accreditation.services import history
from accreditation.services.accounts import inviters
from accreditation.services.errors import NotFoundError, ServiceError
from workflows.engine import N_, Party

ACTING = frozenset({MemberRole.OWNER, MemberRole.EDITOR})
_LAST_OWNER = N_("An operator needs an owner. Please make somebody else an owner first.")


def role_of(person: Person | None, operator: Operator) -> MemberRole | None:
    """Say what a person is to an operator, if anything."""
    if person is None:
        return None
    chosen = select(Membership.role).where(
        Membership.person_id == person.id, Membership.operator_id == operator.id
    )
    return db.session.scalar(chosen)


def belongs(person: Person | None, operator: Operator) -> bool:
    """Say whether a person is anything to an operator: then they are not impartial to it."""
    return role_of(person, operator) is not None


def acts_for(person: Person | None, operator: Operator) -> bool:
    """Say whether a person acts for an operator, and does not only read what it does."""
    return role_of(person, operator) in ACTING


def of_operator(operator: Operator) -> list[Membership]:
    """List the members of an operator whose accounts are open, in the order of their joining."""
    chosen = select(Membership).join(Person).where(Membership.operator_id == operator.id)
    open_ones = chosen.where(Person.disabled_at.is_(None))
    return list(db.session.scalars(open_ones.order_by(Membership.id)))


def change_role(operator: Operator, key: str, role: MemberRole, actor: Person) -> None:
    """Give a member another role; only an owner does, also to themselves.

    NotFoundError when there is no such member; ServiceError when no owner would be left.
    """
    found = _held(operator, key, actor)
    if role_of(actor, operator) is not MemberRole.OWNER:
        raise NotFoundError
    if found.role == role:
        return
    found.role = role
    if role is not MemberRole.OWNER:
        inviters.end_to(found.person, operator)
    _require_owner(operator)
    _record(operator, "change_role", actor, {"person": found.person_id, "role": role})


def remove(operator: Operator, key: str, actor: Person) -> None:
    """Let a member go, who may be the actor; their invitations die with it.

    NotFoundError and ServiceError as for `change_role`.
    """
    found = _held(operator, key, actor)
    inviters.end_to(found.person, operator)
    db.session.delete(found)
    _require_owner(operator)
    act = "leave" if found.person_id == actor.id else "remove_member"
    _record(operator, act, actor, {"person": found.person_id})


def _held(operator: Operator, key: str, actor: Person) -> Membership:
    """Lock the chain and find a member, read anew: of two owners who remove each other, one does.

    Whoever is no owner any more finds nobody but themselves.
    """
    history.lock(actor)
    db.session.expire_all()
    everybody = {one.person.key: one for one in of_operator(operator)}
    mine = everybody.get(actor.key)
    if mine is None or key not in everybody:
        raise NotFoundError
    if mine.role is not MemberRole.OWNER and key != actor.key:
        raise NotFoundError
    return everybody[key]


def _require_owner(operator: Operator) -> None:
    db.session.flush()
    if not any(one.role is MemberRole.OWNER for one in of_operator(operator)):
        raise ServiceError(_LAST_OWNER)


def _record(operator: Operator, act: str, actor: Person, details: dict[str, object]) -> None:
    event = history.Event(
        subject_type="operator",
        subject_id=operator.id,
        act=act,
        actor=actor,
        party=Party.OPERATOR,
        details=details,
    )
    history.record(event)
