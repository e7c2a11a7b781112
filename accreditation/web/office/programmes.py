"""Incentive programmes with their budgets, and what was granted from them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Incentive, Programme
from accreditation.services import calls as service
from accreditation.services import incentives
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.steps import take_step
from accreditation.web import access, casefile, timeline
from accreditation.web.office.blueprint import pages
from accreditation.web.office.forms import ProgrammeForm
from workflows.engine import Party, Refusal, StepRefused


@pages.route("/office/programmes", methods=["GET"])
def programmes() -> ResponseReturnValue:
    """List all programmes with what is left of their budgets."""
    return render_template("office/programmes.html", programmes=service.programmes())


@pages.route("/office/programmes/new", methods=["GET", "POST"])
def new_programme() -> ResponseReturnValue:
    """Make a programme."""
    form = ProgrammeForm()
    if not form.is_submitted():
        return _page(form, None)
    if not form.validate():
        return _page(form, None), 422
    try:
        service.make_programme(access.person(), form.values())
    except ServiceError as error:
        return _wrong(form, error, None)
    db.session.commit()
    flash(_("The programme is saved."), "success")
    return redirect(url_for("office.programmes"), 303)


@pages.route("/office/programmes/<programme>", methods=["GET", "POST"])
def programme(programme: str) -> ResponseReturnValue:
    """Change a programme, and see what was granted from it."""
    del programme
    found = access.subject(Programme)
    form = ProgrammeForm(obj=None if request.method == "POST" else found)
    if not form.is_submitted():
        return _page(form, found)
    if not form.validate():
        return _page(form, found), 422
    try:
        service.change_programme(found, access.person(), form.values(), form.version.data)
    except ServiceError as error:
        return _wrong(form, error, found)
    db.session.commit()
    flash(_("The programme is saved."), "success")
    return redirect(url_for("office.programme", programme=found.key), 303)


@pages.route("/office/incentives/<incentive>/steps/<name>", methods=["POST"])
def incentive_step(incentive: str, name: str) -> ResponseReturnValue:
    """Fund an incentive later, or cancel it."""
    del incentive
    found = access.subject(Incentive)
    note, seen = request.form.get("note", ""), request.form.get("version", type=int)
    try:
        take_step(found, name, access.person(), note=note.replace("\r\n", "\n"), seen=seen)
    except StepRefused as refused:
        if refused.refusal is not Refusal.NOTE:
            raise
        form = ProgrammeForm(formdata=None, obj=found.programme)
        return _page(form, found.programme, chosen=found, refused=refused), 422
    db.session.commit()
    taken = timeline.WORKFLOWS["incentive"].step(name).label
    label = _(taken)
    flash(_("Done: %(step)s.", step=label), "success")
    return redirect(url_for("office.programme", programme=found.programme.key), 303)


def _page(
    form: ProgrammeForm,
    found: Programme | None,
    *,
    stored: ProgrammeForm | None = None,
    chosen: Incentive | None = None,
    refused: StepRefused | None = None,
) -> str:
    """Show the programme; one incentive at a time is opened with its steps."""
    granted = incentives.of_programme(found) if found else []
    wanted = request.args.get("incentive")
    chosen = chosen or next((one for one in granted if one.key == wanted), None)
    return render_template(
        "office/programme.html",
        form=form,
        programme=found,
        stored=stored,
        granted=granted,
        chosen=chosen,
        refused=refused,
        steps=casefile.offers(
            chosen,
            access.person(),
            Party.OFFICE,
            lambda name: url_for("office.incentive_step", incentive=chosen.key, name=name),
            hints={"cancel": _("The operator reads this.")},
            refused=refused,
            note=request.form.get("note", ""),
        )
        if chosen
        else [],
    )


def _wrong(
    form: ProgrammeForm, error: ServiceError, found: Programme | None
) -> ResponseReturnValue:
    """Show the form again: the sentence at its field, or what is stored beside what was typed."""
    if isinstance(error, OutdatedError) and found is not None:
        form.version.data = found.version
        form.form_errors.append(_(error.why))
        return _page(form, found, stored=ProgrammeForm(formdata=None, obj=found)), 409
    form[error.field or "name_ja"].errors.append(_(error.why))
    return _page(form, found), 422
