"""One reviewer's assignment to one application."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.engine import N_, Party, Step, Workflow
from workflows.impartiality import not_a_reviewer, not_of_the_operator


class ReviewState(StrEnum):
    """Where an assignment is."""

    INVITED = "invited"
    OPEN = "open"
    HANDED_IN = "handed_in"
    RECUSED = "recused"
    RELEASED = "released"


# What is true of a state for everybody who asks.
OUTSTANDING = frozenset({ReviewState.INVITED, ReviewState.OPEN})
FINISHED = frozenset({ReviewState.HANDED_IN, ReviewState.RECUSED})


@dataclass(frozen=True)
class ReviewFacts:
    """What the guards may know of an assignment and of the person who acts."""

    application_in_review: bool = False
    findings_complete: bool = False
    actor_belongs: bool = False
    actor_reviews: bool = False


def in_review(facts: ReviewFacts) -> str | None:
    """Let reviews move only while the application is under review."""
    return None if facts.application_in_review else N_("The application is not under review now.")


def impartial(facts: ReviewFacts) -> str | None:
    """Refuse a clean declaration of somebody who belongs to the operator (17065, 4.2)."""
    return N_("You belong to this operator: declare the conflict.") if facts.actor_belongs else None


def judged(facts: ReviewFacts) -> str | None:
    """Ask for a finding with its reason on every item (ISO/IEC 17065, 7.4)."""
    if facts.findings_complete:
        return None
    return N_("Some items have no finding, or a finding without its reason.")


S = ReviewState
_ARRANGING = (not_of_the_operator, not_a_reviewer)

REVIEW: Workflow[ReviewFacts] = Workflow(
    "review",
    ReviewState,
    S.INVITED,
    [
        Step(
            "declare_none",
            (S.INVITED,),
            S.OPEN,
            Party.REVIEWER,
            N_("I have no conflict of interest"),
            N_("No conflict of interest declared"),
            (in_review, impartial),
            leads_on=True,
        ),
        Step(
            "declare_conflict",
            (S.INVITED, S.OPEN),
            S.RECUSED,
            Party.REVIEWER,
            N_("I have a conflict of interest"),
            N_("Conflict of interest declared"),
            needs_note=True,
        ),
        Step(
            "hand_in",
            (S.OPEN,),
            S.HANDED_IN,
            Party.REVIEWER,
            N_("Hand in the review"),
            N_("Findings handed in"),
            (in_review, impartial, judged),
            leads_on=True,
        ),
        Step(
            "send_back",
            (S.HANDED_IN,),
            S.OPEN,
            Party.OFFICE,
            N_("Send the review back"),
            N_("Review sent back"),
            (*_ARRANGING, in_review),
            needs_note=True,
        ),
        Step(
            "release",
            (S.INVITED, S.OPEN),
            S.RELEASED,
            Party.OFFICE,
            N_("Release the reviewer"),
            N_("Reviewer released"),
            _ARRANGING,
            needs_note=True,
        ),
    ],
)
