"""The stop switch: while issuing is paused no certificate is granted, and nothing else stops."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Accreditation, Certificate, Document, Switch, SwitchName
from accreditation.services import history
from accreditation.services.errors import ServiceError
from workflows.engine import N_, Party


@dataclass(frozen=True)
class Issued:
    """A certificate that was issued: number, edition, day, and the hash of its file, once made."""

    number: str
    edition: int
    on: date
    sha256: str | None


def paused() -> Switch | None:
    """Give the switch while issuing is paused, with since when and why; None while it goes on."""
    chosen = select(Switch).where(Switch.name == SwitchName.ISSUANCE)
    return db.session.scalar(chosen.where(Switch.paused_at.is_not(None)))


def pause(reason: str) -> None:
    """Stop issuing from this transaction on; paused again, only the reason is another.

    The chain is locked first, as by every decision: one that came before is issued, one that comes
    after reads the switch. ServiceError without a reason.
    """
    if not reason.strip():
        raise ServiceError(N_("Please give the reason."))
    history.lock()
    switch = _switch()
    switch.paused_at = switch.paused_at or clock.now()
    switch.reason = reason.strip()
    _record(switch, "pause", switch.reason)


def resume() -> None:
    """Let certificates be issued again; ServiceError when issuing is not paused."""
    history.lock()
    switch = _switch()
    if switch.paused_at is None:
        raise ServiceError(N_("Issuing is not paused."))
    switch.paused_at, switch.reason = None, ""
    _record(switch, "resume")


def issued(since: date, until: date) -> list[Issued]:
    """List the certificates issued from one day to another, both included, oldest first."""
    chosen = (
        select(Accreditation.number, Certificate.edition, Certificate.valid_from, Document.sha256)
        .join(Certificate, Certificate.accreditation_id == Accreditation.id)
        .join(Document, Document.id == Certificate.document_id)
        .where(Certificate.valid_from.between(since, until))
    )
    return [Issued(*row) for row in db.session.execute(chosen.order_by(Certificate.id))]


def _switch() -> Switch:
    chosen = select(Switch).where(Switch.name == SwitchName.ISSUANCE)
    switch = db.session.scalar(chosen.execution_options(populate_existing=True))
    if switch is None:
        switch = Switch(name=SwitchName.ISSUANCE, reason="")
        db.session.add(switch)
    return switch


def _record(switch: Switch, act: str, reason: str = "") -> None:
    db.session.flush()
    history.record(
        history.Event(
            subject_type="switch",
            subject_id=switch.id,
            act=act,
            actor=None,
            party=Party.SYSTEM,
            note=reason,
        )
    )
