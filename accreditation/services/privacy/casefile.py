"""The file of one case for a request for disclosure: all that was said, found and decided in it."""

from typing import Any

from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Application,
    Certificate,
    Decision,
    Evidence,
    HistoryEntry,
    Mail,
    Person,
    Reconciliation,
    Review,
)
from accreditation.services import history


def of(case: Application) -> dict[str, Any]:
    """Lay out a case, oldest first in every part; names stand where people acted."""
    return {
        "case": case.reference,
        "made_at": clock.now().isoformat(),
        "state": case.state.value,
        "state_since": case.state_since.isoformat(),
        "call": case.call.title_ja,
        "scheme": f"{case.scheme_version.scheme} {case.scheme_version.version}",
        "submissions": [
            {
                "number": one.number,
                "sent_at": one.sent_at.isoformat(),
                "sent_by": one.sent_by.name,
                "sha256": one.sha256,
                "content": one.content,
            }
            for one in case.submissions
        ],
        "evidence": [_evidence(one) for one in evidence_of(case)],
        "reviews": [_review(one) for one in _rows(Review, case)],
        "settled": [_settled(one) for one in _rows(Reconciliation, case)],
        "decisions": [_decision(one) for one in _rows(Decision, case)],
        "certificates": [
            {"edition": one.edition, "valid_until": one.valid_until.isoformat()}
            for one in _rows(Certificate, case)
        ],
        "history": [_entry(one) for one in history.of_application(case.id)],
        "mails": [_mail(one) for one in _rows(Mail, case)],
    }


def evidence_of(case: Application) -> list[Evidence]:
    """List the files of a case."""
    return _rows(Evidence, case)


def _rows(kind: Any, case: Application) -> list[Any]:  # noqa: ANN401 - any table with a case
    chosen = select(kind).where(kind.application_id == case.id).order_by(kind.id)
    return list(db.session.scalars(chosen))


def _evidence(one: Evidence) -> dict[str, Any]:
    uploader = db.session.get_one(Person, one.uploaded_by_id)
    return {
        "key": one.key,
        "name": one.name,
        "type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "uploaded_at": one.uploaded_at.isoformat(),
        "uploaded_by": uploader.name,
    }


def _review(one: Review) -> dict[str, Any]:
    findings = sorted(one.findings, key=lambda finding: finding.id)
    return {
        "reviewer": one.reviewer.name,
        "state": one.state.value,
        "findings": [
            {"item": each.item, "found": each.verdict, "reason": each.reason} for each in findings
        ],
    }


def _settled(one: Reconciliation) -> dict[str, Any]:
    at, by = one.settled_at.isoformat(), one.settled_by.name
    return {"item": one.item, "found": one.verdict, "reason": one.reason, "at": at, "by": by}


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "outcome": one.outcome.value,
        "indicators": one.indicators,
        "conditions": one.conditions,
        "reasons": one.reasons,
        "decided_on": one.decided_on.isoformat(),
        "decided_by": one.decided_by.name,
    }


def _entry(one: HistoryEntry) -> dict[str, Any]:
    content = one.detail.content if one.detail else {"name": None, "note": None, "details": None}
    return {
        "at": one.at.isoformat(),
        "act": one.act,
        "as": one.party,
        "to": one.to_state,
        "by": content["name"],
        "note": content["note"],
        "details": content["details"],
        "hash": one.hash,
    }


def _mail(one: Mail) -> dict[str, Any]:
    return {
        "to": one.recipient,
        "written_at": one.written_at.isoformat(),
        "subject": one.subject,
        "body": one.body,
    }
