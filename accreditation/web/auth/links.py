"""Mailed links: asking for one says nothing of who has an account; it works once, by POST."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from accreditation.extensions import db
from accreditation.models import LinkPurpose, Person
from accreditation.services.accounts import addresses, closing, entering, links
from accreditation.web import refusals, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.arrival import welcome
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import AddressForm, NewPasswordForm, SignUpForm
from accreditation.web.language import language_now
from workflows.engine import N_

P = LinkPurpose


@dataclass(frozen=True)
class Use:
    """What a link does: the form that it asks, the act, what is said then, and if one is in."""

    form: type[FlaskForm]
    act: Callable[[str, FlaskForm], Person]
    said: str
    enters: bool = True


USES = {
    P.SIGN_UP: Use(
        SignUpForm,
        lambda token, form: entering.sign_up(token, form.name.data, form.password.data),
        N_("Welcome. Your account is open."),
    ),
    P.SIGN_IN: Use(
        FlaskForm,
        lambda token, form: entering.enter_by_link(token),  # noqa: ARG005 - it asks nothing
        N_("You are signed in."),
    ),
    P.NEW_PASSWORD: Use(
        NewPasswordForm,
        lambda token, form: entering.set_new_password(token, form.password.data),
        N_("Your new password is set."),
    ),
    P.NEW_ADDRESS: Use(
        FlaskForm,
        lambda token, form: addresses.move(token),  # noqa: ARG005 - it asks nothing
        N_("Your account has its new address. Please sign in with it."),
        enters=False,
    ),
    P.KEEP_ADDRESS: Use(
        NewPasswordForm,
        lambda token, form: addresses.take_back(token, form.password.data),
        N_("The account has this address again. All sessions were ended."),
        enters=False,
    ),
    P.KEEP_ACCOUNT: Use(
        FlaskForm,
        lambda token, form: closing.keep_by_link(token),  # noqa: ARG005 - it asks nothing
        N_("Your account stays open. All sessions were ended; please choose a new password."),
        enters=False,
    ),
}


@pages.route("/sign-up", methods=["GET", "POST"])
@limits.links_by_address
@limits.links_by_account
def sign_up() -> ResponseReturnValue:
    """Mail a link that opens an account."""
    return _ask("sign_up", lambda email: entering.ask_to_sign_up(email, language_now()))


@pages.route("/forgotten-password", methods=["GET", "POST"])
@limits.links_by_address
@limits.links_by_account
def forgotten() -> ResponseReturnValue:
    """Mail a link that sets a new password."""
    return _ask("forgotten", entering.ask_for_new_password)


@pages.route("/sign-in/link", methods=["GET", "POST"])
@limits.links_by_address
@limits.links_by_account
def sign_in_link() -> ResponseReturnValue:
    """Mail a link that signs in."""
    return _ask("sign_in_link", entering.ask_to_sign_in)


@pages.route("/link/<token>", methods=["GET", "POST"])
@limits.failures_by_address
def link(token: str) -> ResponseReturnValue:
    """Show what a mailed link is for; only sending the form uses it."""
    found = links.of_token(token)
    if found is None:
        return render_template("auth/dead_link.html"), 410
    use = USES[found.purpose]
    form = use.form()
    if form.validate_on_submit():
        with refusals.beside(form):
            return _done(use, use.act(token, form))
    template = f"auth/link_{found.purpose}.html"
    return render_template(template, form=form, email=found.email), 422 if form.errors else 200


def _done(use: Use, person: Person) -> ResponseReturnValue:
    with force_locale(person.language):
        said = _(use.said)
    if not use.enters:
        visitor.end()
        db.session.commit()
        flash(said, "success")
        return redirect(url_for("auth.sign_in"), 303)
    arrived = welcome(person, None)
    flash(said, "success")
    return arrived


def _ask(name: str, act: Callable[[str], None]) -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        act(form.email.data)
        db.session.commit()
        return mailed(form)
    return render_template(f"auth/{name}.html", form=form), 422 if form.errors else 200


def mailed(form: AddressForm) -> ResponseReturnValue:
    """Say that a link is on its way; whoever has no account is told the same."""
    return render_template("auth/mailed.html", email=form.email.data, again=request.endpoint)
