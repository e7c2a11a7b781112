"""The check page's JSON twin: a stable shape for travel platforms and auditors."""

from typing import Any

from accreditation.config import Settings
from accreditation.models import Certificate
from accreditation.services.entries import Check, Entry
from accreditation.services.schemes import scheme_of


def as_json(check: Check, settings: Settings) -> dict[str, Any]:
    """Write a check down: dates ISO 8601, texts in both languages, hashes in hexadecimal.

    `status` is how the accreditation stands now, `status_since` the instant from which it has
    stood so without a break; `edition` is the edition asked for, and
    `superseded_by` the newest one when that is a later edition.
    """
    entry, certificate = check.entry, check.certificate
    scheme = scheme_of(certificate.application.scheme_version)
    address = f"{settings.site_address}/verify/{entry.number}"
    return {
        "number": entry.number,
        "status": entry.standing.value,
        "edition": certificate.edition,
        "superseded_by": check.superseded_by,
        "paper": {None: "not_checked", True: "genuine", False: "not_ours"}[check.genuine],
        "site": certificate.holder["site"],
        "operator": certificate.holder["operator"],
        "address": certificate.holder["address"],
        "kind": certificate.holder["kind"],
        "scheme": scheme.name.model_dump(),
        "standard": scheme.version,
        "indicators": [
            {"number": number, "name": scheme.indicator(number).title.model_dump()}
            for number in certificate.indicators
        ],
        "level": certificate.level,
        "conditions": certificate.conditions,
        "decided_on": certificate.decision.decided_on.isoformat(),
        "valid_from": certificate.valid_from.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "status_since": entry.since.isoformat(),
        "editions": [_edition(one) for one in entry.accreditation.certificates],
        "specimen": settings.demo,
        "page": address,
        "checked_at": entry.as_of.isoformat(),
    }


def without_edition(entry: Entry) -> dict[str, Any]:
    """Say that a number has no such edition, and which it has; there is no `status` to trust."""
    return {
        "error": "This certificate has no such edition.",
        "number": entry.number,
        "editions": [_edition(one) for one in entry.accreditation.certificates],
    }


def _edition(certificate: Certificate) -> dict[str, Any]:
    return {
        "edition": certificate.edition,
        "fiscal_year": certificate.fiscal_year,
        "indicators": certificate.indicators,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "sha256": certificate.document.sha256,
    }
