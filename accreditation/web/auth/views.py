"""Signing in and out, and what a person may change about their own account."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Person
from accreditation.services import people
from accreditation.web import access, refusals, resend, sessions
from accreditation.web.auth import limits, links
from accreditation.web.auth.arrival import arrive
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import AccountForm, PasswordForm, SignInForm

__all__ = ["links", "pages"]


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
    if request.method != "POST" and (someone := sessions.current_person()):
        return arrive(someone, wanted)
    form, carried = SignInForm(), resend.carried()
    if form.validate_on_submit():
        if person := people.check_password(form.email.data, form.password.data):
            return _welcome(person, wanted, carried)
        form.form_errors.append(_("This address and this password do not belong together."))
    status = 422 if form.errors else 200
    return render_template("auth/sign_in.html", form=form, **carried), status


def _welcome(person: Person, wanted: str | None, carried: resend.Carried) -> ResponseReturnValue:
    limits.forget_tries()
    sessions.begin(person)
    db.session.commit()
    if carried["kept_path"]:
        return render_template("auth/go_on.html", **carried)
    return arrive(person, wanted)


@pages.route("/sign-out", methods=["POST"])
def sign_out() -> ResponseReturnValue:
    """End the session for good, here and on the server."""
    sessions.end()
    db.session.commit()
    flash(_("You are signed out."), "success")
    return redirect(url_for("public.home"), 303)


@pages.route("/account", methods=["GET", "POST"])
def account() -> ResponseReturnValue:
    """Change one's name and language."""
    person = access.person()
    form = AccountForm(obj=person)
    if form.validate_on_submit():
        people.change_profile(person, form.name.data, form.language.data)
        db.session.commit()
        with force_locale(form.language.data):
            flash(_("Your account is changed."), "success")
        return redirect(url_for("auth.account", lang=None), 303)
    page = render_template("auth/account.html", form=form, person=person)
    return page, 422 if form.errors else 200


@pages.route("/account/password", methods=["GET", "POST"])
@limits.failures_by_address
@limits.tries_by_account
def password() -> ResponseReturnValue:
    """Change one's password; every other session ends."""
    form = PasswordForm()
    if form.validate_on_submit() and _change_password(form):
        db.session.commit()
        limits.forget_tries()
        flash(_("Your password is changed. All other sessions were ended."), "success")
        return redirect(url_for("auth.account"), 303)
    return render_template("auth/password.html", form=form), 422 if form.errors else 200


def _change_password(form: PasswordForm) -> bool:
    person = access.person()
    if people.check_password(person.email, form.old_password.data) is None:
        form.old_password.errors.append(_("This is not your password."))
        return False
    with refusals.beside(form):
        people.change_password(person, form.password.data, keep=sessions.current_sign_in())
    return not form.errors
