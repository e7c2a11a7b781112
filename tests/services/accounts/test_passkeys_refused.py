"""Answers of passkeys that are wrong in one thing, or in everything: refused, nothing else."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import cbor2
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Person
from accreditation.services.accounts import passkeys
from accreditation.services.errors import ServiceError
from tests import factories
from tests.authenticator import Device, changed, part
from tests.conftest import MADE_UP_NOW
from tests.services.accounts.devices import SITE, answer_of, equip, register

Act = Callable[[], object]
LATER = timedelta(seconds=1)
PAGE = "response.clientDataJSON"


@pytest.fixture
def person(context: Flask) -> Person:
    del context
    made = factories.person()
    db.session.commit()
    return made


def refused(act: Act) -> None:
    with pytest.raises(ServiceError, match="was not accepted") as error:
        act()
    assert error.value.field == "credential"


def keep(person: Person, answer: str) -> Act:
    return partial(passkeys.register, person, SITE, answer, "わたしの電話")


def enter(answer: str, person: Person | None = None) -> Act:
    return partial(passkeys.check, SITE, answer, person)


@pytest.mark.parametrize(
    "device",
    [
        Device("https://nintei.example.com"),
        Device("http://nintei.example.jp"),
        Device("https://nintei.example.jp:8443"),
        Device("https://www.nintei.example.jp"),
        Device(SITE.origin, host="example.jp"),
        Device(SITE.origin, verifies=False),
        Device(SITE.origin, purpose="webauthn.other"),
    ],
    ids=["site", "not encrypted", "port", "below it", "above it", "not verified", "purpose"],
)
def test_a_device_elsewhere_or_without_its_owner(person: Person, device: Device) -> None:
    refused(keep(person, device.register(passkeys.ask_to_register(person, SITE))))
    mine = Device(SITE.origin, credential_id=device.credential_id, key=device.key)
    register(person, mine)
    refused(enter(answer_of(device)))
    assert passkeys.check(SITE, answer_of(mine)) is person


def test_a_challenge_is_answered_once(person: Person) -> None:
    answer = Device(SITE.origin).register(passkeys.ask_to_register(person, SITE))
    made = keep(person, answer)()
    assert made in passkeys.of_person(person)
    db.session.delete(made)
    refused(keep(person, answer))
    device = Device(SITE.origin, counts=False)
    register(person, device)
    answer = answer_of(device)
    assert passkeys.check(SITE, answer) is person
    refused(enter(answer))


def test_a_challenge_is_answered_by_whom_it_was_put_to(person: Person) -> None:
    other, device = factories.person(), Device(SITE.origin)
    refused(keep(person, device.register(passkeys.ask_to_register(other, SITE))))
    device = equip(person)
    refused(enter(answer_of(device, other), person))
    refused(enter(answer_of(device, person)))
    refused(enter(answer_of(device), person))


def test_a_challenge_of_ones_own_making(person: Person) -> None:
    asked = json.loads(passkeys.ask_to_register(person, SITE))
    own = json.dumps({**asked, "challenge": "AAAA"})
    refused(keep(person, Device(SITE.origin).register(own)))
    device = equip(person)
    own = json.dumps({**json.loads(passkeys.ask(SITE)), "challenge": "AAAA"})
    refused(enter(device.sign(own)))


def test_making_a_passkey_is_not_signing_in_with_one(person: Person) -> None:
    device = Device(SITE.origin, purpose="webauthn.get")
    refused(keep(person, device.register(passkeys.ask_to_register(person, SITE))))
    device.purpose = "webauthn.create"
    register(person, device)
    refused(enter(answer_of(device)))


def test_a_challenge_lasts_five_minutes(person: Person) -> None:
    assert timedelta(minutes=5) == passkeys.LASTS
    early, late = (passkeys.ask_to_register(person, SITE) for _ in range(2))
    device = Device(SITE.origin)
    with clock.at(MADE_UP_NOW + passkeys.LASTS):
        keep(person, device.register(early))()
        asked = passkeys.ask(SITE)
    with clock.at(MADE_UP_NOW + passkeys.LASTS + LATER):
        refused(keep(person, Device(SITE.origin).register(late)))
    with clock.at(MADE_UP_NOW + 2 * passkeys.LASTS + LATER):
        refused(enter(device.sign(asked)))


def test_a_device_that_is_unknown_or_of_somebody_else(person: Person) -> None:
    other = factories.person()
    device = equip(other)
    refused(enter(answer_of(Device(SITE.origin))))
    refused(enter(answer_of(device, person), person))
    stolen = Device(SITE.origin, credential_id=device.credential_id)
    refused(enter(answer_of(stolen)))


def test_a_device_serves_one_account_once(person: Person) -> None:
    device = equip(person)
    for someone in (person, factories.person()):
        again = passkeys.ask_to_register(someone, SITE)
        refused(keep(someone, device.register(again)))


@pytest.mark.parametrize("count", [0, 6, 7])
def test_a_count_that_does_not_grow_is_a_copy(person: Person, count: int) -> None:
    device = equip(person)
    device.count = 6
    assert passkeys.check(SITE, answer_of(device)) is person
    device.count, device.counts = count, False
    refused(enter(answer_of(device)))


@pytest.mark.parametrize("named", ["response.signature", "response.authenticatorData", PAGE])
def test_one_flipped_bit_anywhere(person: Person, named: str) -> None:
    device = equip(person)
    for place in range(len(part(answer_of(device), named))):
        answer = answer_of(device)
        told = bytearray(part(answer, named))
        told[place % len(told)] ^= 1
        refused(enter(changed(answer, named, bytes(told))))


LEAF: SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.binary(max_size=70)
)
NAMES = ["alg", "sig", "x5c", "ver", "response", "certInfo", "pubArea"]
FORMS = ["packed", "tpm", "apple", "android-key", "android-safetynet", "fido-u2f", "x"]
VOUCHED = st.dictionaries(st.sampled_from(NAMES), LEAF | st.lists(LEAF, max_size=3)) | LEAF
KEY = st.dictionaries(st.integers(-3, 3), LEAF) | LEAF | st.lists(LEAF, max_size=4)
JSON: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
OUTER = ["id", "rawId", "type", "response", PAGE]
FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def tried(act: Act) -> None:
    """Refuse as a page does: with nothing of it stored."""
    refused(act)
    db.session.rollback()


@FUZZ
@given(said=st.text() | JSON.map(json.dumps))
def test_anything_but_an_answer(person: Person, said: str) -> None:
    tried(keep(person, said))
    tried(enter(said))


@pytest.mark.parametrize("said", ["[" * 200_000, '{"response":' * 100_000, '{"id":' + "9" * 5_000])
def test_what_no_parser_likes(person: Person, said: str) -> None:
    tried(keep(person, said))
    tried(enter(said))
    device = equip(person)
    tried(enter(changed(answer_of(device), PAGE, said.encode())))


@FUZZ
@given(named=st.sampled_from([*OUTER, "response.attestationObject"]), value=JSON | st.binary())
def test_a_new_passkey_with_one_part_exchanged(person: Person, named: str, value: Any) -> None:
    answer = Device(SITE.origin).register(passkeys.ask_to_register(person, SITE))
    tried(keep(person, changed(answer, named, value)))


@FUZZ
@given(
    named=st.sampled_from([*OUTER, "response.authenticatorData", "response.signature"]),
    value=JSON | st.binary(),
)
def test_an_answer_with_one_part_exchanged(person: Person, named: str, value: Any) -> None:
    device = equip(person)
    tried(enter(changed(answer_of(device), named, value)))


@FUZZ
@given(form=st.sampled_from(FORMS), vouched=VOUCHED)
def test_makers_who_vouch_for_nonsense(person: Person, form: str, vouched: Any) -> None:
    answer = Device(SITE.origin).register(passkeys.ask_to_register(person, SITE))
    told = cbor2.loads(part(answer, "response.attestationObject"))
    attestation = cbor2.dumps({**told, "fmt": form, "attStmt": vouched})
    tried(keep(person, changed(answer, "response.attestationObject", attestation)))


@FUZZ
@given(key=KEY)
def test_keys_that_are_none(person: Person, key: Any) -> None:
    device = Device(SITE.origin)
    answer = device.register(passkeys.ask_to_register(person, SITE))
    told = cbor2.loads(part(answer, "response.attestationObject"))
    known = told["authData"].removesuffix(device.public_key()) + cbor2.dumps(key)
    attestation = cbor2.dumps({**told, "authData": known})
    tried(keep(person, changed(answer, "response.attestationObject", attestation)))
