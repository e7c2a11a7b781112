"""Passkeys: the questions that the browser puts to a device, and what its answers open."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services.accounts import passkeys, sessions
from accreditation.services.accounts.passkeys import RelyingParty
from accreditation.web import access, refusals, resend, site, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.arrival import welcome
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import PasskeyForm, SignInForm


@pages.route("/passkeys/ask", methods=["POST"])
@limits.questions_by_address
def ask_passkey() -> ResponseReturnValue:
    """Give the question (JSON) for a passkey: of whoever is signed in, or of anybody."""
    found = visitor.half_sign_in() or visitor.current_sign_in()
    asked = passkeys.ask(_site(), found.person if found else None)
    db.session.commit()
    return Response(asked, mimetype="application/json")


@pages.route("/sign-in/passkey", methods=["POST"])
@limits.failures_by_address
def enter_by_passkey() -> ResponseReturnValue:
    """Sign in with a passkey: it is both factors at once."""
    wanted = resend.local_path(request.args.get("next", ""))
    form, carried = SignInForm(), resend.carried()
    with refusals.beside(form, {"credential": "email"}):
        person = passkeys.check(_site(), request.form.get("credential", ""))
    if form.errors:
        return render_template("auth/sign_in.html", form=form, **carried), 422
    return welcome(person, wanted, carried, second_factor=True)


@pages.route("/account/passkeys/ask", methods=["POST"])
def ask_new_passkey() -> ResponseReturnValue:
    """Give the options (JSON) for a new passkey."""
    options = passkeys.ask_to_register(access.person(), _site())
    db.session.commit()
    return Response(options, mimetype="application/json")


@pages.route("/account/passkeys/new", methods=["GET", "POST"])
def add_passkey() -> ResponseReturnValue:
    """Keep a new passkey; with it, this session has its second factor."""
    form, party = PasskeyForm(), site.relying_party()
    if party and form.validate_on_submit():
        with refusals.beside(form, {"credential": "name"}):
            answer, name = request.form.get("credential", ""), form.name.data
            passkeys.register(access.person(), party, answer, name)
            _strengthen()
            db.session.commit()
            flash(_("The passkey is added."), "success")
            return redirect(url_for(".security"), 303)
    page = render_template("auth/add_passkey.html", form=form, possible=party is not None)
    return page, 422 if form.errors else 200


@pages.route("/account/passkeys/<int:passkey_id>/remove", methods=["POST"])
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Take a passkey away."""
    passkeys.remove(access.person(), passkey_id)
    db.session.commit()
    flash(_("The passkey is removed."), "success")
    return redirect(url_for(".security"), 303)


def _strengthen() -> None:
    found = visitor.current_sign_in()
    if found is not None:
        sessions.prove(found, second_factor=True)


def _site() -> RelyingParty:
    return site.relying_party() or abort(404)
