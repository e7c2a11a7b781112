"""Writing an application: choosing indicators, answering item by item, adding evidence."""

from dataclasses import replace

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Application
from accreditation.schemes.model import Indicator, Scheme
from accreditation.schemes.rules import Result
from accreditation.services import applications, evidence, results
from accreditation.services.schemes import scheme_of
from accreditation.web import access
from accreditation.web.applicant.answers import ENDINGS, Sheet, receive
from accreditation.web.applicant.blueprint import pages
from accreditation.web.applicant.forms import IndicatorsForm
from accreditation.web.outages import NO_ROOM
from workflows.application import EDITABLE


@pages.route("/my/applications/<application>/indicators", methods=["GET", "POST"])
def indicators(application: str) -> ResponseReturnValue:
    """Choose the indicators applied for."""
    found = access.subject(Application)
    if request.method != "POST" and found.state not in EDITABLE:
        return _sent_already(application)
    form, scheme = IndicatorsForm(data={"indicators": found.indicators}), _scheme(found)
    form.offer(scheme)
    if form.validate_on_submit():
        applications.choose_indicators(found, set(form.indicators.data))
        db.session.commit()
        flash(_("Your choice is saved."), "success")
        return redirect(url_for(".application", application=application), 303)
    page = render_template("applicant/indicators.html", form=form, application=found, scheme=scheme)
    return page, 422 if form.errors else 200


@pages.route("/my/applications/<application>/indicators/<int:number>", methods=["GET", "POST"])
def indicator(application: str, number: int) -> ResponseReturnValue:
    """Answer the items of an indicator, all on one page."""
    found = access.subject(Application)
    sends = request.method == "POST"
    if not sends and found.state not in EDITABLE:
        return _sent_already(application)
    if not sends:
        return _page(Sheet(found, _indicator(found, number)))
    sheet = _saved(found, _indicator(found, number))
    db.session.commit()
    if sheet.has_errors:
        return _page(sheet)
    flash(_("Your answers are saved."), "success")
    return redirect(_after(found, number), 303)


@pages.route("/my/applications/<application>/indicators/<int:number>/preview", methods=["POST"])
def preview(application: str, number: int) -> ResponseReturnValue:
    """Say what the rule makes of the page as it is now; nothing is saved."""
    del application
    found = access.subject(Application)
    sheet = Sheet(found, _indicator(found, number))
    result = _only(results.preview(found, sheet.verdicts()), number)
    return render_template("applicant/preview.html", result=result, scheme=_scheme(found))


@pages.route("/my/applications/<application>/items/<item>/evidence", methods=["POST"])
def attach(application: str, item: str) -> ResponseReturnValue:
    """Add the chosen files, saving the whole page that they were chosen on."""
    del application
    found = access.subject(Application)
    sheet = _saved(found, _indicator_of(found, item))
    db.session.commit()
    if sheet.has_errors:
        return _page(sheet)
    flash(_("Your answers are saved."), "success")
    return redirect(_item_url(sheet, item), 303)


@pages.route(
    "/my/applications/<application>/items/<item>/evidence/<evidence>/remove", methods=["POST"]
)
def detach(application: str, item: str, evidence: str) -> ResponseReturnValue:
    """Take a file away from an answer, saving the whole page that the button stands on."""
    del application
    found = access.subject(Application)
    sheet = _saved(found, _indicator_of(found, item))
    _take_away(found, item, evidence)
    db.session.commit()
    if sheet.has_errors:
        return _page(sheet)
    flash(_("The file is taken away from this answer."), "success")
    return redirect(_item_url(sheet, item), 303)


def _saved(application: Application, chosen: Indicator) -> Sheet:
    """Save the page. Nothing is locked while its files are read: that may take seconds."""
    items = chosen.items_of(application.site.kind)
    db.session.rollback()  # the guard's questions opened a transaction that others wait for
    files = receive(items)
    applications.hold_for_changes(application)
    sheet = Sheet(application, chosen)
    sheet.save(access.person(), files)
    return sheet


def _take_away(application: Application, item: str, key: str) -> None:
    answer = applications.answers_of(application).get(item)
    attached = [one.evidence for one in answer.attachments] if answer else []
    for file in attached:
        if file.key == key:
            evidence.detach(application, item, file)


def _page(sheet: Sheet) -> tuple[str, int]:
    application, number = sheet.application, sheet.indicator.id
    megabytes = current_app.extensions["settings"].upload_megabytes
    page = render_template(
        "applicant/indicator.html",
        sheet=sheet,
        application=application,
        scheme=_scheme(application),
        result=_only(results.preview(application, sheet.verdicts()), number),
        endings=ENDINGS,
        megabytes=megabytes,
        at_once=megabytes * evidence.AT_ONCE,
    )
    return page, NO_ROOM if sheet.lacks_room else 422 if sheet.has_errors else 200


def _sent_already(key: str) -> ResponseReturnValue:
    flash(_("The application was sent; it can't be changed now."), "info")
    return redirect(url_for(".application", application=key), 303)


def _scheme(application: Application) -> Scheme:
    return scheme_of(application.scheme_version)


def _indicator(application: Application, number: int) -> Indicator:
    if number not in application.indicators:
        abort(404)
    return _scheme(application).indicator(number)


def _indicator_of(application: Application, item: str) -> Indicator:
    asked = {one.id for one in results.asked(application)}
    if item not in asked:
        abort(404)
    return next(
        one for one in _scheme(application).indicators if item in {each.id for each in one.items}
    )


def _only(result: Result, number: int) -> Result:
    """Narrow a result to one indicator; what keeps the whole from being granted stays."""
    chosen = tuple(one for one in result.indicators if one.indicator.id == number)
    return replace(result, indicators=chosen)


def _after(application: Application, number: int) -> str:
    """Say where saving leads: to the next indicator, after the last to the check, or back."""
    if request.form.get("then") == "later":
        return url_for(".application", application=application.key)
    following = next((one for one in application.indicators if one > number), None)
    if following is None:
        return url_for(".check", application=application.key)
    return url_for(".indicator", application=application.key, number=following)


def _item_url(sheet: Sheet, item: str) -> str:
    key, number = sheet.application.key, sheet.indicator.id
    return url_for(".indicator", application=key, number=number, _anchor=f"item-{item}")
