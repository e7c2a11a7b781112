"""Second factors: an authenticator's codes, and what may be taken away."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from pyotp import TOTP

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Authenticator, Office, Person, SignIn
from accreditation.services.accounts import closing, entering, second_factors, sessions
from accreditation.services.accounts.second_factors import DRIFT, NEED_ONE, STEP
from accreditation.services.errors import ServiceError
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.services.accounts.devices import equip
from tests.services.accounts.letters import acts, subjects
from tests.threads import at_once, errors

NEXT = timedelta(seconds=STEP)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SHORT = "vK7#qpz!Rm"
LONG = "a kettle sings before the snow"


@pytest.fixture
def person(context: Flask) -> Person:
    del context
    return factories.person(language="en")


def set_up(person: Person) -> TOTP:
    """Give a person an authenticator; its codes of now and before are used up."""
    authenticator = TOTP(second_factors.begin_authenticator(person))
    second_factors.confirm_authenticator(person, authenticator.at(clock.now()))
    return authenticator


def session_of(person: Person, *, second_factor: bool = False) -> SignIn:
    found = sessions.of_token(sessions.begin(person, second_factor=second_factor))
    assert found is not None
    return found


def refused(person: Person, code: str) -> None:
    with pytest.raises(ServiceError, match="code is not right") as error:
        second_factors.check(person, code)
    assert error.value.field == "code"


def test_nothing_counts_before_the_first_code_is_confirmed(person: Person) -> None:
    session = session_of(person)
    authenticator = TOTP(second_factors.begin_authenticator(person))
    assert second_factors.begin_authenticator(person) == authenticator.secret
    assert not second_factors.has(person)
    assert not sessions.is_half(session)
    refused(person, authenticator.at(clock.now()))
    with pytest.raises(ServiceError, match="code is not right"):
        second_factors.confirm_authenticator(person, authenticator.at(clock.now() - 2 * NEXT))
    assert acts(person) == ["sign_up"]
    second_factors.confirm_authenticator(person, authenticator.at(clock.now()))
    assert second_factors.has(person)
    assert sessions.is_half(session)
    with pytest.raises(ServiceError, match="set up already"):
        second_factors.begin_authenticator(person)
    with pytest.raises(ServiceError, match="code is not right"):
        second_factors.confirm_authenticator(person, authenticator.at(clock.now() + NEXT))


def test_what_the_telephone_is_told(person: Person) -> None:
    secret = second_factors.begin_authenticator(person)
    told = second_factors.address_of(person, secret, "金沢 認定")
    assert told.startswith("otpauth://totp/")
    assert f"secret={secret}" in told
    assert len(secret) * 5 >= 160, "RFC 4226, section 4, requirement R6"


def test_a_code_works_once(person: Person) -> None:
    authenticator = set_up(person)
    refused(person, authenticator.at(clock.now()))
    with clock.at(MADE_UP_NOW + NEXT):
        second_factors.check(person, authenticator.at(clock.now()))
        refused(person, authenticator.at(clock.now()))
        refused(person, authenticator.at(clock.now() - NEXT))


def test_the_telephones_clock_may_be_wrong_by_one_step(person: Person) -> None:
    assert (STEP, DRIFT) == (30, 1)
    authenticator = set_up(person)
    now = MADE_UP_NOW + timedelta(hours=1)
    with clock.at(now):
        for wrong in (-2, 2, -10, 10):
            refused(person, authenticator.at(now + wrong * NEXT))
        for right in (-1, 0, 1):
            second_factors.check(person, authenticator.at(now + right * NEXT))
        for used in (-1, 0, 1):
            refused(person, authenticator.at(now + used * NEXT))


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "é½²", "\x00", "0" * 999])
def test_what_is_no_code(person: Person, code: str) -> None:
    set_up(person)
    with clock.at(MADE_UP_NOW + timedelta(hours=1)):
        refused(person, code)


def test_a_code_of_somebody_else(person: Person) -> None:
    other = set_up(factories.person())
    set_up(person)
    with clock.at(MADE_UP_NOW + NEXT):
        refused(person, other.at(clock.now()))


def test_a_code_is_read_however_it_was_typed(person: Person) -> None:
    authenticator = set_up(person)
    for hours, spaced in enumerate(("{0}{1}", " {0} {1}\t", "{0}-{1}", "{0}\u3000{1}"), 1):
        with clock.at(MADE_UP_NOW + timedelta(hours=hours)):
            code = authenticator.at(clock.now()).translate(WIDE)
            second_factors.check(person, spaced.format(code[:3], code[3:]))


def test_of_one_code_sent_twice_at_the_same_moment_one_is_refused(app: Flask) -> None:
    with app.app_context(), writing():
        made = factories.person()
        code, known = set_up(made).at(clock.now() + NEXT), made.id
        db.session.commit()

    def enter() -> None:
        second_factors.check(db.session.get_one(Person, known), code)

    [late] = errors(at_once(app, enter, enter))
    assert isinstance(late, ServiceError), late


def test_two_who_begin_at_the_same_moment_see_one_secret(app: Flask) -> None:
    with app.app_context(), writing():
        known = factories.person().id
        db.session.commit()

    def begin() -> str:
        return second_factors.begin_authenticator(db.session.get_one(Person, known))

    one, other = at_once(app, begin, begin)
    assert isinstance(one, str), one
    assert one == other


def test_the_last_factor_of_an_office_stays(person: Person) -> None:
    assert {Office.OFFICE, Office.COUNCIL, Office.ADMINISTRATOR} == NEED_ONE
    for office in Office:
        holder = factories.person(office)
        set_up(holder)
        db.session.commit()
        if office in NEED_ONE:
            with pytest.raises(ServiceError, match="office asks for a second factor"):
                second_factors.remove_authenticator(holder)
            db.session.rollback()
            equip(holder)
        second_factors.remove_authenticator(holder)
        assert db.session.get(Authenticator, holder.id) is None
    set_up(person)
    second_factors.remove_authenticator(person)
    second_factors.remove_authenticator(person)
    assert acts(person).count("remove_authenticator") == 1


def test_the_last_factor_stays_beside_a_short_password(person: Person) -> None:
    with pytest.raises(ServiceError) as short:
        entering.change_password(person, SHORT)
    assert (short.value.field, short.value.given["shortest"]) == ("password", 15)
    set_up(person)
    assert second_factors.shortest_password(person) == 8
    with pytest.raises(ServiceError):
        entering.change_password(person, SHORT[:7])
    entering.change_password(person, SHORT)
    db.session.commit()
    with pytest.raises(ServiceError, match="short"):
        second_factors.remove_authenticator(person)
    db.session.rollback()
    entering.change_password(person, LONG)
    second_factors.remove_authenticator(person)
    assert second_factors.shortest_password(person) == 15


def test_an_administrator_takes_the_factors_of_somebody_who_lost_them(person: Person) -> None:
    administrator = factories.person(Office.ADMINISTRATOR)
    lost, office = equip(person), factories.person(Office.OFFICE, language="en")
    del lost
    for someone in (person, office):
        set_up(someone)
        session = session_of(someone, second_factor=True)
        second_factors.reset(someone, administrator)
        db.session.expire_all()
        assert not second_factors.has(someone)
        assert second_factors.recovery_codes_left(someone) == 0
        assert not sessions.is_alive(session)
        assert acts(someone)[-1] == "reset_factors"
        assert subjects(someone.email)[-1] == "All second factors of your account were removed"


def test_a_short_password_does_not_stand_alone_after_a_reset(person: Person) -> None:
    set_up(person)
    entering.change_password(person, SHORT)
    assert entering.check_password(person.email, SHORT) is person
    second_factors.reset(person, factories.person(Office.ADMINISTRATOR))
    assert entering.check_password(person.email, SHORT) is None
    entering.change_password(person, LONG)
    assert entering.check_password(person.email, LONG) is person


def test_every_change_of_a_factor_is_told_and_written_down(person: Person) -> None:
    set_up(person)
    codes = second_factors.new_recovery_codes(person)
    second_factors.check(person, codes[0])
    second_factors.remove_authenticator(person)
    done = [
        ("add_authenticator", "An authenticator was set up for your account"),
        ("make_recovery_codes", "New recovery codes were made for your account"),
        ("make_recovery_codes", "New recovery codes were made for your account"),
        ("use_recovery_code", "A recovery code of your account was used"),
        ("remove_authenticator", "The authenticator of your account was removed"),
    ]
    assert acts(person) == ["sign_up", *[act for act, _ in done]]
    assert subjects(person.email) == [subject for _, subject in done]


def test_a_session_is_half_once_a_factor_is_set_up_elsewhere(person: Person) -> None:
    here, elsewhere = session_of(person), session_of(person)
    assert not sessions.is_half(here)
    set_up(person)
    sessions.prove(elsewhere, second_factor=True)
    assert (sessions.is_half(here), sessions.is_half(elsewhere)) == (True, False)
    second_factors.remove_authenticator(person)
    equip(person)
    assert sessions.is_half(here)


@pytest.mark.parametrize("office", [None, *Office])
def test_who_is_too_weak(context: Flask, office: Office | None) -> None:
    del context
    person = factories.person(*([office] if office else []))
    assert sessions.is_too_weak(session_of(person)) is (office in NEED_ONE)
    assert not sessions.is_too_weak(session_of(person, second_factor=True))


def test_nobody_closed_sets_a_factor_up(person: Person) -> None:
    authenticator = TOTP(second_factors.begin_authenticator(person))
    closing.close(person)
    for act in (
        partial(second_factors.confirm_authenticator, person, authenticator.at(clock.now())),
        partial(second_factors.new_recovery_codes, person),
    ):
        with pytest.raises(ServiceError, match="closed"):
            act()
