"""An incentive: money or another benefit that came with an accreditation."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.engine import N_, Party, Step, Workflow
from workflows.impartiality import not_a_judge, not_of_the_operator, not_the_sender


class IncentiveState(StrEnum):
    """Where an incentive is."""

    GRANTED = "granted"
    UNFUNDED = "unfunded"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class IncentiveFacts:
    """What the guards may know of an incentive and of the person who acts."""

    budget_left: bool = False
    accreditation_valid: bool = False
    actor_belongs: bool = False
    actor_sent: bool = False
    actor_judged: bool = False


def within_budget(facts: IncentiveFacts) -> str | None:
    """Keep every grant within the programme's budget (予算の範囲内)."""
    return None if facts.budget_left else N_("The budget of the programme is used up.")


def accredited(facts: IncentiveFacts) -> str | None:
    """Give incentives to accredited operators only (requirement R61)."""
    return None if facts.accreditation_valid else N_("The accreditation is not valid now.")


S = IncentiveState

INCENTIVE: Workflow[IncentiveFacts] = Workflow(
    "incentive",
    IncentiveState,
    S.GRANTED,
    [
        Step(
            "fund",
            (S.UNFUNDED,),
            S.GRANTED,
            Party.OFFICE,
            N_("Grant from the budget now free"),
            N_("Incentive granted"),
            (not_of_the_operator, not_the_sender, not_a_judge, accredited, within_budget),
            leads_on=True,
        ),
        Step(
            "cancel",
            (S.GRANTED, S.UNFUNDED),
            S.CANCELLED,
            Party.OFFICE,
            N_("Cancel the incentive"),
            N_("Incentive cancelled"),
            (not_of_the_operator,),
            needs_note=True,
            grave=True,
        ),
    ],
)
