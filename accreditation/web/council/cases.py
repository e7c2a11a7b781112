"""The council's list and the decision panel."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Application, Certificate
from accreditation.schemes.rules import Result
from accreditation.services import (
    accreditations,
    history,
    incentives,
    lookalikes,
    operators,
    queues,
    register,
    results,
)
from accreditation.services.entries import Entry
from accreditation.services.errors import ServiceError
from accreditation.services.facts import cases_to_review
from accreditation.services.schemes import scheme_of
from accreditation.services.steps import open_steps, take_step
from accreditation.web import access, casefile, refusals, repeated, timeline
from accreditation.web.council.blueprint import pages
from accreditation.web.council.forms import PLACES, DecisionForm
from accreditation.web.language import language_now
from workflows.application import DECIDED
from workflows.engine import Refusal, StepRefused


@pages.route("/council", methods=["GET"])
def home() -> ResponseReturnValue:
    """List the cases to decide on, and those decided lately."""
    return render_template(
        "council/home.html",
        rows=queues.council(),
        decided=queues.decided(),
        own={operator.id for operator in operators.of_person(access.person())},
        reviewed=cases_to_review(access.person()),
    )


@pages.route("/council/applications/<application>", methods=["GET"])
def application(application: str) -> ResponseReturnValue:
    """Show a case in the order in which it is judged."""
    del application
    return _page(access.subject(Application), DecisionForm(formdata=None))


@pages.route("/council/applications/<application>/decision", methods=["POST"])
def decide(application: str) -> ResponseReturnValue:
    """Record the council's decision."""
    del application
    case, form, step = access.subject(Application), DecisionForm(), request.form.get("step", "")
    if not form.validate() or not form.chose(step):
        return _page(case, form), 422
    try:
        _take(case, step, form)
    except StepRefused as refused:
        return _again(case, form, refused)
    except ServiceError as error:
        return _told(case, form, error)
    db.session.commit()
    flash(_("The decision is recorded."), "success")
    return redirect(url_for("council.application", application=case.key), 303)


def _take(case: Application, step: str, form: DecisionForm) -> None:
    details = {} if step == "refuse" else form.details()
    take = partial(take_step, case, step, access.person(), note=form.reasons.data, details=details)
    repeated.do_once(case, step, partial(take, seen=form.seen()))


def _again(case: Application, form: DecisionForm, refused: StepRefused) -> ResponseReturnValue:
    """Put the sentence at the field that it speaks about; what no field can mend is a page."""
    place = "reasons" if refused.refusal is Refusal.NOTE else PLACES.get(refused.guard)
    if place is None:
        raise refused
    form[place].errors = [_(refused.why)]
    return _page(case, form), 422


def _told(case: Application, form: DecisionForm, error: ServiceError) -> ResponseReturnValue:
    """Put what the service refuses at its field."""
    db.session.rollback()
    refusals.tell(form, error)
    return _page(case, form), 422


def _page(case: Application, form: DecisionForm) -> str:
    scheme, agreed = scheme_of(case.scheme_version), results.agreed(case)
    form.offer(scheme, agreed, language_now())
    form.version.data = form.version.data or str(case.version)
    numbers = case.submissions[-1].content["indicators"]
    comparison = lookalikes.of(case)
    return render_template(
        "council/case.html",
        case=case,
        scheme=scheme,
        indicators=casefile.indicator_names(scheme, numbers, language_now()),
        answers=casefile.answers(case),
        sheet=casefile.sheet(case),
        agreed=agreed,
        past=_past(case),
        comparison=comparison,
        compared=_compared(case) if comparison else [],
        form=form,
        **_decision(case, agreed),
    )


def _compared(case: Application) -> list[timeline.Event]:
    """List what the office found when it compared names like this case's, newest first."""
    entries = history.of_application(case.id)
    return timeline.shown(one for one in entries if one.act == lookalikes.ACT)


def _past(case: Application) -> list[tuple[Entry, Certificate]]:
    """List the site's earlier certificates, newest first."""
    return [
        (entry, certificate)
        for entry in register.of_site(case.site)
        for certificate in reversed(entry.accreditation.certificates)
        if certificate.application_id != case.id
    ]


def _decision(case: Application, agreed: Result) -> dict[str, object]:
    """Say what was decided, or what this person may decide and why not."""
    if case.state in DECIDED:
        certificate = accreditations.certificate_of(case)
        return {
            "decision": accreditations.decision_of(case),
            "certificate": certificate,
            "incentives": incentives.of_certificates([certificate]) if certificate else [],
        }
    why_not = {offer.step.name: offer.why_not for offer in open_steps(case, access.person())}
    held_back = [one for one in agreed.indicators if not one.reached]
    return {
        "why_not_decide": why_not.get("refuse"),
        "why_not_grant": why_not.get("accredit"),
        "not_reached": held_back,
        "required": sorted(scheme_of(case.scheme_version).rule.indicators.required),
    }
