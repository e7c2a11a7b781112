"""Where a reviewer finds: an indicator at a time, and the items to think over afterwards."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Finding, Review
from accreditation.schemes.model import Item
from accreditation.services import applications, assignments, reviews
from accreditation.services.assignments import Part
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.schemes import scheme_of
from accreditation.web import access, refusals
from accreditation.web.language import language_now
from accreditation.web.outdated import name_errors
from accreditation.web.reviewer.blueprint import pages
from accreditation.web.reviewer.forms import FindingForm, ReconsiderationForm


@pages.route("/reviews/<review>/indicators/<int:number>", methods=["GET", "POST"])
def indicator(review: str, number: int) -> ResponseReturnValue:
    """Show the items of an indicator with answers and evidence; save the findings on them."""
    del review  # the guard has loaded it
    found = access.subject(Review)
    part = assignments.part(found, number)
    if request.method != "POST":
        known = {finding.item: finding for finding in found.findings}
        return _page(found, part, [FindingForm(one, known.get(one.id)) for one in part.items])
    forms = [FindingForm(item) for item in part.items]
    if not _saved(found, forms):
        return _page(found, part, forms), 422
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(_onward(found, part), 303)


@pages.route("/reviews/<review>/items/<item>", methods=["GET", "POST"])
def reconsider(review: str, item: str) -> ResponseReturnValue:
    """Let a reviewer think an item over on which another one differs."""
    found = access.subject(Review)
    own = assignments.finding_of(found, item)
    form = ReconsiderationForm(assignments.item_of(found, item), own)
    if form.validate_on_submit() and _reconsidered(found, form):
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(url_for("reviewer.review", review=review), 303)
    page = render_template("reviewer/reconsider.html", form=form, **_difference(found, form.item))
    return page, 422 if form.errors else 200


def item_urls(found: Review) -> Callable[[Item], str]:
    """Make the function that gives the address of an item in a review."""
    homes = {item.id: one.indicator.id for one in assignments.parts(found) for item in one.items}

    def url(item: Item) -> str:
        anchor = f"item-{item.id}"
        number = homes[item.id]
        return url_for("reviewer.indicator", review=found.key, number=number, _anchor=anchor)

    return url


def _saved(found: Review, forms: list[FindingForm]) -> bool:
    """Save what was touched here; when something speaks against it, put that beside the item."""
    sent = [form for form in forms if form.is_sent]
    wrong, errors = [form for form in sent if not form.validate()], {}
    if not wrong:
        errors = assignments.save(found, [form.entered for form in sent if form.is_touched])
    if not wrong and not errors:
        return True
    db.session.rollback()  # the page comes back whole, and nothing of it is half saved
    for form in forms:
        _tell(form, errors.get(form.item.id), assignments.finding_of(found, form.item.id))
        title = form.item.title.in_language(language_now())
        name_errors(form, f"{form.item.id} {title}")
    return False


def _reconsidered(found: Review, form: ReconsiderationForm) -> bool:
    """Save a finding thought over, unless another window was faster."""
    try:
        reviews.reconsider(found, form.judgement, access.person(), version=form.entered.version)
    except OutdatedError as error:
        db.session.rollback()
        _tell(form, error, assignments.finding_of(found, form.item.id))
    return not form.errors


def _tell(form: FindingForm, error: ServiceError | None, stored: Finding | None) -> None:
    """Say what speaks against a finding, and show what another window stored meanwhile."""
    if error is not None:
        form.verdict.errors = [*form.verdict.errors, refusals.sentence(error)]
    if isinstance(error, OutdatedError):
        form.show_beside(stored)
    else:
        form.catch_up(stored)


def _onward(found: Review, part: Part) -> str:
    """Go where the button says: to the overview, or on to the next indicator."""
    later = [one for one in assignments.parts(found) if one.indicator.id > part.indicator.id]
    if request.form.get("go") == "overview" or not later:
        return url_for("reviewer.review", review=found.key)
    return url_for("reviewer.indicator", review=found.key, number=later[0].indicator.id)


def _page(found: Review, part: Part, forms: list[FindingForm]) -> str:
    sent = applications.submitted(found.application)
    return render_template(
        "reviewer/indicator.html",
        review=found,
        scheme=scheme_of(found.application.scheme_version),
        part=part,
        parts=assignments.parts(found),
        forms=forms,
        names={"site": sent["site"], "operator": sent["operator"]},
        answers=sent["answers"],
    )


def _difference(found: Review, item: Item) -> dict[str, Any]:
    """Lay the findings on a differing item side by side; NotFoundError when they agree."""
    return {
        "review": found,
        "scheme": scheme_of(found.application.scheme_version),
        "item": item,
        "settlement": assignments.differing_item(found, item.id).settlement,
        "others": assignments.of_others(found, item.id),
        "answer": applications.submitted(found.application)["answers"].get(item.id),
    }
