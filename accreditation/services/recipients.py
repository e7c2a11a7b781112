"""Who is told of a step: the other side of the case, each in their own language."""

from collections.abc import Iterable

from sqlalchemy import select

from accreditation.extensions import db
from accreditation.models import (
    Application,
    Appointment,
    HistoryEntry,
    Membership,
    Office,
    Person,
    Review,
)
from accreditation.services import mail
from accreditation.services.facts import Act, Subject, asked_reviewers, kind_of
from workflows.engine import Party
from workflows.review import OUTSTANDING

_OPERATOR = (Party.OPERATOR,)
_BOTH = (Party.OPERATOR, Party.OFFICE)

# Step -> who gets the mail named after it (templates/mail/<workflow>/<step>.txt).
NOTIFY: dict[tuple[str, str], tuple[Party, ...]] = {
    ("application", "submit"): _BOTH,
    ("application", "resubmit"): _BOTH,
    ("application", "withdraw"): (Party.OPERATOR, Party.REVIEWER, Party.OFFICE),
    ("application", "accept"): _OPERATOR,
    ("application", "return"): _OPERATOR,
    ("application", "decline"): _OPERATOR,
    ("application", "lapse"): _OPERATOR,
    ("application", "list"): (Party.COUNCIL,),
    ("application", "unlist"): (Party.COUNCIL,),
    ("application", "accredit"): _BOTH,
    ("application", "accredit_with_conditions"): _BOTH,
    ("application", "refuse"): _BOTH,
    ("review", "declare_none"): (),
    ("review", "declare_conflict"): (Party.OFFICE,),
    ("review", "hand_in"): (Party.OFFICE,),
    ("review", "send_back"): (Party.REVIEWER,),
    ("review", "release"): (Party.REVIEWER,),
    ("accreditation", "suspend"): _BOTH,
    ("accreditation", "lift"): _BOTH,
    ("accreditation", "withdraw"): _BOTH,
    ("accreditation", "surrender"): _BOTH,
    ("incentive", "fund"): _OPERATOR,
    ("incentive", "cancel"): _OPERATOR,
}


def notify(subject: Subject, act: Act, entry: HistoryEntry) -> None:
    """Write the mails of a step that was taken, with its entry; nobody gets two of the same."""
    kind = kind_of(subject)
    # The name of who reviews stands in the mails about it, and what was written in any.
    author = act.actor if act.note or isinstance(subject, Review) else None
    told: set[int] = set()
    for party in NOTIFY.get((kind.workflow.name, act.step), ()):
        for person in of_party(party, subject):
            if person.id not in told:
                told.add(person.id)
                written = mail.write(
                    person,
                    f"{kind.workflow.name}/{act.step}",
                    kind.application(subject),
                    author=author,
                    subject=subject,
                    done=kind.workflow.step(act.step).done,
                    note=act.note,
                    party=party,
                )
                written.history_sequence = entry.sequence


def of_party(party: Party, subject: Subject) -> list[Person]:
    """List the people who are a party to a case and can still sign in: nobody else is mailed.

    Office and council are told nothing of what was never sent, nor of the cases of their own
    operator (17065, 4.2) or those that they were asked to review.
    """
    return [person for person in _of_party(party, subject) if person.disabled_at is None]


def _of_party(party: Party, subject: Subject) -> Iterable[Person]:
    if party == Party.REVIEWER:
        return _reviewers(subject)
    application, operator = (
        kind_of(subject).application(subject),
        kind_of(subject).operator(subject),
    )
    own = select(Membership.person_id).where(Membership.operator_id == operator.id)
    chosen = select(Person).order_by(Person.id)
    if party == Party.OPERATOR:
        return db.session.scalars(chosen.where(Person.id.in_(own)))
    if not application.submissions:
        return []
    office = Office.OFFICE if party == Party.OFFICE else Office.COUNCIL
    appointed = select(Appointment.person_id).where(Appointment.office == office)
    apart = own.union(asked_reviewers(application))
    return db.session.scalars(chosen.where(Person.id.in_(appointed), Person.id.not_in(apart)))


def _reviewers(subject: Subject) -> list[Person]:
    """Give the one of a review; of an application, those who have not handed in yet."""
    if isinstance(subject, Review):
        return [subject.reviewer]
    if not isinstance(subject, Application):
        return []
    unfinished = Review.state.in_(OUTSTANDING)
    chosen = select(Person).join(Review, Review.reviewer_id == Person.id)
    chosen = chosen.where(Review.application_id == subject.id, unfinished)
    return list(db.session.scalars(chosen.order_by(Review.id)))
