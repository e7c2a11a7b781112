"""Reviewing: assignment, conflict of interest, findings, and settling differences."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Application,
    Appointment,
    Finding,
    Membership,
    Office,
    Person,
    Reconciliation,
    Review,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import history, mail, results
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.facts import asked_to_review, evaluators
from accreditation.services.members import belongs
from workflows.application import ApplicationState
from workflows.engine import N_, Party
from workflows.impartiality import not_a_reviewer, not_of_the_operator
from workflows.review import OUTSTANDING, ReviewFacts, ReviewState


@dataclass(frozen=True)
class Judgement:
    """What somebody finds on one item, and why."""

    item: str
    verdict: Verdict | None
    reason: str


def candidates(application: Application) -> list[Person]:
    """List the reviewers who may be assigned.

    Left out are people of the operator, those asked before and whoever took part otherwise: who
    settled a difference has judged already (requirement R18).
    """
    taken = select(Review.reviewer_id).where(Review.application_id == application.id)
    own = select(Membership.person_id).where(Membership.operator_id == application.site.operator_id)
    chosen = (
        select(Person)
        .join(Appointment)
        .where(
            Appointment.office == Office.REVIEWER,
            Person.disabled_at.is_(None),
            Person.id.not_in(taken),
            Person.id.not_in(own),
            Person.id.not_in(evaluators(application)),
        )
        .order_by(Person.name, Person.id)
    )
    return list(db.session.scalars(chosen))


def of_application(application: Application) -> list[Review]:
    """List all assignments of an application, in their order."""
    chosen = (
        select(Review)
        .where(Review.application_id == application.id)
        .options(selectinload(Review.findings))
    )
    return list(db.session.scalars(chosen.order_by(Review.id)))


def assign(application: Application, reviewer: Person, actor: Person) -> Review:
    """Ask a reviewer for a review; the evidence stays shut until the conflict is declared."""
    _lock(application)
    if application.state != ApplicationState.IN_REVIEW:
        raise ServiceError(N_("The application is not under review now."))
    _require_free(application, actor)
    if reviewer not in candidates(application):
        raise ServiceError(N_("This person can't review this application."), field="reviewer")
    review = Review(
        application=application,
        reviewer=reviewer,
        state=ReviewState.INVITED,
        state_since=clock.now(),
        assigned_at=clock.now(),
    )
    db.session.add(review)
    db.session.flush()
    _record(review, "assign", actor, {"reviewer": reviewer.name})
    mail.write(reviewer, "review/assign", application, review=review)
    return review


def find(review: Review, judgement: Judgement, *, version: int | None = None) -> Finding:
    """Save a finding while the review is open; a draft demands nothing.

    `version` is the version that the page showed (0: none yet), as for answers.
    """
    history.lock()
    for case in (review, review.application):  # either may have moved on before the lock was ours
        db.session.refresh(case, ["state"])
    if (review.state, review.application.state) != (ReviewState.OPEN, ApplicationState.IN_REVIEW):
        raise ServiceError(N_("The review is not open now."))
    _require_asked(review.application, judgement)
    known = next((f for f in review.findings if f.item == judgement.item), None)
    wanted = (judgement.verdict, judgement.reason)
    if known is None:
        known = Finding(item=judgement.item, updated_at=clock.now())
        review.findings.append(known)
    else:
        _require_seen(known, judgement, version)
    if (known.verdict, known.reason) != wanted:
        known.verdict, known.reason = wanted
        known.updated_at = clock.now()
    db.session.flush()
    return known


def reconsider(
    review: Review, judgement: Judgement, actor: Person, *, version: int | None = None
) -> Finding:
    """Let a reviewer change a finding that differs from another's, after all have handed in.

    `version` is the version that the page showed.
    """
    _lock(review.application)
    db.session.refresh(review)
    if review.reviewer_id != actor.id or review.state != ReviewState.HANDED_IN:
        raise ServiceError(N_("The review is not open now."))
    item = _difference(review.application, judgement)
    known = next(finding for finding in review.findings if finding.item == item.item.id)
    db.session.refresh(known)
    _require_seen(known, judgement, version)
    details = {"item": item.item.id, "before": known.verdict, "after": judgement.verdict}
    known.verdict, known.reason, known.updated_at = (
        judgement.verdict,
        judgement.reason,
        clock.now(),
    )
    _record(review, "reconsider", actor, details, note=judgement.reason)
    return known


def reconcile(
    application: Application, judgement: Judgement, actor: Person, *, seen: str | None = None
) -> Reconciliation:
    """Settle an item on which the reviewers differ, with the office's reason.

    `seen` is when the page says that it was settled last (ISO 8601, empty for never): a newer
    settlement by somebody else is not passed over unread (OutdatedError). Earlier settlements stay:
    whoever made one evaluated the case.
    """
    _lock(application)
    _require_free(application, actor)
    item = _difference(application, judgement)
    settled = item.settlement.settled_at.isoformat() if item.settlement else ""
    if seen is not None and seen != settled:
        why = N_(
            "This item was settled in another window or by somebody else."
            " Compare both and save again."
        )
        raise OutdatedError(why, field=judgement.item)
    row = Reconciliation(
        application_id=application.id,
        item=item.item.id,
        verdict=judgement.verdict,
        reason=judgement.reason,
        settled_by=actor,
        settled_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    history.record(
        history.Event(
            subject_type="application",
            subject_id=application.id,
            application_id=application.id,
            act="reconcile",
            actor=actor,
            party=Party.OFFICE,
            note=judgement.reason,
            details={"item": item.item.id, "verdict": row.verdict},
        )
    )
    return row


def differences(application: Application) -> list[results.AgreedItem]:
    """List the items on which the reviews handed in differ, settled or not."""
    return [item for item in results.agreed_items(application) if item.differs]


def all_handed_in(application: Application) -> bool:
    """Say whether at least one review was handed in and none is still to come."""
    states = {review.state for review in of_application(application)}
    return ReviewState.HANDED_IN in states and not states & OUTSTANDING


def _lock(application: Application) -> None:
    history.lock()
    db.session.refresh(application)  # it may have moved on before the lock was ours


def _require_free(application: Application, actor: Person) -> None:
    """Keep the office from the case of its own operator, and a reviewer from the office's part."""
    facts = ReviewFacts(
        actor_belongs=belongs(actor, application.site.operator),
        actor_reviews=asked_to_review(actor, application),
    )
    if why := not_of_the_operator(facts) or not_a_reviewer(facts):
        raise ServiceError(why)


def _difference(application: Application, judgement: Judgement) -> results.AgreedItem:
    if application.state != ApplicationState.IN_REVIEW or not all_handed_in(application):
        raise ServiceError(N_("Differences are settled after all reviews were handed in."))
    if not results.has_reason(judgement.verdict, judgement.reason):
        raise ServiceError(N_("Please give a finding and its reason."), field=judgement.item)
    _require_asked(application, judgement)
    found = [one for one in differences(application) if one.item.id == judgement.item]
    if not found:
        raise ServiceError(N_("The reviewers do not differ on this item."), field=judgement.item)
    return found[0]


def _require_asked(application: Application, judgement: Judgement) -> None:
    item = next((i for i in results.asked(application) if i.id == judgement.item), None)
    if item is None:
        raise ServiceError(N_("This item is not asked of this application."))
    if judgement.verdict == Verdict.NOT_APPLICABLE and not item.may_not_apply:
        raise ServiceError(N_("This item applies to everybody."), field=judgement.item)


def _require_seen(known: Finding, judgement: Judgement, version: int | None) -> None:
    """Let nobody pass over unread what another window stored, unless both say the same."""
    same = (known.verdict, known.reason) == (judgement.verdict, judgement.reason)
    if version is not None and version != known.version and not same:
        why = N_("This finding was changed in another window. Compare both and save again.")
        raise OutdatedError(why, field=judgement.item)


def _record(
    review: Review, act: str, actor: Person, details: dict[str, Any], note: str = ""
) -> None:
    history.record(
        history.Event(
            subject_type="review",
            subject_id=review.id,
            application_id=review.application_id,
            act=act,
            actor=actor,
            party=Party.REVIEWER if actor.id == review.reviewer_id else Party.OFFICE,
            to_state=review.state,
            note=note,
            details=details,
        )
    )
