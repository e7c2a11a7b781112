"""Setting up and removing an authenticator, and the recovery codes."""

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Person
from accreditation.services.accounts import second_factors, sessions
from accreditation.web import access, refusals, site, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import AuthenticatorForm


@pages.route("/account/authenticator", methods=["GET", "POST"])
@limits.failures_by_address
@limits.tries_by_account
def authenticator() -> ResponseReturnValue:
    """Set up an authenticator: show its secret, then let a first code confirm it."""
    person, form = access.person(), AuthenticatorForm()
    if request.method != "POST":
        return render_template("auth/authenticator.html", form=form)
    secret = second_factors.begin_authenticator(person)
    db.session.commit()  # whatever the first code is, the secret that was shown stays
    if form.code.data is not None and form.validate() and (codes := _confirm(person, form)):
        limits.forget_tries()
        return render_template("auth/recovery_codes.html", codes=codes)
    address = second_factors.address_of(person, secret, site.name())
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4)
    shown = render_template(
        "auth/authenticator.html", form=form, secret=secret, picture=picture, address=address
    )
    return shown, 422 if form.errors else 200


def _confirm(person: Person, form: AuthenticatorForm) -> list[str]:
    codes: list[str] = []
    with refusals.beside(form):
        codes = second_factors.confirm_authenticator(person, form.code.data)
        found = visitor.current_sign_in()
        if found is not None:
            sessions.prove(found, second_factor=True)
        db.session.commit()
    return codes


@pages.route("/account/authenticator/remove", methods=["GET", "POST"])
def remove_authenticator() -> ResponseReturnValue:
    """Take the authenticator away."""
    if request.method == "POST":
        second_factors.remove_authenticator(access.person())
        db.session.commit()
        flash(_("The authenticator is removed."), "success")
        return redirect(url_for(".security"), 303)
    return render_template("auth/remove_authenticator.html")


@pages.route("/account/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    """Make the recovery codes anew."""
    if request.method == "POST":
        codes = second_factors.new_recovery_codes(access.person())
        db.session.commit()
        return render_template("auth/recovery_codes.html", codes=codes)
    return render_template("auth/new_recovery_codes.html")
