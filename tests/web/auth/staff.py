"""People with a second factor, and the codes that they enter."""

import re
from datetime import timedelta

from flask import Flask
from pyotp import TOTP

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Mail, Office
from accreditation.services.accounts import people, second_factors
from tests import factories
from tests.pages import Pages


def equipped(app: Flask, *offices: Office) -> tuple[str, TOTP]:
    """Make an account with an authenticator; give its address and what makes its codes.

    The codes of the present half minute and those before it are used up.
    """
    with app.app_context(), writing():
        person = factories.person(*offices, language="en")
        authenticator = TOTP(second_factors.begin_authenticator(person))
        second_factors.confirm_authenticator(person, authenticator.at(clock.now()))
        db.session.commit()
        return person.email, authenticator


def next_code(authenticator: TOTP) -> str:
    """Give a code that was not used yet: that of the next half minute."""
    return authenticator.at(clock.now() + timedelta(seconds=second_factors.STEP))


def recovery_code(app: Flask, email: str) -> str:
    """Give one of the recovery codes of an account, made anew."""
    with app.app_context(), writing():
        person = people.by_address(email)
        assert person is not None
        codes = second_factors.new_recovery_codes(person)
        db.session.commit()
        return codes[0]


def by_password(app: Flask, email: str, *, path: str = "/sign-in") -> tuple[Pages, str]:
    """Enter address and password; give the browser and the page that it shows then."""
    pages = Pages(app)
    return pages, pages.post(path, {"email": email, "password": factories.PASSWORD})


def last_mail(app: Flask, email: str) -> str:
    """Give the text of the newest mail to an address."""
    with app.app_context():
        chosen = db.select(Mail.body).filter_by(recipient=email).order_by(Mail.id.desc())
        return str(db.session.scalars(chosen.limit(1)).one())


def link_in(text: str) -> str:
    """Give the path of the only link in a mail that does something."""
    found = re.findall(r"http://127\.0\.0\.1:8765(/(?:link|invitation)/\S+)", text)
    assert len(found) == 1
    return str(found[0])
