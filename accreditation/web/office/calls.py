"""Calls, as the office opens and changes them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Call, Programme
from accreditation.services import calls as service
from accreditation.services import schemes
from accreditation.services.errors import OutdatedError
from accreditation.web import access, refusals
from accreditation.web.language import language_now
from accreditation.web.office.blueprint import pages
from accreditation.web.office.forms import CallForm, version_in_words


@pages.route("/office/calls", methods=["GET"])
def calls() -> ResponseReturnValue:
    """List all calls, newest first."""
    return render_template("office/calls.html", calls=service.all_calls(), now=clock.now())


@pages.route("/office/calls/new", methods=["GET", "POST"])
def new_call() -> ResponseReturnValue:
    """Open a call under a published version of the standard."""
    form, versions = CallForm(), {str(one.id): one for one in schemes.versions()}
    form.offer_versions(list(versions.values()), language_now())
    form.offer_programmes(service.programmes(), language_now())
    if form.validate_on_submit():
        with refusals.beside(form, CallForm.PLACES):
            version = versions[form.scheme_version.data]
            service.open_call(access.person(), version, form.values(), _chosen(form))
            db.session.commit()
            return _saved()
    return _page(form)


@pages.route("/office/calls/<call>", methods=["GET", "POST"])
def call(call: str) -> ResponseReturnValue:
    """Change a call."""
    del call
    found, form = access.subject(Call), CallForm()
    del form.scheme_version  # it never changes
    form.offer_programmes(service.programmes(), language_now())
    if form.validate_on_submit():
        try:
            with refusals.beside(form, CallForm.PLACES):
                return _changed(found, form)
        except OutdatedError as error:
            return _overtaken(found, form, error)
    if not form.is_submitted():
        form.show(found)
    return _page(form, found)


def _changed(found: Call, form: CallForm) -> ResponseReturnValue:
    chosen = _chosen(form)
    service.change_call(found, access.person(), form.values(), chosen, form.version.data)
    db.session.commit()
    return _saved()


def _overtaken(found: Call, form: CallForm, error: OutdatedError) -> ResponseReturnValue:
    """Show what is stored now beside what was typed; saved again, the form is taken."""
    stored = CallForm(formdata=None)
    stored.show(found)
    form.version.data = found.version
    form.form_errors.append(refusals.sentence(error))
    return _page(form, found, stored=stored)


def _chosen(form: CallForm) -> list[Programme]:
    return [one for one in service.programmes() if one.key in (form.programmes.data or [])]


def _saved() -> ResponseReturnValue:
    flash(_("The call is saved."), "success")
    return redirect(url_for("office.calls"), 303)


def _page(
    form: CallForm, found: Call | None = None, stored: CallForm | None = None
) -> tuple[str, int]:
    version = version_in_words(found.scheme_version, language_now()) if found else ""
    page = render_template(
        "office/call.html", form=form, call=found, version=version, stored=stored
    )
    return page, 409 if stored else 422 if form.errors else 200
