"""Who may take no part in a case, whatever its state: the guards that all tables share."""

from typing import Protocol

from workflows.engine import N_


class Relation(Protocol):
    """Facts that say whether the person who acts belongs to the case's operator."""

    @property
    def actor_belongs(self) -> bool:
        """Whether the person acts for the operator."""
        ...


class Involvement(Protocol):
    """Facts that say whether the person who acts was asked to review the case."""

    @property
    def actor_reviews(self) -> bool:
        """Whether the person is or was one of its reviewers."""
        ...


def not_of_the_operator(facts: Relation) -> str | None:
    """Keep people away from the case of their own operator (ISO/IEC 17065, 4.2)."""
    return N_("You belong to this operator.") if facts.actor_belongs else None


def not_a_reviewer(facts: Involvement) -> str | None:
    """Keep reviewers from the office's part in a case: findings are independent (R18)."""
    if not facts.actor_reviews:
        return None
    return N_("You were asked to review this case, so a colleague must do this.")


class Evaluation(Protocol):
    """Facts that say whether the person who acts took part in the evaluation of the case."""

    @property
    def actor_evaluated(self) -> bool:
        """Whether the person reviewed it or settled a difference in it."""
        ...


class Sending(Protocol):
    """Facts that say whether the person who acts sent the case."""

    @property
    def actor_sent(self) -> bool:
        """Whether the person sent the application, whatever they are to the operator now."""
        ...


class Judging(Protocol):
    """Facts that say whether the person who acts judged the case."""

    @property
    def actor_judged(self) -> bool:
        """Whether the person took part in its evaluation or decided on it."""
        ...


def not_an_evaluator(facts: Evaluation) -> str | None:
    """Separate evaluation and decision (ISO/IEC 17065, 7.6)."""
    if not facts.actor_evaluated:
        return None
    return N_("You took part in the evaluation of this case, so somebody else must decide.")


def not_the_sender(facts: Sending) -> str | None:
    """Keep whoever sent a case from judging it, also after they left the operator (17065, 4.2)."""
    if not facts.actor_sent:
        return None
    return N_("You sent this application, so somebody else must do this.")


def not_a_judge(facts: Judging) -> str | None:
    """Let nobody who judged a case grant its money: who makes does not check."""
    if not facts.actor_judged:
        return None
    return N_("You reviewed this case or decided on it, so a colleague must do this.")
