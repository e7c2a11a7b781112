"""Incentive programmes with their budgets, and what was granted from them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Incentive, Programme
from accreditation.services import calls as service
from accreditation.services import incentives
from accreditation.services.errors import OutdatedError
from accreditation.web import access, refusals, stepping
from accreditation.web.office.blueprint import pages
from accreditation.web.office.forms import ProgrammeForm
from workflows.engine import N_, Party, StepRefused

HINTS = {"cancel": N_("The operator reads this.")}


@pages.route("/office/programmes", methods=["GET"])
def programmes() -> ResponseReturnValue:
    """List all programmes with what is left of their budgets."""
    return render_template("office/programmes.html", programmes=service.programmes())


@pages.route("/office/programmes/new", methods=["GET", "POST"])
def new_programme() -> ResponseReturnValue:
    """Make a programme."""
    form = ProgrammeForm()
    if form.validate_on_submit():
        with refusals.beside(form):
            service.make_programme(access.person(), form.values())
            db.session.commit()
            return _saved(url_for("office.programmes"))
    return _page(form)


@pages.route("/office/programmes/<programme>", methods=["GET", "POST"])
def programme(programme: str) -> ResponseReturnValue:
    """Change a programme, and see what was granted from it."""
    del programme
    found = access.subject(Programme)
    form = ProgrammeForm(obj=None if request.method == "POST" else found)
    if form.validate_on_submit():
        try:
            with refusals.beside(form):
                return _changed(found, form)
        except OutdatedError as error:
            return _overtaken(found, form, error)
    return _page(form, found)


@pages.route("/office/incentives/<incentive>/steps/<name>", methods=["POST"])
def incentive_step(incentive: str, name: str) -> ResponseReturnValue:
    """Fund an incentive later, or cancel it."""
    del incentive
    found = access.subject(Incentive)
    if refused := stepping.attempt(found, name):
        form = ProgrammeForm(formdata=None, obj=found.programme)
        return _page(form, found.programme, chosen=found, refused=refused)
    db.session.commit()
    stepping.tell_done(found, name)
    return redirect(url_for("office.programme", programme=found.programme.key), 303)


def _changed(found: Programme, form: ProgrammeForm) -> ResponseReturnValue:
    service.change_programme(found, access.person(), form.values(), form.version.data)
    db.session.commit()
    return _saved(url_for("office.programme", programme=found.key))


def _overtaken(found: Programme, form: ProgrammeForm, error: OutdatedError) -> ResponseReturnValue:
    """Show what is stored now beside what was typed; saved again, the form is taken."""
    form.version.data = found.version
    form.form_errors.append(refusals.sentence(error))
    return _page(form, found, stored=ProgrammeForm(formdata=None, obj=found))


def _saved(there: str) -> ResponseReturnValue:
    flash(_("The programme is saved."), "success")
    return redirect(there, 303)


def _page(
    form: ProgrammeForm,
    found: Programme | None = None,
    *,
    stored: ProgrammeForm | None = None,
    chosen: Incentive | None = None,
    refused: StepRefused | None = None,
) -> tuple[str, int]:
    """Show the programme; one incentive at a time is opened with its steps."""
    granted = incentives.of_programme(found) if found else []
    wanted = request.args.get("incentive")
    chosen = chosen or next((one for one in granted if one.key == wanted), None)
    page = render_template(
        "office/programme.html",
        form=form,
        programme=found,
        stored=stored,
        granted=granted,
        chosen=chosen,
        refused=refused,
        steps=_offers(chosen, refused) if chosen else [],
    )
    return page, 409 if stored else 422 if form.errors or refused else 200


def _offers(chosen: Incentive, refused: StepRefused | None) -> list[dict[str, Any]]:
    def url(name: str) -> str:
        return url_for("office.incentive_step", incentive=chosen.key, name=name)

    return stepping.offers(chosen, Party.OFFICE, url, hints=HINTS, refused=refused)
