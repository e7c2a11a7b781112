"""Errors in words: what services refuse with becomes a status and a sentence, once, here."""

import time

import structlog
from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from accreditation.config import Settings
from accreditation.extensions import db, limiter
from accreditation.services import evidence, history
from accreditation.services.errors import NotFoundError, OutdatedError, ServiceError
from accreditation.services.facts import Subject, kind_of
from accreditation.services.members import belongs
from accreditation.web import headers, outages, refusal_log, refusals, resend, source, timeline
from accreditation.web.routes import TAKE_FILES
from accreditation.web.visitor import current_person
from workflows.engine import Refusal, StepRefused

log = structlog.get_logger()

STATUS = {
    Refusal.UNKNOWN: 404,
    Refusal.NOT_YOURS: 403,
    Refusal.WRONG_STATE: 409,
    Refusal.GUARD: 409,
    Refusal.NOTE: 422,
}
TOO_LARGE = 413
PAGES = {400, 403, 404, 405, 409}
SHOWN = 3  # of the last changes of a case


def refused(error: StepRefused) -> ResponseReturnValue:
    """Say why a step was refused, and what happened to the case meanwhile."""
    return _sorry(_(error.why), STATUS[error.refusal])


def not_possible(error: ServiceError) -> ResponseReturnValue:
    """Say why an act was refused; what was typed stays readable on the page."""
    return _sorry(refusals.sentence(error), 409 if isinstance(error, OutdatedError) else 422)


def overtaken(error: StaleDataError) -> ResponseReturnValue:
    """Say that another window or somebody else was faster."""
    del error
    why = _("This was changed at the same moment in another window or by somebody else.")
    return _sorry(why, 409)


def not_found(error: NotFoundError) -> ResponseReturnValue:
    """Answer 404 for what is not there, or not for this person."""
    del error
    return _page(404), 404


def stale_form(error: resend.StaleFormError) -> ResponseReturnValue:
    """Give the typed text back with a fresh token."""
    del error
    refusal_log.note("stale_form")
    return resend.stale_page()


def too_many(error: RateLimitExceeded) -> ResponseReturnValue:
    """Say how long to wait after too many tries."""
    del error
    refusal_log.note("too_many_tries")
    limit = limiter.current_limit
    wait = max(1, limit.reset_at - int(time.time())) if limit else outages.PAUSE
    response = make_response(_page(429, minutes=-(-wait // 60)), 429)
    response.headers["Retry-After"] = str(wait)
    return response


def misdirected(error: SecurityError) -> ResponseReturnValue:
    """Say under which name the site is; without one that is ours no other page can be made."""
    del error
    settings: Settings = current_app.extensions["settings"]
    template = current_app.jinja_env.get_template("errors/misdirected.html")
    return template.render(address=settings.site_address), 400


def http(error: HTTPException) -> ResponseReturnValue:
    """Show every HTTP error on a page of ours."""
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004
        return error
    fault = getattr(error, "original_exception", None)  # what an error page itself met
    if (outage := outages.answer(fault)) is not None:
        return outage
    if error.code >= outages.FAULT:
        return outages.alone(error.code)
    if error.code == TOO_LARGE:
        return _too_large()
    code = error.code if error.code in PAGES else 400
    response = make_response(_page(code), error.code)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def unexpected(error: Exception) -> ResponseReturnValue:
    """Say that something is away or full; else log what went wrong, and show not a word of it.

    Where it was the replica, the page is made once more, from the database itself.
    """
    if outages.is_away(error) and source.leave():
        return _once_more()
    if (outage := outages.answer(error)) is not None:
        return outage
    route = request.url_rule and request.url_rule.rule  # the address itself may hold a secret
    log.error("unexpected", route=route, request=headers.request_id(), exc_info=error)
    return outages.alone(outages.FAULT)


def _once_more() -> ResponseReturnValue:
    try:
        return current_app.dispatch_request()
    except Exception as error:  # noqa: BLE001 - whatever it is has its page below
        return current_app.handle_user_exception(error)


def _too_large() -> ResponseReturnValue:
    """Name the limit that was passed; what was sent is not read, so nothing of it can be shown."""
    settings: Settings = current_app.extensions["settings"]
    most = current_app.config["MAX_CONTENT_LENGTH"]
    of_files = request.endpoint in TAKE_FILES and (request.content_length or most + 1) > most
    page = render_template(
        "errors/413.html",
        megabytes=settings.upload_megabytes if of_files else None,
        at_once=settings.upload_megabytes * evidence.AT_ONCE,
        kilobytes=current_app.config["MAX_FORM_MEMORY_SIZE"] // 1024,
        back=_back(),
    )
    return page, TOO_LARGE


def _page(code: int, **shown: object) -> str:
    """Show an error with what was typed: these pages are never kept, so Back would lose it."""
    return render_template(f"errors/{code}.html", kept=resend.typed(), back=_back(), **shown)


def _sorry(why: str, status: int) -> ResponseReturnValue:
    db.session.rollback()
    page = render_template(
        "errors/refused.html",
        why=why,
        kept=resend.typed(),
        events=_meanwhile(g.get("subject")),
        back=_back(),
    )
    return page, status


def _meanwhile(subject: object) -> list[timeline.Event]:
    """List the last changes of the case's state: what happened meanwhile explains a refusal.

    Whoever works on the case reads it whole; the operator's people, whatever else they are, read
    what the operator is told.
    """
    person = current_person()
    if person is None or not isinstance(subject, Subject):
        return []
    kind = kind_of(subject)
    entries = history.of_subject(kind.workflow.name, subject.id)
    changes = [one for one in entries if one.to_state]
    read = timeline.told if belongs(person, kind.operator(subject)) else timeline.shown
    return read(changes[-SHOWN:])


def _back() -> str:
    referrer = request.referrer or ""
    start = request.host_url
    path = referrer.removeprefix(start.rstrip("/")) if referrer.startswith(start) else "/"
    return resend.local_path(path) or "/"


def register(app: Flask) -> None:
    """Hang the error pages on the application."""
    app.add_template_filter(resend.texts, "texts")
    app.register_error_handler(StepRefused, refused)
    app.register_error_handler(ServiceError, not_possible)
    app.register_error_handler(NotFoundError, not_found)
    app.register_error_handler(StaleDataError, overtaken)
    app.register_error_handler(RateLimitExceeded, too_many)
    app.register_error_handler(resend.StaleFormError, stale_form)
    app.register_error_handler(SecurityError, misdirected)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unexpected)
