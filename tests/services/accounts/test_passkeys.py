"""Passkeys: made, signing in, given up."""

import json
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Office, Passkey, Person
from accreditation.services.accounts import closing, entering, passkeys, second_factors
from accreditation.services.errors import NotFoundError, ServiceError
from tests import factories
from tests.authenticator import Device
from tests.services.accounts.devices import SITE, answer_of, equip, register
from tests.services.accounts.letters import acts, subjects
from tests.threads import at_once, errors

SHORT = "vK7#qpz!Rm"


@pytest.fixture
def person(context: Flask) -> Person:
    del context
    return factories.person(language="en")


def test_a_passkey_opens_the_account_of_its_owner(person: Person) -> None:
    device = equip(person)
    assert second_factors.has(person)
    with clock.at(clock.now() + timedelta(days=1)):
        assert passkeys.check(SITE, answer_of(device)) is person
        assert passkeys.check(SITE, answer_of(device, person), person) is person
        [kept] = passkeys.of_person(person)
        assert (kept.name, kept.used_at, kept.sign_count) == ("わたしの電話", clock.now(), 2)


def test_a_device_is_asked_to_know_its_owner_and_the_site(person: Person) -> None:
    device = equip(person)
    made = json.loads(passkeys.ask_to_register(person, SITE))
    wanted = made["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    assert (made["rp"]["id"], made["user"]["name"]) == (SITE.host, person.email)
    name = json.loads(device.register(passkeys.ask_to_register(person, SITE)))["id"]
    assert [one["id"] for one in made["excludeCredentials"]] == [name]
    for someone, named in ((person, [name]), (None, [])):
        asked = json.loads(passkeys.ask(SITE, someone))
        assert (asked["rpId"], asked["userVerification"]) == (SITE.host, "required")
        assert [one["id"] for one in asked.get("allowCredentials", [])] == named


def test_a_device_that_does_not_count_works_again_and_again(person: Person) -> None:
    device = Device(SITE.origin, counts=False)
    register(person, device)
    assert [passkeys.check(SITE, answer_of(device)) for _ in range(3)] == [person] * 3


def test_a_device_may_count_as_far_as_four_bytes_go(person: Person) -> None:
    device = Device(SITE.origin, count=2**32 - 2)
    register(person, device)
    assert passkeys.check(SITE, answer_of(device)) is person


def test_ten_passkeys_are_enough(person: Person) -> None:
    for _ in range(passkeys.MOST):
        equip(person)
    with pytest.raises(ServiceError, match="Ten passkeys are enough") as refused:
        equip(person)
    assert refused.value.field == "credential"
    assert len(passkeys.of_person(person)) == 10


@pytest.mark.parametrize("name", ["", " \u3000", "\x00", "長" * 101])
def test_a_passkey_has_a_name_that_fits(person: Person, name: str) -> None:
    answer = Device(SITE.origin).register(passkeys.ask_to_register(person, SITE))
    with pytest.raises(ServiceError) as refused:
        passkeys.register(person, SITE, answer, name)
    assert refused.value.field == "name"
    assert passkeys.register(person, SITE, answer, "長" * 100).name == "長" * 100


def test_the_passkey_of_a_closed_account_opens_nothing(person: Person) -> None:
    device = equip(person)
    closing.close(person)
    for someone in (None, person):
        with pytest.raises(ServiceError, match="was not accepted"):
            passkeys.check(SITE, answer_of(device, someone), someone)
    assert passkeys.of_person(person)[0].used_at is None


def test_only_its_owner_gives_a_passkey_up(person: Person) -> None:
    device, other = equip(person), factories.person()
    [kept] = passkeys.of_person(person)
    with pytest.raises(NotFoundError):
        passkeys.remove(other, kept.id)
    passkeys.remove(person, kept.id)
    with pytest.raises(NotFoundError):
        passkeys.remove(person, kept.id)
    with pytest.raises(ServiceError, match="was not accepted"):
        passkeys.check(SITE, answer_of(device))
    assert acts(person) == ["sign_up", "add_passkey", "remove_passkey"]
    told = ["A passkey was added to your account", "A passkey of your account was removed"]
    assert subjects(person.email) == told


@pytest.mark.parametrize("office", sorted(second_factors.NEED_ONE))
def test_the_last_factor_stays_while_an_office_needs_it(context: Flask, office: Office) -> None:
    del context
    person = factories.person(office)
    equip(person)
    db.session.commit()
    [only] = passkeys.of_person(person)
    with pytest.raises(ServiceError, match="office asks for a second factor"):
        passkeys.remove(person, only.id)
    db.session.rollback()
    equip(person)
    passkeys.remove(person, passkeys.of_person(person)[0].id)
    assert len(passkeys.of_person(person)) == 1


def test_the_last_factor_stays_beside_a_short_password(person: Person) -> None:
    equip(person)
    entering.change_password(person, SHORT)
    db.session.commit()
    [only] = passkeys.of_person(person)
    with pytest.raises(ServiceError, match="short"):
        passkeys.remove(person, only.id)
    db.session.rollback()
    entering.change_password(person, "a kettle sings before the snow")
    passkeys.remove(person, only.id)
    assert not second_factors.has(person)


def test_one_answer_sent_twice_at_the_same_moment_opens_once(app: Flask) -> None:
    with app.app_context(), writing():
        person = factories.person()
        device = Device(SITE.origin, counts=False)
        register(person, device)
        answer = answer_of(device)
        db.session.commit()
    done = at_once(app, *[partial(passkeys.check, SITE, answer)] * 2)
    [refused] = errors(done)
    assert isinstance(refused, ServiceError), refused


def test_one_device_answers_two_people_at_the_same_moment_and_serves_one(app: Flask) -> None:
    device = Device(SITE.origin)
    with app.app_context(), writing():
        ids = [factories.person().id for _ in range(2)]
        people = [db.session.get_one(Person, one) for one in ids]
        answers = [device.register(passkeys.ask_to_register(one, SITE)) for one in people]
        db.session.commit()

    def keep(person_id: int, answer: str) -> int:
        someone = db.session.get_one(Person, person_id)
        return passkeys.register(someone, SITE, answer, "わたしの電話").id

    acts = [partial(keep, *both) for both in zip(ids, answers, strict=True)]
    [refused] = errors(at_once(app, *acts))
    assert isinstance(refused, ServiceError), refused
    with app.app_context():
        assert len(db.session.scalars(db.select(Passkey)).all()) == 1
