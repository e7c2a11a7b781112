"""Recording the council's decision, and what it brings: number, edition, certificate."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Certificate,
    CertifiedIndicator,
    Decision,
    DocumentKind,
    Outcome,
    Site,
)
from accreditation.schemes.rules import valid_until
from accreditation.services import (
    applications,
    documents,
    facts,
    history,
    numbers,
    printable,
    results,
)
from accreditation.services.names import search_text
from accreditation.services.schemes import scheme_of
from certificates.dates import fiscal_year
from workflows.accreditation import AccreditationState
from workflows.engine import Party

SERIES = "certificate"
OUTCOMES = {
    "accredit": Outcome.ACCREDITED,
    "accredit_with_conditions": Outcome.ACCREDITED_WITH_CONDITIONS,
    "refuse": Outcome.REFUSED,
}


def decide(application: Application, act: facts.Act) -> None:
    """Record the decision; consequence of the council's steps, which checked it already."""
    refused, now = act.step == "refuse", clock.now()
    printable.require_conditions(act.details.get("conditions", []))
    reached = results.agreed(application).reached
    db.session.add(
        Decision(
            application=application,
            outcome=OUTCOMES[act.step],
            indicators=[] if refused else sorted(act.details.get("indicators", reached)),
            conditions=list(act.details.get("conditions", [])),
            reasons=act.note,
            decided_on=clock.day_of(now),
            decided_at=now,
            decided_by=act.actor,
        )
    )
    db.session.flush()


def grant(application: Application, held: Accreditation | None) -> Certificate:
    """Grant what was decided: the first time a number, every time an edition (requirement R33).

    The certificate is ordered here and made in the background; a renewal of the accreditation
    that is `held` keeps its number.
    """
    decision = decision_of(application)
    year = fiscal_year(decision.decided_on)
    until = valid_until(decision.decided_on, scheme_of(application.scheme_version).rule.validity)
    holder = _holder(application)
    accreditation = held or Accreditation(
        number=numbers.next_number(SERIES, year),
        site=application.site,
        state=AccreditationState.ACTIVE,
        state_since=clock.now(),
        created_at=clock.now(),
    )
    accreditation.valid_until = until
    accreditation.kind = holder["kind"]
    accreditation.search_text = search_text(holder)
    certificate = Certificate(
        accreditation=accreditation,
        application=application,
        decision=decision,
        document=documents.order(DocumentKind.CERTIFICATE),
        edition=len(accreditation.certificates) + 1,
        indicators=decision.indicators,
        conditions=decision.conditions,
        level=_level(application, decision),
        holder=holder,
        fiscal_year=year,
        valid_from=decision.decided_on,
        valid_until=until,
    )
    db.session.add(certificate)
    db.session.flush()
    _list_indicators(accreditation, decision.indicators)
    return certificate


def edition_of(certificate: Certificate) -> dict[str, Any]:
    """Say in the history's details which edition of which accreditation a certificate is."""
    return {"number": certificate.accreditation.number, "edition": certificate.edition}


def record_first(certificate: Certificate) -> None:
    """Put the grant of a new accreditation into the history."""
    accreditation = certificate.accreditation
    history.record(
        history.Event(
            subject_type="accreditation",
            subject_id=accreditation.id,
            application_id=certificate.application_id,
            act="grant",
            actor=None,
            party=Party.SYSTEM,
            to_state=accreditation.state,
            details=edition_of(certificate),
        )
    )


def decision_of(application: Application) -> Decision:
    """Give the decision on an application; NoResultFound when there is none."""
    chosen = select(Decision).where(Decision.application_id == application.id)
    return db.session.scalars(chosen).one()


def certificate_of(application: Application) -> Certificate | None:
    """Give the certificate that an application led to, if it did."""
    chosen = select(Certificate).where(Certificate.application_id == application.id)
    return db.session.scalar(chosen)


def newest_of(sites: Sequence[Site]) -> dict[int, Accreditation]:
    """Give the newest accreditation of each of some sites that ever had one, by the site's id."""
    chosen = select(Accreditation).where(Accreditation.site_id.in_([site.id for site in sites]))
    rows = db.session.scalars(chosen.order_by(Accreditation.id))
    return {accreditation.site_id: accreditation for accreditation in rows}


def _holder(application: Application) -> dict[str, Any]:
    sent = applications.submitted(application)
    operator, site = sent["operator"], sent["site"]
    sender = application.submissions[-1].sent_by
    return {
        "operator": _both(operator, "name"),
        "site": _both(site, "name"),
        "address": _both(site, "address"),
        "kana": f"{operator['name_kana']} {site['name_kana']}".strip(),
        "kind": site["kind"],
        "language": sender.language,
    }


def _both(source: dict[str, str], field: str) -> dict[str, str]:
    japanese = source[f"{field}_ja"]
    return {"ja": japanese, "en": source[f"{field}_en"] or japanese}


def _level(application: Application, decision: Decision) -> str | None:
    level = results.agreed(application, set(decision.indicators)).level
    return level.id if level else None


def _list_indicators(accreditation: Accreditation, indicators: list[int]) -> None:
    listed = CertifiedIndicator.accreditation_id == accreditation.id
    db.session.execute(delete(CertifiedIndicator).where(listed))
    db.session.add_all(
        CertifiedIndicator(accreditation_id=accreditation.id, indicator=number)
        for number in indicators
    )
