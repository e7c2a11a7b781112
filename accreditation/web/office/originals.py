"""Originals of evidence, for when the copy is not enough: with a reason, and written down."""

from functools import partial

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from accreditation.extensions import db
from accreditation.models import Evidence
from accreditation.services import evidence as files
from accreditation.web import access, sending
from accreditation.web.office.blueprint import pages
from accreditation.web.office.forms import OriginalForm


@pages.route("/office/evidence/<evidence>/original", methods=["GET", "POST"])
def original(evidence: str) -> ResponseReturnValue:
    """Ask for the reason, then send the file as the operator sent it."""
    del evidence
    found, form = access.subject(Evidence), OriginalForm()
    if not form.validate_on_submit():
        page = render_template("office/original.html", form=form, evidence=found)
        return page, 422 if form.errors else 200
    return _opened(found, form.note.data)


def _opened(found: Evidence, reason: str) -> Response:
    read = partial(files.open_original, found, access.person(), reason)
    answer = sending.evidence(found, read)
    db.session.commit()
    return answer
