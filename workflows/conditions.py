"""What the steps of an application ask first: the facts, and a guard for each question."""

from dataclasses import dataclass

from workflows.engine import N_

REVIEWS_NEEDED = 2  # two independent findings: the founders' wish, requirement R18
# A city sets a time that is long enough to complete what is missing (Administrative Procedure Act
# of Japan, article 7, leaves its length to the authority); this one is ours.
DAYS_TO_CORRECT = 30


@dataclass(frozen=True)
class ApplicationFacts:
    """What the guards may know of an application and of the person who acts."""

    call_open: bool = False
    answers_complete: bool = False
    terms_accepted: bool = False
    another_under_way: bool = False
    lookalikes_unseen: bool = False
    time_to_correct_over: bool = False
    reviews_handed_in: int = 0
    reviews_outstanding: int = 0
    reached: frozenset[int] = frozenset()
    granted: bool = False
    proposed: frozenset[int] = frozenset()
    required: frozenset[int] = frozenset()
    conditions: int = 0
    reasons_given: bool = False
    accreditation_suspended: bool = False
    issuance_paused: bool = False
    actor_belongs: bool = False
    actor_reviews: bool = False
    actor_evaluated: bool = False
    actor_sent: bool = False


def in_time(facts: ApplicationFacts) -> str | None:
    """Ask for an open call (requirement R01)."""
    return None if facts.call_open else N_("The call is not open: it can't be sent now.")


def complete(facts: ApplicationFacts) -> str | None:
    """Ask for an answer to every item that is asked (ISO/IEC 17065, 7.2)."""
    return (
        None if facts.answers_complete else N_("Some items have no answer or no description yet.")
    )


def terms_accepted(facts: ApplicationFacts) -> str | None:
    """Ask for the accepted terms (ISO/IEC 17065, 4.1.2)."""
    return None if facts.terms_accepted else N_("Please accept the terms first.")


def only_one(facts: ApplicationFacts) -> str | None:
    """Let a site have one case at a time, whatever became of the calls meanwhile."""
    if not facts.another_under_way:
        return None
    return N_("Another application for this site is still under way.")


def names_compared(facts: ApplicationFacts) -> str | None:
    """Ask the office to look at names that may be taken for another operator's."""
    if not facts.lookalikes_unseen:
        return None
    return N_("Something here is like another operator's: please compare both first.")


def nothing_came(facts: ApplicationFacts) -> str | None:
    """Leave the operator the whole time to correct what the office returned."""
    if facts.time_to_correct_over:
        return None
    return N_("The operator still has time: 30 days from the return.")


def enough_reviews(facts: ApplicationFacts) -> str | None:
    """Ask for two reviews handed in, and for none that is still open."""
    if facts.reviews_handed_in < REVIEWS_NEEDED:
        return N_("Two reviews must be handed in first.")
    return N_("A review is still open.") if facts.reviews_outstanding else None


def reached(facts: ApplicationFacts) -> str | None:
    """Ask that the agreed findings reach what the scheme requires."""
    if facts.granted:
        return None
    return N_("The agreed findings do not reach what the scheme requires.")


def never_more(facts: ApplicationFacts) -> str | None:
    """Let the council grant the indicators reached or fewer, never more nor none."""
    if not facts.proposed <= facts.reached:
        return N_("An indicator that was not reached can't be accredited.")
    if not facts.proposed or not facts.required <= facts.proposed:
        return N_("The required indicators must be among those accredited.")
    return None


def fewer_with_reasons(facts: ApplicationFacts) -> str | None:
    """Ask for the reasons when fewer indicators are granted than were reached."""
    if facts.proposed == facts.reached or facts.reasons_given:
        return None
    return N_("Please give the reasons for accrediting fewer indicators than were reached.")


def with_conditions(facts: ApplicationFacts) -> str | None:
    """Ask for at least one condition."""
    return None if facts.conditions else N_("Please write at least one condition.")


def without_conditions(facts: ApplicationFacts) -> str | None:
    """Keep conditions to the step that is made for them."""
    return (
        N_("To accredit with these conditions, press “Accredit with conditions”.")
        if facts.conditions
        else None
    )


def not_suspended(facts: ApplicationFacts) -> str | None:
    """Let nobody renew around a suspension."""
    if not facts.accreditation_suspended:
        return None
    return N_("The present accreditation is suspended: lift or withdraw it first.")


def not_paused(facts: ApplicationFacts) -> str | None:
    """Stop certificates at once while something is wrong with them; a refusal needs none."""
    return N_("No certificates are issued at the moment.") if facts.issuance_paused else None
