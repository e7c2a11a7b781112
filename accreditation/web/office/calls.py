"""Calls, as the office opens and changes them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Call, Programme
from accreditation.services import calls as service
from accreditation.services import schemes
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.web import access
from accreditation.web.office.blueprint import pages
from accreditation.web.office.forms import CallForm
from accreditation.web.page import language_now


@pages.route("/office/calls", methods=["GET"])
def calls() -> ResponseReturnValue:
    """List all calls, newest first."""
    return render_template("office/calls.html", calls=service.all_calls(), now=clock.now())


@pages.route("/office/calls/new", methods=["GET", "POST"])
def new_call() -> ResponseReturnValue:
    """Open a call under a published version of the standard."""
    form, programmes = _form()
    if not form.is_submitted():
        return render_template("office/call.html", form=form, call=None)
    version = next(
        (one for one in schemes.versions() if str(one.id) == form.scheme_version.data), None
    )
    if form.validate() and version is None:
        form.scheme_version.errors = [_("Please choose a version of the standard.")]
    if form.errors or version is None:
        return render_template("office/call.html", form=form, call=None), 422
    try:
        service.open_call(access.person(), version, form.values(), form.chosen(programmes))
    except ServiceError as error:
        return _wrong(form, error, None)
    db.session.commit()
    flash(_("The call is saved."), "success")
    return redirect(url_for("office.calls"), 303)


@pages.route("/office/calls/<call>", methods=["GET", "POST"])
def call(call: str) -> ResponseReturnValue:
    """Change a call."""
    del call
    found = access.subject(Call)
    form, programmes = _form()
    if not form.is_submitted():
        form.show(found)
        return render_template("office/call.html", form=form, call=found)
    if not form.validate():
        return render_template("office/call.html", form=form, call=found), 422
    try:
        given = form.values(), form.chosen(programmes), form.version.data
        service.change_call(found, access.person(), *given)
    except ServiceError as error:
        return _wrong(form, error, found)
    db.session.commit()
    flash(_("The call is saved."), "success")
    return redirect(url_for("office.calls"), 303)


def _form() -> tuple[CallForm, list[Programme]]:
    form, programmes = CallForm(), service.programmes()
    form.offer(schemes.versions(), programmes, language_now())
    return form, programmes


def _wrong(form: CallForm, error: ServiceError, found: Call | None) -> ResponseReturnValue:
    """Show the form again: the sentence at its field, or what is stored beside what was typed."""
    if isinstance(error, OutdatedError) and found is not None:
        stored = CallForm(formdata=None)
        stored.show(found)
        form.version.data = found.version
        form.form_errors.append(_(error.why))
        page = render_template("office/call.html", form=form, call=found, stored=stored)
        return page, 409
    form[CallForm.PLACES.get(error.field or "", "title_ja")].errors.append(_(error.why))
    return render_template("office/call.html", form=form, call=found), 422
