"""Accepting an invitation, with the account of its address or with a new one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Invitation, Person
from accreditation.services.accounts import invitations, people
from accreditation.web import refusals, visitor
from accreditation.web.auth import limits
from accreditation.web.auth.arrival import home_of, welcome
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import SignUpForm


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@limits.failures_by_address
def invitation(token: str) -> ResponseReturnValue:
    """Show what somebody is invited to; only sending the form accepts it."""
    found = invitations.of_token(token)
    if found is None:
        return render_template("auth/dead_link.html"), 410
    someone = visitor.current_person()
    if someone is None and people.by_address(found.email) is None:
        return _with_new_account(found, token)
    if someone is None:
        return redirect(url_for("auth.sign_in", next=request.path), 303)
    if request.method == "POST":
        return _accepted(token, someone)
    return render_template("auth/invitation.html", invitation=found, person=someone)


def _accepted(token: str, person: Person) -> ResponseReturnValue:
    invitations.accept(token, person)
    db.session.commit()
    flash(_("You have accepted the invitation."), "success")
    return redirect(home_of(person), 303)


def _with_new_account(found: Invitation, token: str) -> ResponseReturnValue:
    form = SignUpForm()
    if form.validate_on_submit():
        with refusals.beside(form):
            person = invitations.accept_as_new(token, form.name.data, form.password.data)
            return welcome(person, None)
    page = render_template("auth/invitation_new.html", invitation=found, form=form)
    return page, 422 if form.errors else 200
