"""What will be erased within a month because its time is over."""

from flask import render_template
from flask.typing import ResponseReturnValue

from accreditation.services.privacy import nightly
from accreditation.web.administrator.blueprint import pages
from workflows.engine import N_

# What is erased -> how the page calls it.
KINDS = {
    "draft": N_("A draft that was never sent"),
    "evidence": N_("The files of evidence"),
    "mails": N_("The mails"),
    "who reviewed": N_("Who reviewed"),
    "words in the history": N_("Names and words in the history"),
    "contact and people": N_("How it is reached, and its people"),
}
SUBJECTS = {"case": N_("Case %(key)s"), "operator": N_("Operator %(key)s")}


@pages.route("/erasures", methods=["GET"])
def erasures() -> ResponseReturnValue:
    """List what is overdue or will be, and when it goes."""
    return render_template(
        "administrator/erasures.html",
        coming=nightly.coming(),
        is_on=nightly.is_on(),
        kinds=KINDS,
        subjects=SUBJECTS,
    )
