"""Files that go out: evidence and notices, always as downloads."""

from io import BytesIO

import structlog
from flask import Response, abort, make_response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.models import Evidence, Incentive
from accreditation.services import documents
from accreditation.services import evidence as files
from accreditation.services.storage import DamagedFileError
from accreditation.web import access
from accreditation.web.applicant.blueprint import pages

log = structlog.get_logger()


@pages.route("/evidence/<evidence>", methods=["GET"])
def evidence(evidence: str) -> ResponseReturnValue:
    """Send a file of evidence; it is never shown within our pages."""
    found = access.subject(Evidence)
    try:
        content = files.read(found)
    except (DamagedFileError, FileNotFoundError) as error:
        return _unreadable(evidence, error)
    media_type = (
        found.media_type if found.media_type in files.ALLOWED else "application/octet-stream"
    )
    return _download(content, found.name, media_type)


@pages.route("/notices/<incentive>.pdf", methods=["GET"])
def notice(incentive: str) -> ResponseReturnValue:
    """Send the notice of a granted incentive."""
    found = access.subject(Incentive)
    if found.document is None:
        abort(404)
    if found.document.made_at is None:
        return _not_made_yet()
    try:
        paper = documents.read(found.document, f"{found.number}.pdf")
    except (DamagedFileError, FileNotFoundError) as error:
        return _unreadable(incentive, error)
    return _download(paper.content, paper.name, "application/pdf")


def _download(content: bytes, name: str, media_type: str) -> Response:
    response = send_file(
        BytesIO(content), media_type, as_attachment=True, download_name=name, max_age=0
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


def _unreadable(key: str, error: Exception) -> ResponseReturnValue:
    log.error("file_unreadable", key=key, error=type(error).__name__)
    title = _("This file can't be opened")
    text = _("It is missing or damaged in our store. Please tell the office.")
    return make_response(render_template("errors/error.html", title=title, text=text), 500)


def _not_made_yet() -> ResponseReturnValue:
    title = _("This document is still being made")
    text = _("Please try again in a minute.")
    response = make_response(render_template("errors/error.html", title=title, text=text), 503)
    response.headers["Retry-After"] = "60"
    return response
