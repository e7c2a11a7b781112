"""Invitations that somebody was sent, and how a dead one shows."""

import pytest

from accreditation.models import MemberRole, Office, Operator, Person
from accreditation.services.accounts import invitations, people
from accreditation.services.errors import ServiceError
from tests import factories
from tests.services.accounts.letters import tokens

EMAIL = "invited@example.jp"
WORDS = "a kettle sings before the snow"
DEAD = "does not work any more"


def administrator() -> Person:
    return factories.person(Office.ADMINISTRATOR, name="管理 一郎")


def to_office(actor: Person | None, email: str = EMAIL, office: Office = Office.REVIEWER) -> str:
    return invitations.to_office(email, office, "en", actor)


def to_operator(
    operator: Operator, role: MemberRole = MemberRole.EDITOR, email: str = EMAIL
) -> str:
    invitations.to_operator(email, operator, role, factories.owner_of(operator))
    return tokens(email)[-1]


def dead(token: str) -> None:
    """Show that an invitation opens nothing, to an account of its address or a new one."""
    assert invitations.of_token(token) is None
    person = people.by_address(EMAIL) or factories.person()
    with pytest.raises(ServiceError, match=DEAD):
        invitations.accept(token, person)
    with pytest.raises(ServiceError, match=DEAD):
        invitations.accept_as_new(token, "招待 花子", WORDS)
