"""Recovery codes: ten that stand in for a lost telephone, each of them once."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Mail, Person, RecoveryCode
from accreditation.services.accounts import second_factors
from accreditation.services.errors import ServiceError
from tests import factories
from tests.threads import at_once, errors


@pytest.fixture
def person(context: Flask) -> Person:
    del context
    return factories.person()


def refused(person: Person, code: str) -> None:
    with pytest.raises(ServiceError, match="code is not right"):
        second_factors.check(person, code)


def test_there_are_ten_that_each_work_once(person: Person) -> None:
    codes = second_factors.new_recovery_codes(person)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([2-9a-z]{4}-){5}[2-9a-z]{4}", code) for code in codes)
    for left, code in zip(range(9, -1, -1), codes, strict=True):
        second_factors.check(person, code)
        refused(person, code)
        assert second_factors.recovery_codes_left(person) == left


def test_only_their_hashes_are_kept(person: Person) -> None:
    codes = second_factors.new_recovery_codes(person)
    kept = list(db.session.scalars(select(RecoveryCode.code_hash)))
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in kept)
    mailed = " ".join(db.session.scalars(select(Mail.body)))
    assert not any(code in mailed or code in kept for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.upper(),
        lambda code: code.replace("-", ""),
        lambda code: f" {code.replace('-', ' ')}\n",
        lambda code: code.replace("-", "ー"),
        lambda code: "".join(chr(ord(one) + 0xFEE0) for one in code),
    ],
    ids=["capitals", "no hyphens", "spaces", "long vowel marks", "full width"],
)
def test_they_are_read_however_they_were_typed(person: Person, typed: object) -> None:
    assert callable(typed)
    second_factors.check(person, typed(second_factors.new_recovery_codes(person)[0]))


def test_new_ones_end_those_before(person: Person) -> None:
    before = second_factors.new_recovery_codes(person)
    after = second_factors.new_recovery_codes(person)
    assert second_factors.recovery_codes_left(person) == 10
    for code in before:
        refused(person, code)
    second_factors.check(person, after[0])


def test_those_of_somebody_else_open_nothing(person: Person) -> None:
    code = second_factors.new_recovery_codes(factories.person())[0]
    refused(person, code)
    assert second_factors.recovery_codes_left(person) == 0


def test_of_one_sent_twice_at_the_same_moment_one_is_refused(app: Flask) -> None:
    with app.app_context(), writing():
        made = factories.person()
        code, known = second_factors.new_recovery_codes(made)[0], made.id
        db.session.commit()

    def enter() -> None:
        second_factors.check(db.session.get_one(Person, known), code)

    [late] = errors(at_once(app, enter, enter))
    assert isinstance(late, ServiceError), late
    with app.app_context():
        used = select(RecoveryCode.used_at).where(RecoveryCode.used_at.is_not(None))
        assert db.session.scalars(used).all() == [clock.now()]
