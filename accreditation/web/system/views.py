"""What machines ask of the system, and the demonstration's mailbox."""

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import Mail
from accreditation.services import mail as mails
from accreditation.web.system import metrics, readiness, signposts
from accreditation.web.system.links import linked

LARGEST_ID = 2**31 - 1  # a greater one fits no column of ids
pages = Blueprint("system", __name__)


@pages.after_request
def keep_nowhere(response: Response) -> Response:
    """Forbid every cache to keep these answers: they are true for this moment only."""
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.route("/healthz", methods=["GET"])
def health() -> ResponseReturnValue:
    """Say that this process answers; nothing else is asked."""
    return jsonify(status="ok")


@pages.route("/readyz", methods=["GET"])
def ready() -> ResponseReturnValue:
    """Say of each part that the work needs whether it answers, never why not."""
    parts = readiness.of_parts()
    good = all(is_ready for name, is_ready in parts.items() if name not in readiness.SPARE)
    said = {name: "ok" if is_ready else "failed" for name, is_ready in parts.items()}
    return jsonify(status="ok" if good else "failed", **said), 200 if good else 503


@pages.route("/metrics", methods=["GET"])
def figures() -> ResponseReturnValue:
    """Give the figures of this process to a monitor."""
    return metrics.shown()


@pages.route("/robots.txt", methods=["GET"])
def robots() -> ResponseReturnValue:
    """Tell search engines what they may read."""
    return Response(signposts.robots(_settings()), mimetype="text/plain")


@pages.route("/.well-known/security.txt", methods=["GET"])
def security() -> ResponseReturnValue:
    """Tell finders of a weakness whom to tell."""
    return Response(signposts.security(_settings()), mimetype="text/plain")


@pages.route("/mailbox", methods=["GET"])
def mailbox() -> ResponseReturnValue:
    """List the mails of the demonstration, the newest first."""
    _only_in_demonstration()
    found = mails.newest(request.args.get("page", 1, type=int))
    if not found.items and found.page > 1:
        abort(404)
    return render_template("system/mailbox.html", mails=found)


@pages.route(f"/mailbox/<int(max={LARGEST_ID}):mail_id>", methods=["GET"])
def mail(mail_id: int) -> ResponseReturnValue:
    """Show one mail as the plain text that it is."""
    settings = _only_in_demonstration()
    found = db.session.get(Mail, mail_id) or abort(404)
    body = linked(found.body, settings.site_address)
    return render_template("system/mail.html", mail=found, body=body, sender=settings.mail_from)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _only_in_demonstration() -> Settings:
    return _settings() if _settings().demo else abort(404)
