"""Closing one's own account: three days in which its owner finds out, and may keep it."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import MemberRole, Office, Person
from accreditation.services import members
from accreditation.services.accounts import closing, entering, expiry, people, sessions
from accreditation.services.errors import ServiceError
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.services.accounts.letters import acts, letters, subjects, tokens
from workflows.application import ApplicationState

END = MADE_UP_NOW + timedelta(hours=72)
MOMENT = timedelta(seconds=1)
DEAD = "does not work any more"


@pytest.fixture
def person(context: Flask) -> Person:
    del context
    return factories.person(language="en")


def swept(person: Person, moment: object = END) -> bool:
    """Let the sweep run at a moment; say whether it has closed the account."""
    db.session.commit()
    with clock.at(END if moment is END else END - MOMENT):
        expiry.clear()
    db.session.refresh(person)
    return person.disabled_at is not None


def test_an_account_closes_exactly_after_three_days(person: Person) -> None:
    token = sessions.begin(person)
    closing.ask(person)
    assert person.closes_at == END
    assert not swept(person, END - MOMENT)
    assert sessions.of_token(token) is not None
    assert swept(person)
    assert person.disabled_at == END
    assert sessions.of_token(token) is None
    assert entering.check_password(person.email, factories.PASSWORD) is None
    assert acts(person) == ["sign_up", "ask_to_close", "close"]


def test_its_owner_is_told_once(person: Person) -> None:
    closing.ask(person)
    with clock.at(MADE_UP_NOW + timedelta(hours=1)):
        closing.ask(person)
    assert person.closes_at == END
    assert subjects(person.email) == ["Your account will be closed"]
    assert acts(person) == ["sign_up", "ask_to_close"]


def test_a_button_keeps_it(person: Person) -> None:
    token = sessions.begin(person)
    closing.ask(person)
    closing.keep(person)
    closing.keep(person)
    assert not swept(person)
    assert sessions.of_token(token) is not None
    assert acts(person) == ["sign_up", "ask_to_close", "keep_open"]


def test_asking_again_begins_anew(person: Person) -> None:
    closing.ask(person)
    closing.keep(person)
    with clock.at(MADE_UP_NOW + timedelta(hours=1)):
        closing.ask(person)
    assert not swept(person)
    assert len(tokens(person.email)) == 2


def test_the_mailed_link_keeps_it_and_ends_every_session(person: Person) -> None:
    token = sessions.begin(person)
    closing.ask(person)
    [rescue] = tokens(person.email)
    with clock.at(END - MOMENT):
        assert closing.keep_by_link(rescue) is person
    db.session.expire_all()
    assert sessions.of_token(token) is None
    assert not swept(person)
    with pytest.raises(ServiceError, match=DEAD):
        closing.keep_by_link(rescue)


def test_the_mailed_link_is_dead_once_the_account_closes(person: Person) -> None:
    closing.ask(person)
    [rescue] = tokens(person.email)
    with clock.at(END), pytest.raises(ServiceError, match=DEAD):
        closing.keep_by_link(rescue)


def test_a_thief_does_not_end_the_mailed_link(person: Person) -> None:
    closing.ask(person)
    [rescue] = tokens(person.email)
    entering.change_password(person, "the fox knows many narrow ways")
    entering.ask_to_sign_in(person.email)
    entering.enter_by_link(tokens(person.email)[-1])
    closing.keep_by_link(rescue)
    assert person.closes_at is None


def test_the_mailed_link_serves_nothing_else(person: Person) -> None:
    closing.ask(person)
    [rescue] = tokens(person.email)
    for act in (
        partial(entering.set_new_password, rescue, "the fox knows many narrow ways"),
        partial(entering.enter_by_link, rescue),
    ):
        with pytest.raises(ServiceError, match=DEAD):
            act()


@pytest.mark.parametrize("office", list(Office))
def test_staff_can_not(context: Flask, office: Office) -> None:
    del context
    person = factories.person(office)
    with pytest.raises(ServiceError, match="still needed"):
        closing.ask(person)
    assert person.closes_at is None
    assert letters(person.email) == []
    people.dismiss(person, office)
    closing.ask(person)
    assert swept(person)


def test_who_is_needed_by_then_stays_until_they_are_not(person: Person) -> None:
    closing.ask(person)
    people.appoint(person, Office.REVIEWER)
    assert not swept(person)
    people.dismiss(person, Office.REVIEWER)
    assert swept(person)


def test_of_two_the_sweep_closes_the_one_that_is_not_needed(person: Person) -> None:
    needed = factories.person()
    for someone in (needed, person):
        closing.ask(someone)
    site = factories.site(factories.operator(needed))
    factories.application(ApplicationState.SUBMITTED, of=site)
    assert swept(person)
    db.session.refresh(needed)
    assert needed.disabled_at is None


@pytest.mark.parametrize(
    ("mine", "others", "free"),
    [
        (MemberRole.OWNER, MemberRole.OWNER, True),
        (MemberRole.OWNER, MemberRole.EDITOR, False),
        (MemberRole.OWNER, MemberRole.VIEWER, False),
        (MemberRole.EDITOR, MemberRole.OWNER, True),
        (MemberRole.VIEWER, MemberRole.OWNER, True),
    ],
)
def test_an_operator_with_a_case_keeps_an_owner(
    person: Person, mine: MemberRole, others: MemberRole, *, free: bool
) -> None:
    operator = factories.operator(person)
    other = factories.member(operator, MemberRole.OWNER)
    factories.application(ApplicationState.SUBMITTED, of=factories.site(operator))
    members.change_role(operator, person.key, mine, other)
    if others is not MemberRole.OWNER:
        members.change_role(operator, other.key, others, person)
    assert (closing.hindrances(person) == []) is free
