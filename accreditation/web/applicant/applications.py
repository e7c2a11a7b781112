"""An application: what is left to do, the check before sending, its state, withdrawing it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application
from accreditation.services import applications, results
from accreditation.services.errors import ServiceError
from accreditation.services.schemes import scheme_of
from accreditation.services.steps import open_steps, take_step
from accreditation.web import access
from accreditation.web.applicant import case, overview
from accreditation.web.applicant.blueprint import pages
from accreditation.web.applicant.forms import ReasonForm, SendForm
from workflows.application import ApplicationState
from workflows.engine import StepRefused

SEND = {ApplicationState.DRAFT: "submit", ApplicationState.RETURNED: "resubmit"}


@pages.route("/my/applications/<application>", methods=["GET"])
def application(application: str) -> ResponseReturnValue:
    """Show what is left to do, or, once it was sent, what happens with it."""
    del application
    found = access.subject(Application)
    scheme, steps = scheme_of(found.scheme_version), open_steps(found, access.person())
    shown = {
        "application": found,
        "scheme": scheme,
        "offers": {one.step.name: one for one in steps},
    }
    if found.state in applications.EDITABLE:
        returned = case.last_reason(found, "return")
        progress, result = case.progress(found), results.preview(found)
        page = "applicant/tasks.html"
        return render_template(
            page,
            progress=progress,
            result=result,
            returned=returned,
            call_open=found.call.is_open(clock.now()),
            **shown,
        )
    after = overview.NEXT.get(found.state)
    outcome, events = case.outcome(found), case.events(found)
    page = "applicant/application.html"
    return render_template(page, outcome=outcome, events=events, acts_next=after, **shown)


@pages.route("/my/applications/<application>/check", methods=["GET", "POST"])
def check(application: str) -> ResponseReturnValue:
    """Check the answers, accept the terms and send the application."""
    found, form = access.subject(Application), SendForm()
    there = url_for(".application", application=application)
    if found.state not in applications.EDITABLE:
        return redirect(there, 303)
    if not form.validate_on_submit():
        return _check_page(found, form, 422 if form.errors else 200)
    if refusal := _send(found):
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
    if not _is_open(found, "withdraw"):
        return redirect(there, 303)
    if not form.validate_on_submit():
        page = render_template("applicant/withdraw.html", form=form, application=found)
        return page, 422 if form.errors else 200
    take_step(found, "withdraw", access.person(), note=form.note.data)
    db.session.commit()
    flash(_("The application is withdrawn."), "success")
    return redirect(there, 303)


def _send(found: Application) -> str:
    """Send an application; give the sentence against it, with nothing written, if it can't be."""
    try:
        applications.accept_terms(found, access.person())
        take_step(found, SEND[found.state], access.person())
    except (ServiceError, StepRefused) as error:
        db.session.rollback()
        return str(_(error.why))
    return ""


def _is_sent(found: Application) -> bool:
    return found.state not in applications.EDITABLE


def _is_open(found: Application, step: str) -> bool:
    return any(offer.step.name == step for offer in open_steps(found, access.person()))


def _check_page(found: Application, form: SendForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "applicant/check.html",
        form=form,
        application=found,
        scheme=scheme_of(found.scheme_version),
        answers=applications.answers_of(found),
        unanswered=applications.unanswered(found),
        in_time=found.state == ApplicationState.RETURNED or found.call.is_open(clock.now()),
        result=results.preview(found),
        item_url=case.item_urls(found),
    )
    return page, status
