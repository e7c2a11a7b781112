"""Incentives: granted with an accreditation from the programmes that its call names."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Application,
    Certificate,
    DocumentKind,
    Incentive,
    IncentiveKind,
    Programme,
)
from accreditation.services import documents, facts, history, numbers
from accreditation.services.errors import ServiceError
from workflows.engine import N_, Party
from workflows.incentive import IncentiveState

SERIES, PREFIX = "incentive", "I-"


def offer(application: Application, act: facts.Act) -> None:
    """Make the record of every programme of the call; consequence of the accreditation.

    The accreditation never depends on it: with the budget used up the record says so.
    """
    del act
    certificate = db.session.scalars(
        select(Certificate).where(Certificate.application_id == application.id)
    ).one()
    for programme in application.call.programmes:
        incentive = Incentive(
            programme=programme,
            certificate=certificate,
            state=IncentiveState.UNFUNDED,
            state_since=clock.now(),
            amount_yen=0,
            decided_on=clock.today(),
        )
        if commit_budget(programme):
            allot(incentive)
        db.session.add(incentive)
        db.session.flush()
        _record(incentive)


def of_certificates(certificates: list[Certificate]) -> list[Incentive]:
    """List the incentives that came with some certificates."""
    chosen = select(Incentive).where(Incentive.certificate_id.in_([c.id for c in certificates]))
    return list(db.session.scalars(chosen.order_by(Incentive.id)))


def of_programme(programme: Programme) -> list[Incentive]:
    """List what was granted, or could not be, from a programme, newest first."""
    chosen = (
        select(Incentive)
        .where(Incentive.programme_id == programme.id)
        .options(joinedload(Incentive.certificate).joinedload(Certificate.accreditation))
        .order_by(Incentive.id.desc())
    )
    return list(db.session.scalars(chosen).unique())


def commit_budget(programme: Programme) -> bool:
    """Take one amount from the budget; False when what is left does not suffice.

    One statement asks and takes, so that two decisions at once can't both take the last yen
    (requirement R58); the table's own constraint stands behind it.
    """
    if programme.kind == IncentiveKind.BENEFIT:
        return True
    left = Programme.budget_yen - Programme.committed_yen
    done = db.session.scalar(
        update(Programme)
        .where(Programme.id == programme.id, Programme.amount_yen <= left)
        .values(committed_yen=Programme.committed_yen + Programme.amount_yen)
        .returning(Programme.id),
        execution_options={"synchronize_session": False},
    )
    db.session.refresh(programme)
    return done is not None


def allot(incentive: Incentive) -> None:
    """Give a funded incentive its amount, its number and its notice."""
    # Number and document first: both write, and the row is either granted whole or not at all.
    number = numbers.next_number(SERIES, incentive.programme.fiscal_year)
    document = documents.order(DocumentKind.NOTICE)
    incentive.number, incentive.document = f"{PREFIX}{number}", document
    # nosemgrep: state-outside-the-door - its first state; later on a consequence of that door
    incentive.state = IncentiveState.GRANTED
    incentive.amount_yen = incentive.programme.amount_yen


def fund(incentive: Incentive, act: facts.Act) -> None:
    """Grant an incentive later, when the budget has room again; consequence of that step."""
    del act
    if not commit_budget(incentive.programme):
        raise ServiceError(N_("The budget of the programme is used up."))
    incentive.decided_on = clock.today()
    allot(incentive)


def release(incentive: Incentive, act: facts.Act) -> None:
    """Give a cancelled incentive's amount back to the budget; consequence of that step.

    The record keeps the amount, for a notice that was made says it; one not made is called off.
    """
    del act
    if incentive.document is not None and documents.call_off(incentive.document):
        incentive.document = None
    db.session.execute(
        update(Programme)
        .where(Programme.id == incentive.programme_id)
        .values(committed_yen=Programme.committed_yen - incentive.amount_yen),
        execution_options={"synchronize_session": False},
    )
    db.session.refresh(incentive.programme)


def _record(incentive: Incentive) -> None:
    details: dict[str, Any] = {
        "programme": incentive.programme.key,
        "number": incentive.number,
        "amount_yen": incentive.amount_yen,
    }
    history.record(
        history.Event(
            subject_type="incentive",
            subject_id=incentive.id,
            application_id=incentive.certificate.application_id,
            act="offer",
            actor=None,
            party=Party.SYSTEM,
            to_state=incentive.state,
            details=details,
        )
    )
