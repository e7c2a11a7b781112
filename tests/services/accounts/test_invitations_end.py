"""How invitations die: with time, taken back, for a newer one, and with the power to invite."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Invitation, MemberRole, Membership, Office, Operator, Person
from accreditation.services import members
from accreditation.services.accounts import closing, invitations, people
from accreditation.services.errors import NotFoundError, ServiceError
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.services.accounts.invited import (
    WORDS,
    administrator,
    dead,
    to_office,
    to_operator,
)
from tests.threads import behind

R = MemberRole

pytestmark = pytest.mark.usefixtures("context")


def test_it_lasts_seven_days() -> None:
    token = to_office(administrator())
    end = MADE_UP_NOW + timedelta(days=7)
    with clock.at(end):
        dead(token)
        assert invitations.open_to_offices() == []
    with clock.at(end - timedelta(seconds=1)):
        assert len(invitations.open_to_offices()) == 1
        invitations.accept_as_new(token, "招待 花子", WORDS)


def test_it_is_taken_back_by_its_key() -> None:
    operator, other = factories.operator(), factories.operator()
    token, to_staff = to_operator(operator), to_office(administrator())
    [mine] = invitations.open_to(operator)
    [staff] = invitations.open_to_offices()
    for find in (
        partial(invitations.to_operator_by_key, other, mine.key),
        partial(invitations.to_operator_by_key, operator, staff.key),
        partial(invitations.to_offices_by_key, mine.key),
    ):
        with pytest.raises(NotFoundError):
            find()
    actor = administrator()
    invitations.revoke(invitations.to_operator_by_key(operator, mine.key), actor)
    invitations.revoke(invitations.to_offices_by_key(staff.key), actor)
    invitations.revoke(staff, actor)
    assert invitations.open_to(operator) == invitations.open_to_offices() == []
    for one in (token, to_staff):
        dead(one)


def test_taking_back_what_was_accepted_changes_nothing() -> None:
    token = to_office(administrator())
    [made] = invitations.open_to_offices()
    person = invitations.accept_as_new(token, "招待 花子", WORDS)
    db.session.expire_all()
    invitations.revoke(made, administrator())
    assert made.revoked_at is None
    assert person.offices == {Office.REVIEWER}


def _dismissed(actor: Person) -> None:
    people.dismiss(actor, Office.ADMINISTRATOR)


@pytest.mark.parametrize("lose", [_dismissed, closing.close])
def test_an_administrators_invitation_dies_with_their_power(lose: Callable[[Person], None]) -> None:
    actor = administrator()
    token = to_office(actor)
    lose(actor)
    dead(token)
    assert invitations.open_to_offices() == []
    actor.disabled_at = None
    people.appoint(actor, Office.ADMINISTRATOR)
    dead(token)  # whoever gets the power back invites anew


@pytest.mark.parametrize("office", [one for one in Office if one is not Office.ADMINISTRATOR])
def test_other_offices_invite_nobody(office: Office) -> None:
    dead(to_office(factories.person(office)))


def test_an_invitation_of_the_console_has_nobody_to_lose() -> None:
    token = to_office(None, office=Office.ADMINISTRATOR)
    person = invitations.accept_as_new(token, "招待 花子", WORDS)
    assert person.offices == {Office.ADMINISTRATOR}


def _removed(actor: Person, operator: Operator, other: Person) -> None:
    members.remove(operator, actor.key, other)


def _left(actor: Person, operator: Operator, other: Person) -> None:
    del other
    members.remove(operator, actor.key, actor)


def _closed(actor: Person, operator: Operator, other: Person) -> None:
    del operator, other
    closing.close(actor)


def _edits(actor: Person, operator: Operator, other: Person) -> None:
    members.change_role(operator, actor.key, R.EDITOR, other)


def _reads(actor: Person, operator: Operator, other: Person) -> None:
    members.change_role(operator, actor.key, R.VIEWER, other)


@pytest.mark.parametrize("lose", [_removed, _left, _closed, _edits, _reads])
def test_an_owners_invitation_dies_with_their_power(
    lose: Callable[[Person, Operator, Person], None],
) -> None:
    operator = factories.operator()
    owner, other = factories.owner_of(operator), factories.member(operator, R.OWNER)
    token = to_operator(operator)
    lose(owner, operator, other)
    dead(token)
    assert invitations.open_to(operator) == []
    owner.disabled_at = None
    held = {one.person_id: one for one in operator.memberships}
    if owner.id in held:
        held[owner.id].role = R.OWNER
    else:
        operator.memberships.append(Membership(person_id=owner.id, role=R.OWNER))
    db.session.flush()
    dead(token)


def test_a_newer_one_takes_the_place_of_the_older() -> None:
    operator, other = factories.operator(), factories.operator()
    kept = [to_operator(other), to_office(administrator(), office=Office.COUNCIL)]
    elsewhere = to_operator(operator, email="elsewhere@example.jp")
    for make in (
        partial(to_operator, operator),
        partial(to_office, None),
    ):
        older, newer = make(), make()
        assert invitations.of_token(older) is None
        assert invitations.of_token(newer) is not None
    assert all(invitations.of_token(one) for one in [*kept, elsewhere])
    assert [one.role for one in invitations.open_to(operator)] == [R.EDITOR, R.EDITOR]


@pytest.mark.postgresql
@pytest.mark.parametrize("end", ["revoke", "dismiss"])
def test_what_ends_an_invitation_while_somebody_accepts_it_comes_first(
    app: Flask, end: str
) -> None:
    actor, person = administrator(), factories.person()
    token, known, by = to_office(actor, person.email), person.id, actor.id
    db.session.commit()

    def accept() -> Invitation | None:
        looked_at = invitations.of_token(token)  # as the page does first, which keeps it
        invitations.accept(token, db.session.get_one(Person, known))
        return looked_at

    def meanwhile() -> None:
        if end == "revoke":
            one = invitations.open_to_offices()[0]
            invitations.revoke(one, db.session.get_one(Person, by))
        else:
            people.dismiss(db.session.get_one(Person, by), Office.ADMINISTRATOR)

    done = behind(app, accept, then=meanwhile)
    assert isinstance(done, ServiceError), done
    db.session.rollback()
    assert db.session.get_one(Person, known).offices == frozenset()
