"""Accounts: who holds which office, and help for those who lost their second factor."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Office, Person
from accreditation.services import history, operators
from accreditation.services.accounts import (
    closing,
    people,
    second_factors,
    sessions,
)
from accreditation.services.errors import NotFoundError, ServiceError
from accreditation.web import access, timeline
from accreditation.web.administrator.blueprint import pages
from accreditation.web.fields import LONGEST_ADDRESS
from workflows.engine import N_


@pages.route("", methods=["GET"])
def home() -> ResponseReturnValue:
    """List the accounts."""
    text = request.args.get("q", "").strip()[:LONGEST_ADDRESS]
    found = people.search(text, request.args.get("page", 1, type=int))
    return render_template("administrator/home.html", people=found, text=text)


@pages.route("/people/<account>", methods=["GET"])
def person(account: str) -> ResponseReturnValue:
    """Show one account: offices, operators, second factors, sessions, history."""
    del account
    found = access.subject(Person)
    return render_template(
        "administrator/person.html",
        found=found,
        offices=list(Office),
        operators=operators.of_person(found),
        protected=second_factors.has(found),
        open_sessions=len(sessions.of_person(found)),
        events=timeline.shown(history.of_subject("person", found.id)),
    )


@pages.route("/people/<account>/appoint", methods=["POST"])
def appoint(account: str) -> ResponseReturnValue:
    """Appoint somebody to an office."""
    del account
    found = _somebody_else()
    people.appoint(found, _office(), access.person())
    return _done(found, _("Appointed."))


@pages.route("/people/<account>/dismiss", methods=["POST"])
def dismiss(account: str) -> ResponseReturnValue:
    """End an appointment."""
    del account
    found = _somebody_else()
    people.dismiss(found, _office(), access.person())
    return _done(found, _("The appointment is ended."))


@pages.route("/people/<account>/close", methods=["POST"])
def close(account: str) -> ResponseReturnValue:
    """Close an account."""
    del account
    found = _somebody_else()
    closing.close(found, access.person())
    return _done(found, _("The account is closed."))


@pages.route("/people/<account>/end-sessions", methods=["POST"])
def end_sessions(account: str) -> ResponseReturnValue:
    """End all sessions of an account."""
    del account
    found = access.subject(Person)
    people.record(found, "end_sessions", access.person())
    sessions.end_all(found)
    return _done(found, _("All sessions are ended."))


@pages.route("/people/<account>/reset-factors", methods=["POST"])
def reset_factors(account: str) -> ResponseReturnValue:
    """Take away the second factors of somebody who lost them."""
    del account
    found = _somebody_else()
    second_factors.reset(found, access.person())
    return _done(found, _("All second factors are removed."))


def _somebody_else() -> Person:
    found = access.subject(Person)
    if found is access.person():
        raise ServiceError(N_("Another administrator has to do this for you."))
    return found


def _office() -> Office:
    try:
        return Office(request.form.get("office", ""))
    except ValueError:
        raise NotFoundError from None


def _done(found: Person, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".person", account=found.key), 303)
