"""The vault: secrets lie encrypted, and are read again after the key was changed."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography.fernet import InvalidToken
from flask import Flask
from pyotp import TOTP
from sqlalchemy import LargeBinary, String, cast, select

from accreditation import clock
from accreditation.config import load_settings
from accreditation.extensions import db
from accreditation.models import Authenticator
from accreditation.services import vault
from accreditation.services.accounts import second_factors
from accreditation.services.errors import ServiceError
from tests import factories
from tests.console import run

OLD, NEW, FOREIGN = (letter * 40 for letter in "onf")


@contextmanager
def keys(app: Flask, secret_key: str, former: str = "") -> Iterator[None]:
    """Run the system for a while under other keys than its own."""
    before = app.extensions["settings"]
    app.extensions["settings"] = load_settings(
        data_dir=before.data_dir, demo=True, secret_key=secret_key, former_secret_keys=former
    )
    yield
    app.extensions["settings"] = before


def test_what_is_locked_up_is_read_again_under_its_key_only(context: Flask) -> None:
    with keys(context, OLD):
        locked = vault.lock_up("秘密")
        assert "秘密" not in locked
        assert vault.lock_up("秘密") != locked
        assert vault.take_out(locked) == "秘密"
    for key, former in ((NEW, OLD), (NEW, f"{FOREIGN} {OLD}")):
        with keys(context, key, former):
            assert vault.take_out(locked) == "秘密"
    for key, former in ((NEW, ""), (FOREIGN, NEW)):
        with keys(context, key, former), pytest.raises(InvalidToken):
            vault.take_out(locked)


def test_what_is_locked_up_after_the_change_needs_the_new_key(context: Flask) -> None:
    with keys(context, NEW, OLD):
        locked = vault.lock_up("秘密")
    with keys(context, OLD), pytest.raises(InvalidToken):
        vault.take_out(locked)


@pytest.mark.parametrize("place", [0, 20, -1])
def test_what_was_changed_is_not_read(context: Flask, place: int) -> None:
    with keys(context, OLD):
        held = bytearray(base64.urlsafe_b64decode(vault.lock_up("秘密")))
        held[place] ^= 1
        with pytest.raises(InvalidToken):
            vault.take_out(base64.urlsafe_b64encode(held).decode())


def everything() -> str:
    """Write down every row of every table."""
    tables = [
        select(*(cast(c, String) for c in table.columns if not isinstance(c.type, LargeBinary)))
        for table in db.metadata.sorted_tables
    ]
    return "\n".join(str(tuple(row)) for table in tables for row in db.session.execute(table))


def test_the_secret_of_an_authenticator_is_found_in_no_column(context: Flask) -> None:
    with keys(context, OLD):
        person = factories.person()
        secret = second_factors.begin_authenticator(person)
        assert secret not in everything()
        second_factors.confirm_authenticator(person, TOTP(secret).at(clock.now()))
        assert secret not in everything()
        assert person.email in everything(), "the search finds what is there"


def test_codes_are_taken_after_the_key_was_changed(context: Flask) -> None:
    with keys(context, OLD):
        person = factories.person()
        authenticator = TOTP(second_factors.begin_authenticator(person))
        codes = second_factors.confirm_authenticator(person, authenticator.at(clock.now()))
    later = clock.now().replace(minute=30)
    with clock.at(later), keys(context, NEW, OLD):
        second_factors.check(person, authenticator.at(later))
        second_factors.check(person, codes[0])


def test_recovery_codes_work_where_the_key_was_lost(context: Flask) -> None:
    with keys(context, OLD):
        person = factories.person()
        authenticator = TOTP(second_factors.begin_authenticator(person))
        codes = second_factors.confirm_authenticator(person, authenticator.at(clock.now()))
    later = clock.now().replace(minute=30)
    with clock.at(later), keys(context, FOREIGN):
        with pytest.raises(ServiceError, match="not right"):
            second_factors.check(person, authenticator.at(later))
        second_factors.check(person, codes[0])


def test_renewing_lets_the_former_key_go(context: Flask) -> None:
    with keys(context, OLD):
        people = [factories.person(), factories.person()]
        shown = [second_factors.begin_authenticator(one) for one in people]
    with keys(context, NEW, OLD):
        assert vault.renew() == 2
    with keys(context, NEW):
        assert [second_factors.begin_authenticator(one) for one in people] == shown


def test_a_key_that_is_missing_changes_nothing_and_is_said(context: Flask) -> None:
    with keys(context, OLD):
        held = second_factors.begin_authenticator(factories.person())
        person = factories.person()
    with keys(context, FOREIGN):
        second_factors.begin_authenticator(person)
    db.session.commit()
    with keys(context, NEW, OLD):
        done = run(context, "keys", "renew")
        assert done.exit_code == 1
        assert "opens with none of the keys" in done.stderr
    db.session.expire_all()
    with keys(context, OLD):
        kept = db.session.scalars(select(Authenticator.secret)).all()
        assert held in [_read(one) for one in kept]


def _read(locked: str) -> str:
    try:
        return vault.take_out(locked)
    except InvalidToken:
        return ""
