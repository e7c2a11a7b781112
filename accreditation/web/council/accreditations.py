"""What was accredited: the list, and one accreditation with its steps."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accreditation.extensions import db
from accreditation.models import Accreditation
from accreditation.services import history, register
from accreditation.services.entries import entry_of
from accreditation.web import access, stepping, timeline
from accreditation.web.council.blueprint import pages
from workflows.engine import N_, Party, StepRefused

HINTS = {
    "suspend": N_("The operator and the office read this. The register shows the suspension."),
    "lift": N_("The operator and the office read this."),
    "withdraw": N_("The operator and the office read this. It can't be undone."),
}


@pages.route("/council/accreditations", methods=["GET"])
def accreditations() -> ResponseReturnValue:
    """Search what was accredited, by number or by name."""
    text = request.args.get("q", "").strip()[:200]
    found = register.search(register.Query(text, page=request.args.get("page", 1, type=int)))
    return render_template("council/accreditations.html", found=found, text=text)


@pages.route("/council/accreditations/<accreditation>", methods=["GET"])
def accreditation(accreditation: str) -> ResponseReturnValue:
    """Show one accreditation."""
    del accreditation
    return _page(access.subject(Accreditation))


@pages.route("/council/accreditations/<accreditation>/steps/<name>", methods=["POST"])
def accreditation_step(accreditation: str, name: str) -> ResponseReturnValue:
    """Suspend, lift or withdraw."""
    del accreditation
    found = access.subject(Accreditation)
    if refused := stepping.attempt(found, name):
        return _page(found, refused), 422
    db.session.commit()
    stepping.tell_done(found, name)
    return redirect(url_for("council.accreditation", accreditation=found.number), 303)


def _page(found: Accreditation, refused: StepRefused | None = None) -> str:
    return render_template(
        "council/accreditation.html",
        entry=entry_of(found),
        steps=stepping.offers(
            found,
            Party.COUNCIL,
            lambda name: url_for(
                "council.accreditation_step", accreditation=found.number, name=name
            ),
            hints=HINTS,
            refused=refused,
        ),
        events=timeline.shown(history.of_subject("accreditation", found.id)),
        refused=refused,
    )
