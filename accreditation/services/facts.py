"""What a person is to a case, and what the guards may know of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, or_, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Incentive,
    Office,
    Operator,
    Person,
    Reconciliation,
    Review,
)
from accreditation.schemes.rules import always_chosen
from accreditation.services import issuance, lookalikes, results
from accreditation.services.applications import another_under_way, unanswered
from accreditation.services.members import acts_for, belongs
from accreditation.services.schemes import scheme_of
from workflows.accreditation import (
    ACCREDITATION,
    RUNNING,
    AccreditationFacts,
    AccreditationState,
    Standing,
    standing,
)
from workflows.application import APPLICATION, EDITABLE, ApplicationState
from workflows.conditions import DAYS_TO_CORRECT, ApplicationFacts
from workflows.engine import Party, Workflow
from workflows.incentive import INCENTIVE, IncentiveFacts
from workflows.review import OUTSTANDING, REVIEW, ReviewFacts, ReviewState

Subject = Application | Review | Accreditation | Incentive
S = TypeVar("S")
F = TypeVar("F")


@dataclass(frozen=True)
class Act:
    """A step that somebody wants to take, with the reason and the details that belong to it."""

    step: str
    actor: Person | None
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind(Generic[S, F]):
    """How the door treats one kind of case."""

    workflow: Workflow[F]
    facts: Callable[[S, Act], F]
    operator: Callable[[S], Operator]
    application: Callable[[S], Application]


def asked_to_review(person: Person | None, application: Application) -> bool:
    """Say whether a person is, was or refused to be a reviewer of the case, unless released.

    Such a person is nothing else to the case: findings stay independent (requirement R18), and a
    declared conflict shuts every door (ISO/IEC 17065, 4.2).
    """
    return person is not None and application.id in cases_to_review(person)


def cases_to_review(person: Person) -> set[int]:
    """Give the ids of the applications that a person was asked to review and not released from."""
    chosen = select(Review.application_id).where(
        Review.reviewer_id == person.id, Review.state != ReviewState.RELEASED
    )
    return set(db.session.scalars(chosen))


def asked_reviewers(application: Application) -> Select[int]:
    """Choose the ids of those who were asked to review a case and not released from it."""
    return select(Review.reviewer_id).where(
        Review.application_id == application.id, Review.state != ReviewState.RELEASED
    )


def parties_of(person: Person | None, subject: Subject) -> frozenset[Party]:
    """Say what a person is to a case; nobody at all is the system itself."""
    if person is None:
        return frozenset({Party.SYSTEM})
    parties = set()
    if acts_for(person, kind_of(subject).operator(subject)):
        parties.add(Party.OPERATOR)
    if Office.OFFICE in person.offices:
        parties.add(Party.OFFICE)
    if Office.COUNCIL in person.offices:
        parties.add(Party.COUNCIL)
    if isinstance(subject, Review) and subject.reviewer_id == person.id:
        parties.add(Party.REVIEWER)
    return frozenset(parties)


def sent(person: Person | None, application: Application) -> bool:
    """Say whether a person sent a case, in whatever state and whatever they are by now."""
    return person is not None and any(
        one.sent_by_id == person.id for one in application.submissions
    )


def evaluated(person: Person | None, application: Application) -> bool:
    """Say whether a person took part in the evaluation of a case."""
    return person is not None and person.id in evaluators(application)


def evaluators(application: Application) -> set[int]:
    """Give the ids of those who reviewed the case, were to, or settled a difference in it.

    Who was released before finding anything took no part.
    """
    reviewed = select(Review.reviewer_id).where(
        Review.application_id == application.id,
        or_(Review.state != ReviewState.RELEASED, Review.findings.any()),
    )
    settled = select(Reconciliation.settled_by_id).where(
        Reconciliation.application_id == application.id
    )
    return set(db.session.scalars(reviewed.union(settled)))


def _of_application(application: Application, act: Act) -> ApplicationFacts:
    facts: dict[str, Any] = {
        "actor_belongs": belongs(act.actor, application.site.operator),
        "actor_reviews": asked_to_review(act.actor, application),
        "actor_sent": sent(act.actor, application),
    }
    if application.state in EDITABLE:
        facts |= {
            "call_open": application.call.is_open(clock.now()),
            "another_under_way": another_under_way(application),
            "answers_complete": not unanswered(application),
            "terms_accepted": application.terms_accepted_at is not None,
        }
    if application.state == ApplicationState.RETURNED:
        facts["time_to_correct_over"] = clock.today() > last_day_to_correct(application)
    if application.state == ApplicationState.SUBMITTED:
        compared = lookalikes.of(application)
        facts["lookalikes_unseen"] = bool(compared and compared.unseen)
    if application.state == ApplicationState.IN_REVIEW:
        facts |= _reviews(application)
    if application.state == ApplicationState.LISTED:
        facts |= _decision(application, act)
    return ApplicationFacts(**facts)


def last_day_to_correct(application: Application) -> date:
    """Give the last day, in the scheme's zone, of the time to correct a returned application."""
    return clock.day_of(application.state_since) + timedelta(days=DAYS_TO_CORRECT)


def _reviews(application: Application) -> dict[str, Any]:
    counted = select(Review.state, func.count()).where(Review.application_id == application.id)
    states = dict(db.session.execute(counted.group_by(Review.state)).all())
    return {
        "reviews_handed_in": states.get(ReviewState.HANDED_IN, 0),
        "reviews_outstanding": sum(states.get(state, 0) for state in OUTSTANDING),
    }


def _decision(application: Application, act: Act) -> dict[str, Any]:
    result = results.agreed(application)
    held = running_accreditation(application.site_id)
    proposed = frozenset(act.details.get("indicators", result.reached))
    return {
        "actor_evaluated": evaluated(act.actor, application),
        "reached": result.reached,
        # What is to be accredited must reach the shares and levels by itself.
        "granted": results.agreed(application, proposed & result.reached).granted,
        "proposed": proposed,
        "required": always_chosen(scheme_of(application.scheme_version)),
        "conditions": len(act.details.get("conditions", ())),
        "reasons_given": bool(act.note.strip()),
        "issuance_paused": issuance.paused() is not None,
        "accreditation_suspended": held is not None and held.state == AccreditationState.SUSPENDED,
    }


def running_accreditation(site_id: int) -> Accreditation | None:
    """Give the site's accreditation that was neither withdrawn nor given up, if any."""
    return db.session.scalar(
        select(Accreditation).where(
            Accreditation.site_id == site_id,
            Accreditation.state.in_(RUNNING),
        )
    )


def _of_review(review: Review, act: Act) -> ReviewFacts:
    found = results.judged(review)
    return ReviewFacts(
        application_in_review=review.application.state == ApplicationState.IN_REVIEW,
        findings_complete=all(item.id in found for item in results.asked(review.application)),
        actor_belongs=belongs(act.actor, review.application.site.operator),
        actor_reviews=asked_to_review(act.actor, review.application),
    )


def _of_accreditation(accreditation: Accreditation, act: Act) -> AccreditationFacts:
    return AccreditationFacts(
        expired=clock.today() > accreditation.valid_until,
        actor_belongs=belongs(act.actor, accreditation.site.operator),
    )


def _of_incentive(incentive: Incentive, act: Act) -> IncentiveFacts:
    certificate = incentive.certificate
    accreditation, case = certificate.accreditation, certificate.application
    decided = act.actor is not None and certificate.decision.decided_by_id == act.actor.id
    stands = standing(accreditation.state, accreditation.valid_until, clock.today())
    return IncentiveFacts(
        budget_left=incentive.programme.left_yen >= incentive.programme.amount_yen,
        accreditation_valid=stands == Standing.VALID,
        actor_sent=sent(act.actor, case),
        actor_judged=decided or evaluated(act.actor, case),
        actor_belongs=belongs(act.actor, accreditation.site.operator),
    )


KINDS: dict[type, Kind[Any, Any]] = {
    Application: Kind(APPLICATION, _of_application, lambda a: a.site.operator, lambda a: a),
    Review: Kind(
        REVIEW, _of_review, lambda r: r.application.site.operator, lambda r: r.application
    ),
    Accreditation: Kind(
        ACCREDITATION,
        _of_accreditation,
        lambda a: a.site.operator,
        lambda a: a.newest.application,
    ),
    Incentive: Kind(
        INCENTIVE,
        _of_incentive,
        lambda i: i.certificate.accreditation.site.operator,
        lambda i: i.certificate.application,
    ),
}


def kind_of(subject: Subject) -> Kind[Any, Any]:
    """Give the kind of case that a row is."""
    return KINDS[type(subject)]
