"""The office's work list."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accreditation.services import lookalikes, operators, queues
from accreditation.services.facts import cases_to_review
from accreditation.web import access
from accreditation.web.office.blueprint import pages
from workflows.application import ApplicationState

# The tabs, in the order of the work; the first stands for everything that waits.
TABS = (
    None,
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.IN_REVIEW,
    ApplicationState.LISTED,
    ApplicationState.ACCREDITED,
    ApplicationState.REFUSED,
    ApplicationState.DECLINED,
    ApplicationState.WITHDRAWN,
)


@pages.route("/office", methods=["GET"])
def home() -> ResponseReturnValue:
    """Show the cases of a state, oldest first; without a state those that wait."""
    state = next((tab for tab in TABS if tab and tab == request.args.get("state")), None)
    found = queues.office(state, request.args.get("page", 1, type=int))
    sent = [one for one in found.items if one.state == ApplicationState.SUBMITTED]
    counts = queues.counts()
    waiting = sum(counts.get(one, 0) for one in queues.WAITING) + queues.overdue()
    return render_template(
        "office/home.html",
        state=state,
        tabs=[(tab, waiting if tab is None else counts.get(tab, 0)) for tab in TABS],
        found=found,
        comparisons=lookalikes.of_all(sent),
        rows=queues.waiting(found.items),
        own={operator.id for operator in operators.of_person(access.person())},
        reviewed=cases_to_review(access.person()),
    )
