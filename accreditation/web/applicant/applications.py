"""An application: what is left to do, the check before sending, its state, withdrawing it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application
from accreditation.services import applications, queues, results, submissions
from accreditation.services.errors import ServiceError
from accreditation.services.facts import last_day_to_correct
from accreditation.services.idempotency import new_key
from accreditation.services.schemes import scheme_of
from accreditation.services.steps import open_steps, take_step
from accreditation.web import access, refusals, repeated
from accreditation.web.applicant import case
from accreditation.web.applicant.blueprint import pages
from accreditation.web.applicant.forms import ReasonForm, SendForm
from workflows.application import EDITABLE, ApplicationState
from workflows.engine import StepRefused

SEND = {ApplicationState.DRAFT: "submit", ApplicationState.RETURNED: "resubmit"}


@pages.route("/my/applications/<application>", methods=["GET"])
def application(application: str) -> ResponseReturnValue:
    """Show what is left to do, or, once it was sent, what happens with it."""
    del application
    found = access.subject(Application)
    return _tasks(found) if found.state in EDITABLE else _afterwards(found)


@pages.route("/my/applications/<application>/check", methods=["GET", "POST"])
def check(application: str) -> ResponseReturnValue:
    """Check the answers, accept the terms and send the application."""
    found, form = access.subject(Application), SendForm()
    there = url_for(".application", application=application)
    if found.state not in EDITABLE:
        return redirect(there, 303)
    if not form.validate_on_submit():
        return _check_page(found, form, 422 if form.errors else 200)
    if refusal := _send(found, form):
        form.form_errors.append(refusal)
        return redirect(there, 303) if _is_sent(found) else _check_page(found, form, 409)
    db.session.commit()
    flash(_("Your application is sent."), "success")
    return redirect(there, 303)


@pages.route("/my/applications/<application>/withdraw", methods=["GET", "POST"])
def withdraw(application: str) -> ResponseReturnValue:
    """Withdraw an application, after asking once more."""
    found, form = access.subject(Application), ReasonForm()
    there = url_for(".application", application=application)
    if "withdraw" not in _offers(found):
        return redirect(there, 303)
    if not form.validate_on_submit():
        page = render_template("applicant/withdraw.html", form=form, application=found)
        return page, 422 if form.errors else 200
    take_step(found, "withdraw", access.person(), note=form.note.data)
    db.session.commit()
    flash(_("The application is withdrawn."), "success")
    return redirect(there, 303)


def _tasks(found: Application) -> str:
    """Show what is left to do before an application can be sent."""
    return render_template(
        "applicant/tasks.html",
        application=found,
        scheme=scheme_of(found.scheme_version),
        offers=_offers(found),
        progress=case.progress(found),
        result=results.preview(found),
        returned=case.last_reason(found, "return"),
        correct_by=last_day_to_correct(found),
        call_open=found.call.is_open(clock.now()),
    )


def _afterwards(found: Application) -> str:
    """Show what happened to an application since it was sent, and who acts next."""
    return render_template(
        "applicant/application.html",
        application=found,
        scheme=scheme_of(found.scheme_version),
        offers=_offers(found),
        outcome=case.outcome(found),
        events=case.events(found),
        acts_next=queues.next_in([found])[found.id],
    )


def _offers(found: Application) -> dict[str, Any]:
    return {offer.step.name: offer for offer in open_steps(found, access.person())}


def _send(found: Application, form: SendForm) -> str:
    """Send an application; give the sentence against it, with nothing written, if it can't be."""
    try:
        repeated.do_once(found, "send", lambda: _do_send(found, form.shown.data))
    except ServiceError as error:
        db.session.rollback()
        return refusals.sentence(error)
    except StepRefused as refused:
        db.session.rollback()
        return str(_(refused.why))
    return ""


def _do_send(found: Application, shown: str | None) -> None:
    applications.accept_terms(found, access.person())
    submissions.require_seen(found, shown)
    take_step(found, SEND[found.state], access.person())


def _is_sent(found: Application) -> bool:
    return found.state not in EDITABLE


def _check_page(found: Application, form: SendForm, status: int) -> ResponseReturnValue:
    answers = applications.answers_of(found)  # with their evidence, which the mark needs too
    form.shown.data, form.form_key.data = submissions.mark(found), new_key()
    page = render_template(
        "applicant/check.html",
        form=form,
        application=found,
        scheme=scheme_of(found.scheme_version),
        answers=answers,
        gaps=applications.gaps(found),
        in_time=found.state == ApplicationState.RETURNED or found.call.is_open(clock.now()),
        result=results.preview(found),
        item_url=case.item_urls(found),
    )
    return page, status
