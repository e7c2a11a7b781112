"""Moving an account to another address, and taking it back from a thief."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Authenticator, Mail, OneTimeLink, Person
from accreditation.services.accounts import (
    addresses,
    closing,
    entering,
    links,
    passkeys,
    people,
    second_factors,
    sessions,
)
from accreditation.services.errors import ServiceError
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.services.accounts.devices import SITE, answer_of, equip
from tests.services.accounts.letters import acts, subjects, tokens
from tests.threads import at_once, errors

NEW, THIRD, THIEF = "new@example.jp", "third@example.jp", "thief@example.com"
THIEVES = "the fox knows many narrow ways"
OWNERS = "a kettle sings before the snow"
DEAD = "does not work any more"
SOON = timedelta(hours=1)
END = MADE_UP_NOW + timedelta(hours=72)


@pytest.fixture
def person(context: Flask) -> Person:
    del context
    return factories.person(language="en")


def move(person: Person, email: str) -> str:
    """Move an account; give the token with which its old address takes it back."""
    before = person.email
    addresses.ask(person, email)
    addresses.move(tokens(email)[-1])
    return tokens(before)[-1]


def set_up(person: Person) -> TOTP:
    authenticator = TOTP(second_factors.begin_authenticator(person))
    second_factors.confirm_authenticator(person, authenticator.at(clock.now()))
    return authenticator


def at(moment: datetime, person: Person, rescue: str) -> None:
    with clock.at(moment):
        addresses.take_back(rescue, OWNERS)
    db.session.expire_all()
    assert entering.check_password(person.email, OWNERS) is person


def test_an_account_moves_once_the_new_address_was_proved(person: Person) -> None:
    before = person.email
    addresses.ask(person, " Ｎew@Example.jp")
    assert person.email == before
    [token] = tokens(NEW)
    assert addresses.move(token) is person
    assert person.email == NEW
    assert entering.check_password(NEW, factories.PASSWORD) is person
    assert entering.check_password(before, factories.PASSWORD) is None
    with pytest.raises(ServiceError, match=DEAD):
        addresses.move(token)
    assert acts(person) == ["sign_up", "change_address"]


def test_the_old_address_is_told_and_links_to_it_die(person: Person) -> None:
    before = person.email
    entering.ask_for_new_password(before)
    [to_password] = tokens(before)
    move(person, NEW)
    assert subjects(before)[-1] == "Your account has a new address"
    assert links.of_token(to_password) is None


def test_a_link_to_a_new_address_lasts_a_day_and_serves_nothing_else(person: Person) -> None:
    addresses.ask(person, NEW)
    [token] = tokens(NEW)
    for act in (
        partial(entering.sign_up, token, "誰か", OWNERS),
        partial(entering.set_new_password, token, OWNERS),
        partial(entering.enter_by_link, token),
        partial(addresses.take_back, token, OWNERS),
        partial(closing.keep_by_link, token),
    ):
        with pytest.raises(ServiceError, match=DEAD):
            act()
    with clock.at(MADE_UP_NOW + timedelta(hours=24)), pytest.raises(ServiceError, match=DEAD):
        addresses.move(token)
    addresses.move(token)


def test_the_old_address_takes_it_back_for_three_days(person: Person) -> None:
    before, session = person.email, sessions.begin(person)
    rescue = move(person, NEW)
    with clock.at(END), pytest.raises(ServiceError, match=DEAD):
        addresses.take_back(rescue, OWNERS)
    at(END - timedelta(seconds=1), person, rescue)
    assert person.email == before
    assert sessions.of_token(session) is None
    assert entering.check_password(before, factories.PASSWORD) is None
    with pytest.raises(ServiceError, match=DEAD):
        addresses.take_back(rescue, THIEVES)
    assert acts(person)[-2:] == ["take_address_back", "change_password"]
    assert subjects(before)[-1] == "Your password was changed"


def test_a_weak_password_takes_nothing_back_yet(person: Person) -> None:
    rescue = move(person, NEW)
    db.session.commit()
    with pytest.raises(ServiceError) as refused:
        addresses.take_back(rescue, "short")
    assert refused.value.field == "password"
    db.session.rollback()
    assert person.email == NEW
    addresses.take_back(rescue, OWNERS)


def test_what_a_thief_set_up_goes_and_what_was_there_stays(person: Person) -> None:
    mine, codes = equip(person), second_factors.new_recovery_codes(person)
    with clock.at(MADE_UP_NOW + SOON):
        rescue = move(person, THIEF)
        entering.change_password(person, THIEVES)
        session = sessions.begin(person, second_factor=True)
    with clock.at(MADE_UP_NOW + 2 * SOON):
        theirs = equip(person)
        set_up(person)
        thieves_codes = second_factors.new_recovery_codes(person)
        closing.ask(person)
        addresses.ask(person, THIRD)
        at(MADE_UP_NOW + 3 * SOON, person, rescue)
        assert sessions.of_token(session) is None
        assert db.session.get(Authenticator, person.id) is None
        assert person.closes_at is None
        assert passkeys.check(SITE, answer_of(mine)) is person
        with pytest.raises(ServiceError, match="not accepted"):
            passkeys.check(SITE, answer_of(theirs))
        for code in (*thieves_codes, *codes):
            with pytest.raises(ServiceError, match="not right"):
                second_factors.check(person, code)
        with pytest.raises(ServiceError, match=DEAD):
            addresses.move(tokens(THIRD)[-1])


def test_recovery_codes_and_an_authenticator_from_before_stay(person: Person) -> None:
    authenticator = set_up(person)
    codes = second_factors.new_recovery_codes(person)
    with clock.at(MADE_UP_NOW + SOON):
        rescue = move(person, THIEF)
        at(MADE_UP_NOW + 2 * SOON, person, rescue)
        second_factors.check(person, authenticator.at(clock.now()))
        second_factors.check(person, codes[0])


def test_a_short_password_is_too_weak_where_the_thiefs_factor_was_the_only_one(
    person: Person,
) -> None:
    rescue = move(person, THIEF)
    set_up(person)
    with pytest.raises(ServiceError) as refused:
        addresses.take_back(rescue, "vK7#qpz!Rm")
    assert refused.value.given["shortest"] == 15


def test_whoever_moved_an_account_on_cannot_take_it_back_from_its_owner(person: Person) -> None:
    before = person.email
    owners = move(person, THIEF)
    thiefs = move(person, THIRD)
    addresses.take_back(owners, OWNERS)
    with pytest.raises(ServiceError, match=DEAD):
        addresses.take_back(thiefs, THIEVES)
    db.session.expire_all()
    assert person.email == before


def test_a_thief_who_takes_it_back_first_does_not_keep_it(person: Person) -> None:
    before = person.email
    owners = move(person, THIEF)
    thiefs = move(person, THIRD)
    addresses.take_back(thiefs, THIEVES)
    entering.ask_for_new_password(THIEF)
    entering.set_new_password(tokens(THIEF)[-1], THIEVES)
    addresses.take_back(owners, OWNERS)
    assert person.email == before
    assert entering.check_password(before, OWNERS) is person


def test_a_changed_password_ends_links_to_a_new_address(person: Person) -> None:
    addresses.ask(person, NEW)
    entering.change_password(person, OWNERS)
    with pytest.raises(ServiceError, match=DEAD):
        addresses.move(tokens(NEW)[-1])


def test_a_closed_account_does_not_move(person: Person) -> None:
    addresses.ask(person, NEW)
    closing.close(person)
    with pytest.raises(ServiceError, match=DEAD):
        addresses.move(tokens(NEW)[-1])


def test_whoever_asks_cannot_tell_a_taken_address(person: Person) -> None:
    taken = factories.person()
    for email in (taken.email, NEW):
        addresses.ask(person, email)
    rows = db.session.scalars(select(OneTimeLink).order_by(OneTimeLink.id)).all()
    alike = [(one.purpose, one.person_id, one.language, one.expires_at) for one in rows]
    assert alike[0] == alike[1]
    assert [one.used_at for one in rows] == [None, None]
    [one, other] = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert (one.author_id, one.language) == (other.author_id, other.language)
    assert tokens(taken.email) == [], "its owner gets a word, and no link"
    assert subjects(taken.email) == ["This address has an account already"]
    assert acts(person) == ["sign_up"]


def test_the_owner_of_a_closed_account_is_left_in_peace(person: Person) -> None:
    closed = factories.person(language="en")
    closing.close(closed)
    before = subjects(closed.email)
    addresses.ask(person, closed.email)
    entering.ask_to_sign_up(closed.email, "en")
    assert subjects(closed.email) == before
    assert tokens(closed.email) == []


def test_an_address_that_was_taken_meanwhile_is_refused(person: Person) -> None:
    addresses.ask(person, NEW)
    people.create(NEW, "先着 花子", factories.PASSWORD, "ja")
    with pytest.raises(ServiceError, match="account for this address already"):
        addresses.move(tokens(NEW)[-1])
    rescue = move(person, THIRD)
    people.create(links_owner(rescue), "先着 太郎", factories.PASSWORD, "ja")
    with pytest.raises(ServiceError, match="account for this address already"):
        addresses.take_back(rescue, OWNERS)


def links_owner(token: str) -> str:
    link = links.of_token(token)
    assert link is not None
    return link.email


def test_of_two_who_move_to_one_address_at_the_same_moment_one_does(app: Flask) -> None:
    with app.app_context(), writing():
        for _ in range(2):
            addresses.ask(factories.person(), NEW)
        db.session.commit()
        acts = [partial(addresses.move, token) for token in tokens(NEW)]
    [late] = errors(at_once(app, *acts))
    assert isinstance(late, ServiceError), late
