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
