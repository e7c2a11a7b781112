"""Closing an account and forgetting a person: what goes, and what stays true without them.

What was decided, found and sent keeps its row and its place in the chain; only who it was and what
they wrote beside it goes. Source: Act on the Protection of Personal Information, article 98 (消去).
"""

from datetime import timedelta

from sqlalchemy import Select, and_, delete, or_, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Authenticator,
    Challenge,
    HistoryDetail,
    HistoryEntry,
    IdempotencyKey,
    Invitation,
    LinkPurpose,
    Mail,
    MemberRole,
    Membership,
    OneTimeLink,
    Operator,
    Passkey,
    Person,
    RecoveryCode,
    Review,
    SignIn,
    Site,
)
from accreditation.services import history, mail, members, operators
from accreditation.services.accounts import inviters, links, people, sessions
from accreditation.services.errors import ServiceError
from workflows.accreditation import RUNNING
from workflows.application import UNDER_WAY, ApplicationState
from workflows.engine import N_
from workflows.review import OUTSTANDING, ReviewState

ERASED = "—"  # stands where a name stood
WAIT = timedelta(hours=links.KEPT_HOURS)  # from asking to close one's account until it closes
_UNFINISHED = UNDER_WAY | {ApplicationState.DRAFT}


_OF_A_PERSON = (
    SignIn,
    Membership,
    Passkey,
    Authenticator,
    RecoveryCode,
    Challenge,
    OneTimeLink,
    IdempotencyKey,
)


class StillNeededError(Exception):
    """A person who can't be forgotten yet; `reasons` are sentences without their full stop."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep the reasons."""
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def close(person: Person, actor: Person | None = None) -> None:
    """Close an account: nobody signs in any more, sessions and mailed links end; twice is once.

    `actor` is the administrator; nobody means that it is done on the machine itself.
    """
    history.lock(actor)
    db.session.refresh(person)
    if person.disabled_at is not None:
        return
    person.disabled_at = clock.now()
    sessions.end_all(person)
    links.end_of(person)
    inviters.end_all(person)
    people.record(person, "close", actor)
    mail.write(person, "account/notice", what=N_("Your account was closed"), moment=clock.now())


def ask(person: Person) -> None:
    """Close one's own account after WAIT; the mail about it holds a link that keeps it open.

    So a thief can't do harm that its owner finds too late. ServiceError while somebody is needed.
    """
    history.lock(person)
    if hindrances(person):
        raise ServiceError(
            N_("You are still needed. Please settle that first, or write to the office.")
        )
    if person.closes_at is None:
        person.closes_at = clock.now() + WAIT
        people.record(person, "ask_to_close", person)
        links.send(
            LinkPurpose.KEEP_ACCOUNT,
            person.email,
            person.language,
            "account/closing",
            person=person,
        )


def keep(person: Person) -> None:
    """Keep an account open that was to close; twice is once."""
    history.lock(person)
    if person.closes_at is not None:
        person.closes_at = None
        people.record(person, "keep_open", person)


def keep_by_link(token: str) -> Person:
    """Use the link of the mail about closing; whoever had come in is out. ServiceError if dead."""
    link = links.use(token, LinkPurpose.KEEP_ACCOUNT)
    person = db.session.get_one(Person, link.person_id)
    keep(person)
    sessions.end_all(person)
    return person


def close_asked() -> None:
    """Close the accounts whose owners asked for it WAIT ago, unless they are needed by now."""
    chosen = select(Person).where(Person.closes_at <= clock.now(), Person.disabled_at.is_(None))
    for person in db.session.scalars(chosen).all():
        if not hindrances(person):
            close(person)


def forget(person: Person) -> None:
    """Close an account for good and erase who it was: name, address, mails, words in the history.

    StillNeededError names what has to be settled first. Findings and decisions stay, for they
    belong to the case; what others wrote about the person in words of their own stays too. A mail
    with their name or words goes whole.
    """
    history.lock()  # no case begins and no office is given meanwhile
    db.session.refresh(person)
    if reasons := hindrances(person):
        raise StillNeededError(reasons)
    close(person)
    _erase_words(person)
    for table in _OF_A_PERSON:
        db.session.execute(delete(table).where(table.person_id == person.id))
    for mailed in (OneTimeLink, Invitation):
        db.session.execute(delete(mailed).where(mailed.email == person.email))
    person.email = f"{person.key}@forgotten.invalid"  # no mail ever goes there (RFC 2606)
    person.name = person.password_hash = ERASED
    db.session.flush()
    people.record(person, "forget", None)


def hindrances(person: Person) -> list[str]:
    """Say what has to be settled before a person can be forgotten; nothing: they can be."""
    reasons = [f"still appointed to {office}: dismiss first" for office in sorted(person.offices)]
    reasons += [f"still asked to review case {key}" for key in _ask(_reviews_to_do(person))]
    undecided = _ask(_reviews_undecided(person))
    reasons += [f"reviewed case {key}, which is not decided yet" for key in undecided]
    if waiting := _ask(_unsent(person)):
        reasons.append(f"still waiting to be sent with their words: {len(waiting)} mails")
    for operator in operators.of_person(person):
        if members.acts_for(person, operator) and not _has_other_owner(operator, person):
            last = f"no other owner of {operator.name_ja}"
            reasons += [f"{last}, with the running case {key}" for key in _ask(_cases(operator))]
            reasons += [f"{last}, accredited as {number}" for number in _ask(_held(operator))]
    return reasons


def _ask(chosen: Select[str]) -> list[str]:
    return list(db.session.scalars(chosen))


def _reviews(person: Person) -> Select[str]:
    chosen = select(Application.key).join(Review, Review.application_id == Application.id)
    return chosen.where(Review.reviewer_id == person.id).order_by(Application.id)


def _reviews_to_do(person: Person) -> Select[str]:
    return _reviews(person).where(Review.state.in_(OUTSTANDING))


def _reviews_undecided(person: Person) -> Select[str]:
    """Choose the cases that may come back to a reviewer: also from the council's list."""
    handed_in = Review.state == ReviewState.HANDED_IN
    return _reviews(person).where(handed_in, Application.state.in_(UNDER_WAY))


def _unsent(person: Person) -> Select[str]:
    """Choose the mails whose readers would never be told what was written to them."""
    to_others = (Mail.author_id == person.id) & (Mail.recipient != person.email)
    return select(Mail.message_id).where(to_others, Mail.sent_at.is_(None))


def _cases(operator: Operator) -> Select[str]:
    chosen = select(Application.key).join(Application.site).order_by(Application.id)
    return chosen.where(Site.operator_id == operator.id, Application.state.in_(_UNFINISHED))


def _held(operator: Operator) -> Select[str]:
    chosen = select(Accreditation.number).join(Accreditation.site).order_by(Accreditation.number)
    return chosen.where(
        Site.operator_id == operator.id,
        Accreditation.state.in_(RUNNING),
        Accreditation.valid_until >= clock.today(),
    )


def _has_other_owner(operator: Operator, person: Person) -> bool:
    others = select(Membership.id).join(Membership.person)
    open_ones = others.where(
        Membership.operator_id == operator.id,
        Membership.person_id != person.id,
        Membership.role == MemberRole.OWNER,
        Person.disabled_at.is_(None),
    )
    return db.session.scalar(open_ones.limit(1)) is not None


def _erase_words(person: Person) -> None:
    """Erase the history's details of what they did, and the mails that went to or name them."""
    asked = select(Review.id).where(Review.reviewer_id == person.id)
    theirs = select(HistoryEntry.sequence).join(HistoryEntry.detail)
    theirs = theirs.where(
        or_(
            HistoryDetail.content["person"].as_integer() == person.id,
            and_(HistoryEntry.subject_type == "review", HistoryEntry.subject_id.in_(asked)),
        )
    )
    for detail in db.session.scalars(
        select(HistoryDetail).where(HistoryDetail.sequence.in_(theirs))
    ):
        db.session.delete(detail)
    former = select(OneTimeLink.email).where(
        OneTimeLink.person_id == person.id,
        OneTimeLink.email.not_in(select(Person.email).where(Person.id != person.id)),
    )
    held = or_(
        Mail.recipient == person.email, Mail.recipient.in_(former), Mail.author_id == person.id
    )
    db.session.execute(delete(Mail).where(held))
    db.session.flush()
