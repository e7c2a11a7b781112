"""What was granted, and how it stands on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.engine import N_, Party, Step, Workflow
from workflows.impartiality import not_of_the_operator


class AccreditationState(StrEnum):
    """What was done to an accreditation; that it expired follows from its dates alone."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SURRENDERED = "surrendered"


RUNNING = frozenset({AccreditationState.ACTIVE, AccreditationState.SUSPENDED})


class Standing(StrEnum):
    """What the public is told on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SURRENDERED = "surrendered"


_ENDED = {
    AccreditationState.SUSPENDED: Standing.SUSPENDED,
    AccreditationState.WITHDRAWN: Standing.WITHDRAWN,
    AccreditationState.SURRENDERED: Standing.SURRENDERED,
}


def standing(state: AccreditationState, valid_until: date, today: date) -> Standing:
    """Say how an accreditation stands today: what was done to it outranks its dates.

    The last day of validity counts whole; `today` is the date in the scheme's own time zone.
    """
    if state in _ENDED:
        return _ENDED[state]
    return Standing.VALID if today <= valid_until else Standing.EXPIRED


@dataclass(frozen=True)
class AccreditationFacts:
    """What the guards may know of an accreditation and of the person who acts."""

    expired: bool = False
    actor_belongs: bool = False


def still_running(facts: AccreditationFacts) -> str | None:
    """Let only a running accreditation be suspended or given up."""
    return N_("The accreditation has expired already.") if facts.expired else None


S = AccreditationState

ACCREDITATION: Workflow[AccreditationFacts] = Workflow(
    "accreditation",
    AccreditationState,
    S.ACTIVE,
    [
        Step(
            "suspend",
            (S.ACTIVE,),
            S.SUSPENDED,
            Party.COUNCIL,
            N_("Suspend"),
            N_("Accreditation suspended"),
            (not_of_the_operator, still_running),
            needs_note=True,
        ),
        Step(
            "lift",
            (S.SUSPENDED,),
            S.ACTIVE,
            Party.COUNCIL,
            N_("Lift the suspension"),
            N_("Suspension lifted"),
            (not_of_the_operator,),
            needs_note=True,
        ),
        Step(
            "withdraw",
            (S.ACTIVE, S.SUSPENDED),
            S.WITHDRAWN,
            Party.COUNCIL,
            N_("Withdraw the accreditation"),
            N_("Accreditation withdrawn"),
            (not_of_the_operator,),
            needs_note=True,
            grave=True,
        ),
        Step(
            "surrender",
            (S.ACTIVE, S.SUSPENDED),
            S.SURRENDERED,
            Party.OPERATOR,
            N_("Give up the accreditation"),
            N_("Accreditation given up"),
            (still_running,),
            grave=True,
        ),
        Step("renew", (S.ACTIVE,), S.ACTIVE, Party.SYSTEM, N_("Renew"), N_("Renewed")),
    ],
)
