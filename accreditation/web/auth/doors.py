"""Signing in by password, and signing out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services.accounts import entering
from accreditation.web import resend, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.arrival import arrive, welcome
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import SignInForm


@pages.app_errorhandler(resend.SignInNeededError)
def ask_to_sign_in(error: resend.SignInNeededError) -> ResponseReturnValue:
    """Send a stranger to the sign-in page; keep what they typed when they were sending a form."""
    del error
    if request.endpoint == "auth.sign_out":  # the session has ended already, as was asked for
        return redirect(url_for("auth.sign_in"), 303)
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    form = SignInForm(formdata=None)
    return render_template("auth/sign_in.html", form=form, **resend.again()), 401


@pages.route("/sign-in", methods=["GET", "POST"])
@limits.failures_by_address
@limits.tries_by_account
def sign_in() -> ResponseReturnValue:
    """Sign in, then go where one wanted to go, or send what was typed before."""
    wanted = resend.local_path(request.args.get("next", ""))
    if request.method != "POST" and (someone := visitor.current_person()):
        return arrive(someone, wanted)
    form, carried = SignInForm(), resend.carried()
    if form.validate_on_submit():
        if person := entering.check_password(form.email.data, form.password.data):
            limits.forget_tries()
            return welcome(person, wanted, carried)
        form.form_errors.append(_("This address and this password do not belong together."))
    status = 422 if form.errors else 200
    return render_template("auth/sign_in.html", form=form, **carried), status


@pages.route("/sign-out", methods=["POST"])
def sign_out() -> ResponseReturnValue:
    """End the session for good, here and on the server."""
    visitor.end()
    db.session.commit()
    flash(_("You are signed out."), "success")
    answer = redirect(url_for("public.home"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # what a shared computer would keep
    return answer
