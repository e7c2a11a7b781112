"""Where a person arrives after proving who they are."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Office, Person
from accreditation.services.accounts import sessions
from accreditation.web import resend, visitor
from accreditation.web.auth.forms import SecondFactorForm

ROOMS = (Office.OFFICE, Office.REVIEWER, Office.COUNCIL, Office.ADMINISTRATOR)


def home_of(person: Person) -> str:
    """Give the address of the page where a person's work waits."""
    for office in ROOMS:
        if office in person.offices:
            return url_for(f"{office}.home")
    return url_for("applicant.home")


def arrive(person: Person, wanted: str | None = None) -> ResponseReturnValue:
    """Send a person to the page that they wanted, else to their own."""
    return redirect(wanted or home_of(person), 303)


def welcome(
    person: Person,
    wanted: str | None,
    carried: resend.Carried = resend.NOTHING,
    *,
    second_factor: bool = False,
) -> ResponseReturnValue:
    """Begin a session, committing; whoever has a second factor that was not given is asked first.

    What was typed before travels along.
    """
    visitor.begin(person, second_factor=second_factor)
    db.session.commit()
    if visitor.half_sign_in() is None:
        return go_on(person, wanted, carried)
    if not carried["kept_path"]:
        return redirect(url_for("auth.second", next=wanted), 303)
    form = SecondFactorForm(formdata=None)
    return render_template("auth/second.html", form=form, **carried)


def go_on(
    person: Person, wanted: str | None, carried: resend.Carried = resend.NOTHING
) -> ResponseReturnValue:
    """Let a person send what they had typed, or go where they wanted.

    Whose office asks for a second factor that is not set up yet is led there first.
    """
    found = visitor.current_sign_in()
    if found is not None and sessions.is_too_weak(found):
        return redirect(url_for("auth.security"), 303)
    if carried["kept_path"]:
        with force_locale(person.language):
            title = _("Now you can send it")
        return render_template("auth/go_on.html", title=title, **carried)
    return arrive(person, wanted)
