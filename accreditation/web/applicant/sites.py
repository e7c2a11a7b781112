"""The entry of a site, what it tells travellers, and the start of an application for it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from accreditation.extensions import db
from accreditation.models import Call, Operator, Site
from accreditation.services import (
    accreditations,
    applications,
    calls,
    operators,
    schemes,
)
from accreditation.services.entries import Entry, entry_of
from accreditation.web import access, outdated, refusals
from accreditation.web.applicant import overview, practice
from accreditation.web.applicant.blueprint import pages
from accreditation.web.applicant.forms import SiteForm, StartForm
from accreditation.web.language import language_now
from accreditation.web.page import closing


@pages.route("/my/operators/<operator>/sites/new", methods=["GET", "POST"])
def new_site(operator: str) -> ResponseReturnValue:
    """Enter a site of an operator."""
    del operator
    owner, form = access.subject(Operator), SiteForm()
    form.kind.choices = _kinds()
    if form.validate_on_submit():
        with refusals.beside(form):
            made = operators.add_site(owner, access.person(), form.kind.data, form.values())
            db.session.commit()
            flash(_("%(name)s is entered.", name=made.name_ja), "success")
            return redirect(url_for(".home"), 303)
    return _page(form, owner)


@pages.route("/my/sites/<site>", methods=["GET", "POST"])
def site(site: str) -> ResponseReturnValue:
    """Change the entry of a site."""
    del site
    found = access.subject(Site)
    form = SiteForm(obj=found)
    del form.kind
    if form.validate_on_submit():
        with outdated.saving(form, found):
            operators.change_site(found, access.person(), form.values(), outdated.version_of(form))
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".home"), 303)
    return _page(form, found.operator, found)


@pages.route("/my/sites/<site>/practices", methods=["GET", "POST"])
def practices(site: str) -> ResponseReturnValue:
    """Change what the register tells travellers about a site's practice."""
    del site
    found = access.subject(Site)
    entry, sends = _entry(found) or abort(404), request.method == "POST"
    if sends:
        operators.hold_practices(found)
    sheet = practice.Sheet(found, entry)
    if sends and sheet.save(access.person()):
        db.session.commit()
        flash(_("Saved. The register shows it now."), "success")
        return redirect(url_for(".home"), 303)
    page = render_template("applicant/practices.html", site=found, entry=entry, sheet=sheet)
    return page, 422 if sheet.has_errors else 200


@pages.route("/my/sites/<site>/apply", methods=["GET", "POST"])
def start(site: str) -> ResponseReturnValue:
    """Start an application for a site in an open call, or lead to the one under way."""
    del site
    found, form = access.subject(Site), StartForm()
    known = applications.of_sites([found])[found.id]
    if running := applications.unfinished(known):
        return redirect(url_for(".application", application=running.key), 303)
    offered = {call.key: call for call in applications.calls_for(found, known, calls.open_calls())}
    form.offer([SelectChoice(key, _in_words(call)) for key, call in offered.items()])
    if not form.validate_on_submit():
        return _start_page(form, found)
    made = applications.start(offered[form.call.data], found, access.person())
    db.session.commit()
    return redirect(url_for(".application", application=made.key), 303)


def _page(form: SiteForm, owner: Operator, found: Site | None = None) -> tuple[str, int]:
    page = render_template("applicant/site.html", form=form, operator=owner, site=found)
    return page, 422 if form.errors else 200


def _start_page(form: StartForm, found: Site) -> tuple[str, int]:
    entry = _entry(found)
    page = render_template(
        "applicant/start.html",
        form=form,
        site=found,
        entry=entry,
        renewal=entry is not None and overview.is_held(entry),
        no_call=None if form.call.choices else overview.no_call(found),
    )
    return page, 422 if form.errors else 200


def _in_words(call: Call) -> str:
    title = call.title_ja if language_now() == "ja" else call.title_en
    return str(_("%(title)s, open until %(closing)s", title=title, closing=closing(call.closes_at)))


def _kinds() -> list[SelectChoice]:
    version, language = schemes.current(), language_now()
    kinds = schemes.scheme_of(version).kinds if version else {}
    return [SelectChoice(kind, name.in_language(language)) for kind, name in kinds.items()]


def _entry(found: Site) -> Entry | None:
    newest = accreditations.newest_of([found]).get(found.id)
    return entry_of(newest) if newest else None
