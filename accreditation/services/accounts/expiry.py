"""What has run out: deleted after a while, and accounts closed that their owners gave up."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import Delete, delete, or_

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Challenge, Invitation, Mail, OneTimeLink, SignIn
from accreditation.services import idempotency
from accreditation.services.accounts import closing

# Whoever finds out that somebody else was in their account, does so within weeks, and then the
# office has to see when it was; after that the rows tell nothing that is needed.
KEPT_DAYS = 30


def clear() -> None:
    """Delete what ran out more than KEPT_DAYS ago, committing; safe to run at any time."""
    db.session.rollback()  # SQLite lets no transaction write that began as a reading one
    with writing():
        closing.close_asked()
        for statement in _run_out():
            db.session.execute(statement)
        db.session.commit()


def _run_out() -> list[Delete]:
    """Say what to delete; mails of a case stay with it, those about accounts carry links."""
    settings: Settings = current_app.extensions["settings"]
    until = clock.now() - timedelta(days=KEPT_DAYS)
    longest = max(settings.session_hours, settings.operator_session_hours)
    begun = until - timedelta(hours=longest)
    return [
        delete(SignIn).where(or_(SignIn.ended_at < until, SignIn.started_at < begun)),
        delete(OneTimeLink).where(or_(OneTimeLink.used_at < until, OneTimeLink.expires_at < until)),
        delete(Challenge).where(Challenge.expires_at < until),
        delete(Invitation).where(
            or_(
                Invitation.accepted_at < until,
                Invitation.revoked_at < until,
                Invitation.expires_at < until,
            )
        ),
        delete(Mail).where(Mail.application_id.is_(None), Mail.sent_at < until),
        idempotency.run_out(),
    ]
