"""What an operator sent: frozen word for word, with its hash."""

from typing import Any

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Answer, Application, Person, Submission
from accreditation.services import applications, results
from accreditation.services.canonical import sha256_of
from accreditation.services.errors import OutdatedError
from accreditation.services.operators import OPERATOR_FIELDS, SITE_FIELDS
from workflows.engine import N_

_OPERATOR = ("key", *OPERATOR_FIELDS)
_SITE = ("key", "kind", *SITE_FIELDS)
_SHOWN = ("indicators", "operator", "site", "answers")  # what its sender checks


def freeze(application: Application, person: Person) -> Submission:
    """Keep what is sent, word for word, with its hash; later edits do not reach it.

    The completed cycles are counted now: a certificate may have been granted since the start.
    """
    application.cycle = max(application.cycle, applications.completed_cycles(application.site))
    content = _content(application)
    submission = Submission(
        application=application,
        number=len(application.submissions) + 1,
        content=content,
        sha256=sha256_of(content),
        sent_by=person,
        sent_at=clock.now(),
    )
    db.session.add(submission)
    return submission


def mark(application: Application) -> str:
    """Give the mark of what would be sent now, by which a page knows later what it showed."""
    content = _content(application)
    return sha256_of([content[name] for name in _SHOWN])


def require_seen(application: Application, shown: str | None) -> None:
    """Let nobody send what they did not read: a colleague may have changed it since the check.

    `shown` is the mark of what the page showed. OutdatedError when it is another now.
    """
    if shown != mark(application):
        why = N_("Something was changed since you opened this page. Please check once more.")
        raise OutdatedError(why)


def _content(application: Application) -> dict[str, Any]:
    site, operator = application.site, application.site.operator
    asked = {item.id for item in results.asked(application)}
    answers = sorted(
        (answer for answer in application.answers if answer.item in asked),
        key=lambda answer: answer.id,
    )
    return {
        "scheme": application.scheme_version.scheme,
        "version": application.scheme_version.version,
        "scheme_sha256": application.scheme_version.sha256,
        "terms": {"version": application.terms_version, "sha256": application.terms_sha256},
        "cycle": application.cycle,
        "indicators": application.indicators,
        "operator": {name: _plain(getattr(operator, name)) for name in _OPERATOR},
        "site": {name: _plain(getattr(site, name)) for name in _SITE},
        "answers": {answer.item: _answer(answer) for answer in answers},
    }


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "verdict": answer.verdict,
        "text": answer.text,
        "evidence": [
            {"key": one.evidence.key, "name": one.evidence.name, "sha256": one.evidence.sha256}
            for one in answer.attachments
        ],
    }
