"""The reviewer's pages: assignments, the declaration, the overview, handing in."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Review
from accreditation.services import applications, assignments, results
from accreditation.services.schemes import scheme_of
from accreditation.services.steps import take_step
from accreditation.web import access, stepping
from accreditation.web.reviewer import findings
from accreditation.web.reviewer.blueprint import pages
from workflows.engine import N_, Party, StepRefused
from workflows.review import ReviewState

__all__ = ["findings", "pages"]  # importing the module hangs its pages up

DECLARATIONS = frozenset({"declare_none", "declare_conflict"})
HINTS = {"declare_conflict": N_("The office reads this.")}
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
    if refused := stepping.attempt(found, step):
        return _page(found, refused), 422
    db.session.commit()
    return redirect(url_for("reviewer.review", review=review), 303)


@pages.post("/reviews/<review>/hand-in")
def hand_in(review: str) -> ResponseReturnValue:
    """Hand the review in; from now on it can only be read."""
    take_step(access.subject(Review), "hand_in", access.person())
    db.session.commit()
    flash(_("Your review was handed in. Thank you."), "success")
    return redirect(url_for("reviewer.review", review=review), 303)


def _page(found: Review, refused: StepRefused | None = None) -> str:
    sent = applications.submitted(found.application)
    names = {"site": sent["site"], "operator": sent["operator"]}
    shown = {"review": found, "names": names, "steps": _steps(found, refused)}
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


def _steps(found: Review, refused: StepRefused | None) -> dict[str, dict[str, Any]]:
    """Give the open steps by name, for each has its place on the page."""

    def url(step: str) -> str:
        endpoint = "reviewer.declare" if step in DECLARATIONS else "reviewer.hand_in"
        return url_for(endpoint, review=found.key)

    offered = stepping.offers(found, Party.REVIEWER, url, hints=HINTS, refused=refused)
    return {one["step"]: one for one in offered}
