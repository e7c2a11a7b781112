"""Files that go out: evidence and notices, always as downloads."""

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.models import Evidence, Incentive
from accreditation.services import policy
from accreditation.web import access, sending
from accreditation.web.applicant.blueprint import pages
from workflows.incentive import IncentiveState


@pages.route("/evidence/<evidence>", methods=["GET"])
def evidence(evidence: str) -> ResponseReturnValue:
    """Send a file of evidence, to others than its operator as a copy; never within our pages."""
    del evidence
    found = access.subject(Evidence)
    if policy.own_evidence(access.person(), found):
        return sending.evidence(found)
    return sending.copy_of(found, in_office=policy.is_office(access.person(), None))


@pages.route("/notices/<incentive>.pdf", methods=["GET"])
def notice(incentive: str) -> ResponseReturnValue:
    """Send the notice of a granted incentive; one that was cancelled is gone, in words."""
    del incentive
    found = access.subject(Incentive)
    if found.state == IncentiveState.CANCELLED:
        text = _("The office has cancelled this incentive. Its notice is no longer valid.")
        return sending.page(_("This incentive was cancelled"), text, 410)
    if found.document is None:
        abort(404)
    return sending.document(found.document, f"{found.number}.pdf", shown=False)
