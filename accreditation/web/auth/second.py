"""The second factor: asked for after the password or the mailed link, before anything opens."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accreditation.extensions import db
from accreditation.models import Person
from accreditation.services.accounts import passkeys, second_factors
from accreditation.web import refusal_log, refusals, resend, site, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.arrival import go_on
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import SecondFactorForm


@pages.app_errorhandler(resend.SecondFactorNeededError)
def ask_for_second_factor(error: resend.SecondFactorNeededError) -> ResponseReturnValue:
    """Ask for the second factor; keep what was typed. Signing out needs none."""
    del error
    if request.endpoint == "auth.sign_out":
        visitor.end()
        db.session.commit()
        return redirect(url_for("auth.sign_in"), 303)
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("auth.second", next=request.full_path.rstrip("?")))
    form = SecondFactorForm(formdata=None)
    return render_template("auth/second.html", form=form, **resend.again()), 401


@pages.app_errorhandler(resend.FactorToSetUpError)
def ask_to_set_up(error: resend.FactorToSetUpError) -> ResponseReturnValue:
    """Lead people whose office asks for a second factor to where they set one up."""
    del error
    return render_template("auth/factor_needed.html", **resend.again()), 403


@pages.route("/sign-in/second", methods=["GET", "POST"])
@limits.failures_by_address
@limits.tries_by_account
def second() -> ResponseReturnValue:
    """Take the second factor: a code, a recovery code, or a passkey."""
    wanted = resend.local_path(request.args.get("next", ""))
    waiting = visitor.half_sign_in()
    if waiting is None:
        return redirect(url_for("auth.sign_in", next=wanted), 303)
    form, carried, person = SecondFactorForm(), resend.carried(), waiting.person
    if form.validate_on_submit() and _take_factor(form, person):
        limits.forget_tries()
        visitor.complete()
        db.session.commit()
        return go_on(person, wanted, carried)
    status = 422 if form.errors else 200
    if form.errors:
        refusal_log.note("wrong_second_factor")
    return render_template("auth/second.html", form=form, **carried), status


def _take_factor(form: SecondFactorForm, person: Person) -> bool:
    party, answer = site.relying_party(), request.form.get("credential")
    with refusals.beside(form, {"credential": "code"}):
        if party and answer:
            passkeys.check(party, answer, person)
        else:
            second_factors.check(person, form.code.data or "")
    return not form.errors
