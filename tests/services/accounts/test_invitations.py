"""Invitations: accepted once, by whom they were sent to, with an account or a new one."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Appointment,
    Invitation,
    MemberRole,
    Membership,
    Office,
    Person,
)
from accreditation.services import history, members
from accreditation.services.accounts import closing, entering, invitations, people
from accreditation.services.errors import ServiceError
from tests import factories
from tests.services.accounts.invited import (
    EMAIL,
    WORDS,
    administrator,
    dead,
    to_office,
    to_operator,
)
from tests.services.accounts.letters import acts, letters, subjects, tokens
from tests.threads import at_once, errors

R = MemberRole

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("office", list(Office))
def test_an_office_is_taken_up_with_a_new_account(office: Office) -> None:
    inviter = administrator()
    token = invitations.to_office(" Invited@Example.jp", office, "en", inviter)
    assert subjects(EMAIL) == ["You are invited"]
    assert tokens(EMAIL) == [token]
    assert inviter.name in letters(EMAIL)[0].body
    person = invitations.accept_as_new(token, "招待 花子", WORDS)
    assert (person.email, person.language) == (EMAIL, "en")
    assert person.offices == {office}
    assert entering.check_password(EMAIL, WORDS) is person
    assert acts(person) == ["sign_up", "appoint"]
    dead(token)


def test_an_office_is_taken_up_with_the_account_that_is_there() -> None:
    person = factories.person(Office.COUNCIL)
    accepted = invitations.accept(to_office(administrator(), person.email), person)
    assert person.offices == {Office.COUNCIL, Office.REVIEWER}
    assert accepted.accepted_at == clock.now()
    assert acts(person)[-1] == "appoint"


@pytest.mark.parametrize("role", list(MemberRole))
def test_people_join_an_operator_in_the_role_they_were_invited_to(role: MemberRole) -> None:
    operator, person = factories.operator(), factories.person()
    invitations.accept(to_operator(operator, role, person.email), person)
    new = invitations.accept_as_new(to_operator(operator, role), "招待 花子", WORDS)
    assert [members.role_of(one, operator) for one in (person, new)] == [role, role]
    done = [entry.act for entry in history.of_subject("operator", operator.id)]
    assert done == ["register", "join", "join"]


def test_an_account_that_is_there_makes_no_second_one() -> None:
    person = factories.person()
    token = to_office(administrator(), person.email)
    db.session.commit()
    with pytest.raises(ServiceError, match="account for this address already"):
        invitations.accept_as_new(token, "招待 花子", WORDS)
    db.session.rollback()
    invitations.accept(token, person)


def test_a_weak_password_leaves_the_invitation_alive() -> None:
    token = to_office(administrator())
    db.session.commit()
    with pytest.raises(ServiceError) as refused:
        invitations.accept_as_new(token, "招待 花子", "short")
    assert refused.value.field == "password"
    db.session.rollback()
    assert people.by_address(EMAIL) is None
    invitations.accept_as_new(token, "招待 花子", WORDS)


def test_nobody_else_accepts_it() -> None:
    person, other = factories.person(), factories.person()
    token = to_office(administrator(), person.email)
    db.session.commit()
    with pytest.raises(ServiceError, match="sent to another address"):
        invitations.accept(token, other)
    db.session.rollback()
    assert other.offices == frozenset()
    invitations.accept(token, person)


def test_a_closed_account_accepts_nothing() -> None:
    person = factories.person()
    token = to_office(administrator(), person.email)
    closing.close(person)
    with pytest.raises(ServiceError, match="closed"):
        invitations.accept(token, person)


def test_who_acts_already_is_not_invited() -> None:
    operator = factories.operator()
    for role in MemberRole:
        with pytest.raises(ServiceError, match="already") as refused:
            to_operator(operator, email=factories.member(operator, role).email)
        assert refused.value.field == "email"


def test_who_joined_otherwise_keeps_their_role() -> None:
    operator, person = factories.operator(), factories.person()
    token = to_operator(operator, R.OWNER, person.email)
    operator.memberships.append(Membership(person_id=person.id, role=R.VIEWER))
    db.session.flush()
    invitations.accept(token, person)
    assert members.role_of(person, operator) is R.VIEWER


def test_only_hashes_are_kept() -> None:
    token = to_office(administrator())
    [kept] = db.session.scalars(select(Invitation.token_hash))
    assert len(bytes.fromhex(kept)) == 32
    assert token != kept


def test_of_two_who_accept_at_the_same_moment_one_does(app: Flask) -> None:
    token = to_office(administrator())
    person = factories.person()
    mine = to_office(None, person.email)
    known = person.id
    db.session.commit()

    def accept() -> None:
        invitations.accept(mine, db.session.get_one(Person, known))

    new = partial(invitations.accept_as_new, token, "招待 花子", WORDS)
    for act in (new, accept):
        [late] = errors(at_once(app, act, act))
        assert isinstance(late, ServiceError), late
    db.session.rollback()
    appointed = select(func.count()).where(Appointment.office == Office.REVIEWER)
    assert db.session.scalar(appointed) == 2
