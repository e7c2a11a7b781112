"""An application: from the first draft to the council's decision."""

from enum import StrEnum

from workflows.conditions import (
    ApplicationFacts,
    complete,
    enough_reviews,
    fewer_with_reasons,
    in_time,
    names_compared,
    never_more,
    not_paused,
    not_suspended,
    nothing_came,
    only_one,
    reached,
    terms_accepted,
    with_conditions,
    without_conditions,
)
from workflows.engine import N_, Party, Step, Workflow
from workflows.impartiality import (
    not_a_reviewer,
    not_an_evaluator,
    not_of_the_operator,
    not_the_sender,
)


class ApplicationState(StrEnum):
    """Where an application is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    IN_REVIEW = "in_review"
    LISTED = "listed"
    ACCREDITED = "accredited"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


# What is true of a state for everybody who asks; who is next to act follows from the table.
EDITABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
DECIDED = frozenset({ApplicationState.ACCREDITED, ApplicationState.REFUSED})
ENDED_EARLY = frozenset({ApplicationState.WITHDRAWN, ApplicationState.DECLINED})
UNDER_WAY = frozenset(ApplicationState) - DECIDED - ENDED_EARLY - {ApplicationState.DRAFT}


S = ApplicationState
_SCREENING = (not_of_the_operator, not_the_sender, not_a_reviewer)
_DECIDING = (not_of_the_operator, not_the_sender, not_an_evaluator)
_GRANTING = (*_DECIDING, not_paused, not_suspended, reached, never_more, fewer_with_reasons)

APPLICATION: Workflow[ApplicationFacts] = Workflow(
    "application",
    ApplicationState,
    S.DRAFT,
    [
        Step(
            "submit",
            (S.DRAFT,),
            S.SUBMITTED,
            Party.OPERATOR,
            N_("Send the application"),
            N_("Application sent"),
            (in_time, only_one, complete, terms_accepted),
            leads_on=True,
        ),
        Step(
            "resubmit",
            (S.RETURNED,),
            S.SUBMITTED,
            Party.OPERATOR,
            N_("Send the corrected application"),
            N_("Corrected application sent"),
            (complete, terms_accepted),
            leads_on=True,
        ),
        Step(
            "withdraw",
            (S.DRAFT, S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.LISTED),
            S.WITHDRAWN,
            Party.OPERATOR,
            N_("Withdraw the application"),
            N_("Application withdrawn"),
            grave=True,
        ),
        Step(
            "accept",
            (S.SUBMITTED,),
            S.IN_REVIEW,
            Party.OFFICE,
            N_("Accept as complete"),
            N_("Accepted as complete"),
            (*_SCREENING, names_compared),
            leads_on=True,
        ),
        Step(
            "return",
            (S.SUBMITTED,),
            S.RETURNED,
            Party.OFFICE,
            N_("Return for changes"),
            N_("Returned for changes"),
            _SCREENING,
            needs_note=True,
        ),
        Step(
            "decline",
            (S.SUBMITTED,),
            S.DECLINED,
            Party.OFFICE,
            N_("Decline the application"),
            N_("Application declined"),
            _SCREENING,
            needs_note=True,
            grave=True,
        ),
        Step(
            "lapse",
            (S.RETURNED,),
            S.DECLINED,
            Party.OFFICE,
            N_("End: no correction came"),
            N_("Ended without a correction"),
            (*_SCREENING, nothing_came),
            needs_note=True,
            grave=True,
        ),
        Step(
            "list",
            (S.IN_REVIEW,),
            S.LISTED,
            Party.OFFICE,
            N_("Put on the council's list"),
            N_("Listed for the council's decision"),
            (*_SCREENING, enough_reviews),
            leads_on=True,
        ),
        Step(
            "unlist",
            (S.LISTED,),
            S.IN_REVIEW,
            Party.OFFICE,
            N_("Take off the council's list"),
            N_("Taken off the council's list"),
            _SCREENING,
            needs_note=True,
        ),
        Step(
            "accredit",
            (S.LISTED,),
            S.ACCREDITED,
            Party.COUNCIL,
            N_("Accredit"),
            N_("Accredited"),
            (*_GRANTING, without_conditions),
            leads_on=True,
        ),
        Step(
            "accredit_with_conditions",
            (S.LISTED,),
            S.ACCREDITED,
            Party.COUNCIL,
            N_("Accredit with conditions"),
            N_("Accredited with conditions"),
            (*_GRANTING, with_conditions),
        ),
        Step(
            "refuse",
            (S.LISTED,),
            S.REFUSED,
            Party.COUNCIL,
            N_("Refuse"),
            N_("Accreditation refused"),
            _DECIDING,
            needs_note=True,
            grave=True,
        ),
    ],
)


def acts_next(state: ApplicationState, *, reviewing: bool) -> Party | None:
    """Say who acts next: whoever may take the step that leads on, or nobody after the end.

    While a case is under review (`reviewing`: a review asked for is still to come), its reviewers
    act.
    """
    if state == S.IN_REVIEW and reviewing:
        return Party.REVIEWER
    leading_on = (step for step in APPLICATION.steps if state in step.sources and step.leads_on)
    return next((step.by for step in leading_on), None)
