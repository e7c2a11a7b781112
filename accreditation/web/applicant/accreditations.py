"""Giving up an accreditation."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Accreditation
from accreditation.services.entries import entry_of
from accreditation.services.steps import open_steps, take_step
from accreditation.web import access
from accreditation.web.applicant import overview
from accreditation.web.applicant.blueprint import pages
from accreditation.web.applicant.forms import ReasonForm


@pages.route("/my/accreditations/<accreditation>/give-up", methods=["GET", "POST"])
def surrender(accreditation: str) -> ResponseReturnValue:
    """Give an accreditation up, after asking once more."""
    del accreditation
    found, form = access.subject(Accreditation), ReasonForm()
    offers = [one for one in open_steps(found, access.person()) if one.step.name == "surrender"]
    if not offers or offers[0].why_not or not form.validate_on_submit():
        shown = {"form": form, "entry": entry_of(found), "offer": offers[0] if offers else None}
        no_call = overview.no_call(found.site)
        page = render_template("applicant/surrender.html", **shown, no_call=no_call)
        return page, 422 if form.errors else 200
    take_step(found, "surrender", access.person(), note=form.note.data)
    db.session.commit()
    flash(_("The accreditation is given up."), "success")
    return redirect(url_for(".home"), 303)
