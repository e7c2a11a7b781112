"""The door: every change of a state goes through `take_step`, and nowhere else."""

from collections.abc import Callable
from typing import Any

import structlog

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application, HistoryEntry, Person
from accreditation.services import accreditations, history, incentives, recipients, submissions
from accreditation.services.errors import OutdatedError
from accreditation.services.facts import (
    Act,
    Subject,
    kind_of,
    parties_of,
    running_accreditation,
)
from accreditation.services.identifiers import paragraphs
from workflows.engine import N_, Offer, StepRefused

log = structlog.get_logger()

Consequence = Callable[[Any, Act], None]


def _freeze(application: Application, act: Act) -> None:
    assert act.actor is not None  # noqa: S101 - only operators send, so there is a person
    submissions.freeze(application, act.actor)


def _ask_for_terms_again(application: Application, act: Act) -> None:
    del act
    application.terms_accepted_at = None


def _grant(application: Application, act: Act) -> None:
    """Grant what was decided; on an accreditation that is held already, that is a step of its own.

    The first time there is no case yet that could move: the grant makes it in its first state.
    """
    held = running_accreditation(application.site_id)
    certificate = accreditations.grant(application, held)
    if held is None:
        accreditations.record_first(certificate)
    else:
        take_step(held, "renew", None, details=accreditations.edition_of(certificate))
    del act


# When this step is taken, then also that, in this order and in the same transaction.
CONSEQUENCES: dict[tuple[str, str], tuple[Consequence, ...]] = {
    ("application", "submit"): (_freeze,),
    ("application", "resubmit"): (_freeze,),
    ("application", "return"): (_ask_for_terms_again,),
    ("application", "accredit"): (
        accreditations.decide,
        _grant,
        incentives.offer,
    ),
    ("application", "accredit_with_conditions"): (
        accreditations.decide,
        _grant,
        incentives.offer,
    ),
    ("application", "refuse"): (accreditations.decide,),
    ("incentive", "fund"): (incentives.fund,),
    ("incentive", "cancel"): (incentives.release,),
}


def open_steps(subject: Subject, person: Person) -> list[Offer[Any]]:
    """List the steps that a person sees on a case now, each with the reason against it, if any."""
    kind = kind_of(subject)
    facts = kind.facts(subject, Act("", person))
    return kind.workflow.open_steps(subject.state, parties_of(person, subject), facts)


def take_step(  # noqa: PLR0913 - what may come with a step, each by its name
    subject: Subject,
    name: str,
    actor: Person | None,
    *,
    note: str = "",
    details: dict[str, Any] | None = None,
    seen: int | None = None,
) -> HistoryEntry:
    """Take a step on a case: state, history, consequences and mails, in one transaction.

    Locks the chain and the case first, so that of two people at once the second reads what
    happened. `seen` is the version of the case that the page showed: a case that came back to
    the same state meanwhile is another one (OutdatedError). Raises StepRefused with the reason.
    The caller commits.
    """
    _hold(subject)
    act, kind = Act(name, actor, paragraphs(note), details or {}), kind_of(subject)
    before, parties = subject.state, parties_of(actor, subject)
    try:
        after: Any = kind.workflow.take(name, before, parties, kind.facts(subject, act), act.note)
    except StepRefused as refused:
        told = {"refusal": refused.refusal, "guard": refused.guard}
        log.warning("step_refused", workflow=kind.workflow.name, step=refused.step, **told)
        raise
    if seen is not None and seen != subject.version:
        why = N_("This case has changed since you opened the page. Please read it again first.")
        raise OutdatedError(why)
    for follow in CONSEQUENCES.get((kind.workflow.name, name), ()):
        follow(subject, act)
    if after != before:  # a renewal leaves the accreditation in its state, since the same day
        subject.state, subject.state_since = after, clock.now()
    entry = _remember(subject, act, before)
    recipients.notify(subject, act, entry)
    return entry


def _hold(subject: Subject) -> None:
    """Lock the chain, then the case: whoever comes second reads what happened."""
    db.session.flush()
    history.lock()
    db.session.expire_all()  # what was read before the lock was ours may have changed since
    db.session.refresh(subject, with_for_update={"of": type(subject)})


def _remember(subject: Subject, act: Act, before: str) -> HistoryEntry:
    kind = kind_of(subject)
    return history.record(
        history.Event(
            subject_type=kind.workflow.name,
            subject_id=subject.id,
            application_id=kind.application(subject).id,
            act=act.step,
            actor=act.actor,
            party=kind.workflow.step(act.step).by,
            from_state=before,
            to_state=subject.state,
            note=act.note,
            details=act.details,
        )
    )
