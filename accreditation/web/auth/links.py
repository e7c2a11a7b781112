"""Mailed links: asking for one says nothing of who has an account; it works once, by POST."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import LinkPurpose, Person
from accreditation.services import people
from accreditation.web import page, refusals, sessions
from accreditation.web.auth import limits
from accreditation.web.auth.arrival import arrive
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import AddressForm, NewPasswordForm, SignUpForm
from workflows.engine import N_

GREETINGS = {
    LinkPurpose.SIGN_UP: N_("Welcome. Your account is open."),
    LinkPurpose.NEW_PASSWORD: N_("Your new password is set."),
}


@pages.route("/sign-up", methods=["GET", "POST"])
@limits.links_by_address
@limits.links_by_account
def sign_up() -> ResponseReturnValue:
    """Mail a link that opens an account."""
    form = AddressForm()
    if form.validate_on_submit():
        people.ask_to_sign_up(form.email.data, page.language_now())
        db.session.commit()
        return _mailed(form)
    return render_template("auth/sign_up.html", form=form), 422 if form.errors else 200


@pages.route("/forgotten-password", methods=["GET", "POST"])
@limits.links_by_address
@limits.links_by_account
def forgotten() -> ResponseReturnValue:
    """Mail a link that sets a new password."""
    form = AddressForm()
    if form.validate_on_submit():
        people.ask_for_new_password(form.email.data)
        db.session.commit()
        return _mailed(form)
    return render_template("auth/forgotten.html", form=form), 422 if form.errors else 200


@pages.route("/link/<token>", methods=["GET", "POST"])
def link(token: str) -> ResponseReturnValue:
    """Show what a mailed link is for; only sending the form uses it."""
    found = people.link_of(token)
    if found is None:
        return render_template("auth/dead_link.html", hours=people.LINK_HOURS), 410
    form = SignUpForm() if found.purpose is LinkPurpose.SIGN_UP else NewPasswordForm()
    if form.validate_on_submit() and (person := _use(token, form)):
        sessions.begin(person)
        db.session.commit()
        with force_locale(person.language):
            flash(_(GREETINGS[found.purpose]), "success")
        return arrive(person)
    template = f"auth/link_{found.purpose}.html"
    return render_template(template, form=form, email=found.email), 422 if form.errors else 200


def _mailed(form: AddressForm) -> ResponseReturnValue:
    return render_template(
        "auth/mailed.html", email=form.email.data, hours=people.LINK_HOURS, again=request.endpoint
    )


def _use(token: str, form: SignUpForm | NewPasswordForm) -> Person | None:
    person = None
    with refusals.beside(form):
        if isinstance(form, SignUpForm):
            person = people.sign_up(token, form.name.data, form.password.data)
        else:
            person = people.set_new_password(token, form.password.data)
    return person
