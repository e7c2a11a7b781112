"""What a person may change about their own account: name, language, password."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services.accounts import entering, people, second_factors, sessions
from accreditation.web import access, refusals, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import AccountForm, PasswordForm


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
        return redirect(url_for("auth.security"), 303)
    shortest = second_factors.shortest_password(access.person())
    page = render_template("auth/password.html", form=form, shortest=shortest)
    return page, 422 if form.errors else 200


def _change_password(form: PasswordForm) -> bool:
    person, here = access.person(), visitor.current_sign_in()
    if entering.check_password(person.email, form.old_password.data) is None:
        form.old_password.errors.append(_("This is not your password."))
        return False
    with refusals.beside(form):
        entering.change_password(person, form.password.data, keep=here)
    if here is not None and not form.errors:
        sessions.prove(here)
    return not form.errors
