"""Case files: screening, reviewers, differences, the council's list."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Application, HistoryEntry, Review
from accreditation.schemes.model import Item
from accreditation.services import history, lookalikes, mail, results, reviews
from accreditation.services.errors import NotFoundError
from accreditation.services.lookalikes import Comparison
from accreditation.services.reviews import Judgement
from accreditation.services.schemes import scheme_of
from accreditation.web import access, casefile, refusals, stepping, timeline
from accreditation.web.casefile import Found, Sheet
from accreditation.web.language import language_now
from accreditation.web.office.blueprint import pages
from accreditation.web.office.forms import AssignForm, CompareForm, ReconcileForm
from accreditation.web.outdated import name_errors
from workflows.application import ApplicationState
from workflows.engine import N_, Party, StepRefused

HINTS = {
    "return": N_("The operator reads this: say what to change."),
    "decline": N_("The operator reads this: say why, and what they can do."),
    "lapse": N_("The operator reads this: say what was missing."),
    "unlist": N_("The council reads this."),
    "send_back": N_("The reviewer reads this: say what to look at again."),
    "release": N_("The reviewer reads this."),
}


@pages.route("/office/applications/<application>", methods=["GET"])
def application(application: str) -> ResponseReturnValue:
    """Show a case file."""
    del application
    return _page(access.subject(Application))


@pages.route("/office/applications/<application>/steps/<name>", methods=["POST"])
def step(application: str, name: str) -> ResponseReturnValue:
    """Take a step of the office on an application."""
    del application
    case = access.subject(Application)
    if refused := stepping.attempt(case, name):
        return _page(case, refused=refused, tried=case), 422
    db.session.commit()
    stepping.tell_done(case, name)
    return _back(case)


@pages.route("/office/applications/<application>/names", methods=["POST"])
def compare(application: str) -> ResponseReturnValue:
    """Note that names like this case's were compared."""
    del application
    case, form = access.subject(Application), CompareForm()
    if form.validate():
        marks = (form.shown.data or "").split()
        lookalikes.compare(case, access.person(), marks, form.note.data)
        db.session.commit()
        flash(_("It is in the history that the names were compared."), "success")
        return _back(case)
    return _page(case, compare=form), 422


@pages.route("/office/applications/<application>/reviewers", methods=["POST"])
def assign(application: str) -> ResponseReturnValue:
    """Ask a reviewer for a review."""
    del application
    case, form = access.subject(Application), AssignForm()
    candidates = {one.key: one for one in reviews.candidates(case)}
    form.offer(list(candidates.values()))
    if not form.validate():
        return _page(case, assign=form), 422
    chosen = candidates[form.reviewer.data]
    reviews.assign(case, chosen, access.person())
    db.session.commit()
    flash(_("%(name)s was asked for a review.", name=chosen.name), "success")
    # Who reviews a case does no more of the office's part in it.
    return redirect(url_for("office.home"), 303) if chosen == access.person() else _back(case)


@pages.route("/office/reviews/<review>/steps/<name>", methods=["POST"])
def review_step(review: str, name: str) -> ResponseReturnValue:
    """Send a review back or release its reviewer."""
    del review
    found = access.subject(Review)
    if refused := stepping.attempt(found, name):
        return _page(found.application, refused=refused, tried=found), 422
    db.session.commit()
    stepping.tell_done(found, name)
    return _back(found.application)


@pages.route("/office/applications/<application>/items/<item>", methods=["POST"])
def reconcile(application: str, item: str) -> ResponseReturnValue:
    """Settle an item on which the reviewers differ."""
    del application
    case, form = access.subject(Application), ReconcileForm(prefix=f"item-{item}")
    form.offer(_asked(case, item))
    name_errors(form, item)
    if form.validate():
        with refusals.beside(form, {item: "reason"}):
            judgement = Judgement(item, form.judged(), form.reason.data)
            reviews.reconcile(case, judgement, access.person(), seen=form.seen.data)
            db.session.commit()
            flash(_("Item %(item)s is settled.", item=item), "success")
            return _back(case, "differences")
    return _page(case, reconcile=form, item=item), 422


def _asked(case: Application, item: str) -> Item:
    found = next((one for one in results.asked(case) if one.id == item), None)
    if found is None:
        raise NotFoundError
    return found


def _back(case: Application, part: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("office.application", application=case.key, _anchor=part), 303)


def _page(  # noqa: PLR0913 - each refused try comes back by its name
    case: Application,
    *,
    refused: StepRefused | None = None,
    tried: Application | Review | None = None,
    compare: CompareForm | None = None,
    assign: AssignForm | None = None,
    reconcile: ReconcileForm | None = None,
    item: str = "",
) -> str:
    """Show the file; after a refused try with what was typed and the sentence at its place."""
    scheme, sheet = scheme_of(case.scheme_version), casefile.sheet(case)
    comparison = lookalikes.of(case)
    entries = history.of_application(case.id)
    numbers = case.submissions[-1].content["indicators"]
    return render_template(
        "office/case.html",
        case=case,
        scheme=scheme,
        indicators=casefile.indicator_names(scheme, numbers, language_now()),
        answers=casefile.answers(case),
        preview=results.submitted(case),
        steps=_offers(case, refused if tried is case else None),
        comparison=comparison,
        compare=_compare_form(comparison, compare),
        assigned=_assigned(case, entries, refused, tried),
        assign=assign or _assign_form(case),
        sheet=sheet,
        agreed=results.agreed(case) if sheet.reviews else None,
        differences=_differences(sheet, reconcile, item),
        unsettled=sum(one.agreed.settlement is None for one in sheet.differing),
        settling=case.state == ApplicationState.IN_REVIEW and reviews.all_handed_in(case),
        events=timeline.shown(entries),
        mails=mail.of_application(case),
        problem=refused
        or (compare and compare.errors)
        or (assign and assign.errors)
        or (reconcile and reconcile.errors),
        refused=refused,
    )


def _offers(subject: Application | Review, refused: StepRefused | None) -> list[dict[str, Any]]:
    def url(name: str) -> str:
        if isinstance(subject, Review):
            return url_for("office.review_step", review=subject.key, name=name)
        return url_for("office.step", application=subject.key, name=name)

    return stepping.offers(subject, Party.OFFICE, url, hints=HINTS, refused=refused)


def _assigned(
    case: Application,
    entries: list[HistoryEntry],
    refused: StepRefused | None,
    tried: Application | Review | None,
) -> list[dict[str, Any]]:
    conflicts = {
        entry.subject_id: timeline.note(entry)
        for entry in entries
        if entry.act == "declare_conflict"
    }
    return [
        {
            "review": review,
            "conflict": conflicts.get(review.id, ""),
            "steps": _offers(review, refused if tried is review else None),
        }
        for review in reviews.of_application(case)
    ]


def _compare_form(comparison: Comparison | None, tried: CompareForm | None) -> CompareForm | None:
    """Give the form where somebody has to look; after a refused try with what was typed."""
    if comparison is None or not comparison.unseen:
        return None
    form = tried or CompareForm(formdata=None)
    form.show(comparison)
    return form


def _assign_form(case: Application) -> AssignForm | None:
    if case.state != ApplicationState.IN_REVIEW:
        return None
    form = AssignForm(formdata=None)
    form.offer(reviews.candidates(case))
    return form


def _differences(
    sheet: Sheet, tried: ReconcileForm | None, item: str
) -> list[tuple[Found, ReconcileForm]]:
    forms = []
    for found in sheet.differing:
        settled = found.agreed.settlement
        form = ReconcileForm(formdata=None, prefix=f"item-{found.item.id}")
        if tried is not None and item == found.item.id:
            form = tried
        elif settled:
            form.verdict.data, form.reason.data = settled.verdict.value, settled.reason
        form.seen.data = settled.settled_at.isoformat() if settled else ""
        form.offer(found.item)
        forms.append((found, form))
    return forms
