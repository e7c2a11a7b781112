"""Proving anew who one is, before a grave act: the last proof was too long ago."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Person
from accreditation.services.accounts import entering, passkeys, sessions
from accreditation.web import access, refusal_log, refusals, resend, site, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.arrival import go_on
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import ConfirmForm


@pages.app_errorhandler(resend.ProofNeededError)
def ask_for_proof(error: resend.ProofNeededError) -> ResponseReturnValue:
    """Ask for the password or a passkey, with what was to be sent kept."""
    del error
    form = ConfirmForm(formdata=None)
    return render_template("auth/confirm.html", form=form, **resend.again()), 401


@pages.route("/confirm", methods=["POST"])
@limits.failures_by_address
@limits.tries_by_account
def confirm() -> ResponseReturnValue:
    """Take the proof; then what was kept can be sent."""
    form, carried, person = ConfirmForm(), resend.carried(), access.person()
    if form.validate_on_submit() and _is_proved(form, person):
        limits.forget_tries()
        found = visitor.current_sign_in()
        if found is not None:
            sessions.prove(found)
        db.session.commit()
        return go_on(person, None, carried)
    refusal_log.note("wrong_proof")
    return render_template("auth/confirm.html", form=form, **carried), 422


def _is_proved(form: ConfirmForm, person: Person) -> bool:
    party, answer = site.relying_party(), request.form.get("credential")
    if party and answer:
        with refusals.beside(form, {"credential": "password"}):
            passkeys.check(party, answer, person)
        return not form.errors
    if entering.check_password(person.email, form.password.data or "") is None:
        form.password.errors = [_("This is not your password.")]
        return False
    return True
