"""The reviewer's pages: assignments, the declaration, the overview, handing in."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Review
from accreditation.services import applications, assignments, results
from accreditation.services.schemes import scheme_of
from accreditation.services.steps import open_steps, take_step
from accreditation.web import access
from accreditation.web.reviewer import findings
from accreditation.web.reviewer.blueprint import pages
from workflows.engine import Refusal, StepRefused
from workflows.review import ReviewState

__all__ = ["findings", "pages"]  # importing the module hangs its pages up

DECLARATIONS = frozenset({"declare_none", "declare_conflict"})
# Before the declaration and after a conflict, names alone: nothing else of the application.
CLOSED = {
    ReviewState.INVITED: "reviewer/declaration.html",
    ReviewState.RECUSED: "reviewer/recused.html",
}


@pages.get("/reviews")
def home() -> ResponseReturnValue:
    """List the person's assignments, those to be done first."""
    return render_template("reviewer/home.html", assignments=assignments.of_person(access.person()))


@pages.get("/reviews/<review>")
def review(review: str) -> ResponseReturnValue:
    """Show an assignment as far as it is open."""
    del review  # the guard has loaded it
    return _page(access.subject(Review))


@pages.post("/reviews/<review>/declaration")
def declare(review: str) -> ResponseReturnValue:
    """Take the declaration: no conflict of interest, or one, in words."""
    found, step = access.subject(Review), request.form.get("step", "")
    if step not in DECLARATIONS:
        abort(400)
    note = request.form.get("note", "")
    try:
        take_step(found, step, access.person(), note=note)
    except StepRefused as error:
        if error.refusal != Refusal.NOTE:
            raise
        db.session.rollback()
        return _page(found, note=note, error=_(error.why)), 422
    db.session.commit()
    return redirect(url_for("reviewer.review", review=review), 303)


@pages.post("/reviews/<review>/hand-in")
def hand_in(review: str) -> ResponseReturnValue:
    """Hand the review in; from now on it can only be read."""
    take_step(access.subject(Review), "hand_in", access.person())
    db.session.commit()
    flash(_("Your review was handed in. Thank you."), "success")
    return redirect(url_for("reviewer.review", review=review), 303)


def _page(found: Review, **typed: str) -> str:
    sent = applications.submitted(found.application)
    names = {"site": sent["site"], "operator": sent["operator"]}
    shown = {"review": found, "names": names, "steps": _steps(found, **typed)}
    if found.state in CLOSED:
        return render_template(CLOSED[found.state], **shown)
    return render_template("reviewer/review.html", **shown, **_work(found))


def _work(found: Review) -> dict[str, Any]:
    """Lay out what the reviewer did and has still to do."""
    return {
        "scheme": scheme_of(found.application.scheme_version),
        "parts": assignments.parts(found),
        "missing": assignments.missing(found),
        "result": results.of_review(found),
        "differing": assignments.differing(found),
        "item_url": findings.item_urls(found),
    }


def _steps(found: Review, note: str = "", error: str = "") -> dict[str, dict[str, Any]]:
    """Describe the open steps for the page: by name, with their address and what was typed."""
    return {
        offer.step.name: {
            "name": offer.step.name,
            "label": _(offer.step.label),
            "tone": offer.step.tone,
            "needs_note": offer.step.needs_note,
            "why_not": offer.why_not and _(offer.why_not),
            "url": _address(found, offer.step.name),
            "note_hint": _("The office reads this."),
            "note": note,
            "error": error,
        }
        for offer in open_steps(found, access.person())
    }


def _address(found: Review, step: str) -> str:
    endpoint = "reviewer.declare" if step in DECLARATIONS else "reviewer.hand_in"
    return url_for(endpoint, review=found.key)
