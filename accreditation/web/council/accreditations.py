"""What was accredited: the list, and one accreditation with its steps."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Accreditation
from accreditation.services import history, register
from accreditation.services.entries import entry_of
from accreditation.services.steps import take_step
from accreditation.web import access, casefile, timeline
from accreditation.web.council.blueprint import pages
from workflows.engine import N_, Party, Refusal, StepRefused

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
    seen = request.form.get("version", type=int)
    try:
        take_step(found, name, access.person(), note=_note(), seen=seen)
    except StepRefused as refused:
        if refused.refusal is not Refusal.NOTE:
            raise
        return _page(found, refused), 422
    db.session.commit()
    taken = timeline.WORKFLOWS["accreditation"].step(name).label
    label = _(taken)
    flash(_("Done: %(step)s.", step=label), "success")
    return redirect(url_for("council.accreditation", accreditation=found.number), 303)


def _note() -> str:
    return request.form.get("note", "").replace("\r\n", "\n")


def _page(found: Accreditation, refused: StepRefused | None = None) -> str:
    return render_template(
        "council/accreditation.html",
        entry=entry_of(found),
        steps=casefile.offers(
            found,
            access.person(),
            Party.COUNCIL,
            lambda name: url_for(
                "council.accreditation_step", accreditation=found.number, name=name
            ),
            hints={name: _(text) for name, text in HINTS.items()},
            refused=refused,
            note=_note(),
        ),
        events=timeline.shown(history.of_subject("accreditation", found.id)),
        refused=refused,
    )
