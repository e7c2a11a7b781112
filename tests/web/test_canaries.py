"""Nothing personal in the logs: what people type and what lets them in is sought in every line."""

import logging
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from accreditation import logs
from accreditation.extensions import db, writing
from accreditation.models import Mail
from accreditation.services.accounts import entering, people, second_factors
from tests import disk, factories
from tests.pages import Pages

EMAIL = "canary.hanako@example.jp"
NAME = "金糸雀 花子"
PASSWORD = "a canary sings before the storm"
WRONG = "a wrong canary sings at midnight"
PHONE = "076-199-8877"
FILE = "金糸雀の証拠.pdf"
NOTE = "金糸雀の事情"
GIVEN = (EMAIL, NAME, PASSWORD, WRONG, PHONE, FILE, NOTE)


class Everything(logging.Handler):
    """Keeps every line, and what libraries gave to it, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logs.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged(app: Flask, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Log everything; give a way to read all of it, also what goes to the standard error."""
    del app
    logs.configure("DEBUG")
    kept = Everything()
    logging.getLogger().addHandler(kept)
    yield lambda: "\n".join(kept.lines) + capsys.readouterr().err
    logging.getLogger().removeHandler(kept)
    logs.configure("INFO")


def mailed_link(app: Flask) -> str:
    with app.app_context():
        body = db.session.scalars(db.select(Mail.body).order_by(Mail.id.desc())).first() or ""
    found = re.search(r"/link/\S+", body)
    assert found
    return found[0]


def test_the_probe_sees_what_is_logged(logged: Callable[[], str]) -> None:
    logging.getLogger("some.library").debug("for %s", EMAIL)
    assert EMAIL in logged()


OURS = {"Sec-Fetch-Site": "same-origin"}


def test_signing_up_and_in_and_failing_to(app: Flask, logged: Callable[[], str]) -> None:
    pages = Pages(app)
    pages.post("/sign-up", {"email": EMAIL})
    link = mailed_link(app)
    pages.post(link, {"name": NAME, "password": PASSWORD})
    with app.app_context(), writing():
        person = people.by_address(EMAIL)
        assert person is not None
        codes = second_factors.new_recovery_codes(person)
        db.session.commit()
    other = Pages(app)
    token = other.token("/sign-in")
    for password in (WRONG, PASSWORD):
        given = {"csrf_token": token, "email": EMAIL, "password": password}
        other.client.post("/sign-in", data=given)
    Pages(app).post("/forgotten-password", {"email": EMAIL})
    again = mailed_link(app)
    app.extensions["jobs"].sweep()  # the mails are sent, in the demonstration to nowhere
    cookie = pages.client.get_cookie("accreditation")
    assert cookie is not None
    secrets = [cookie.value, *(one.rpartition("/")[2] for one in (link, again))]
    found = logged()
    assert [one for one in (*GIVEN, *secrets, *codes) if one in found] == []


def test_an_application_its_failures_and_a_broken_database(
    app: Flask, variant: Callable[..., Flask], logged: Callable[[], str]
) -> None:
    with app.app_context(), writing():
        owner = factories.person(name=NAME)
        site = factories.site(factories.operator(owner, phone=PHONE, representative=NAME))
        case = factories.draft(of=site)
        file = factories.file_of(case, FILE)
        key, email, evidence = case.key, owner.email, file.key
        entering.ask_to_sign_up(EMAIL, "ja")
        disk.lose(file.sha256)
        db.session.commit()
    served = variant(mail_server="127.0.0.1:1", log_level="DEBUG")
    served.extensions["jobs"].sweep()  # no mail server answers
    pages = Pages(served, email)
    assert pages.client.get(f"/evidence/{evidence}").status_code == 500
    withdraw = f"/my/applications/{key}/withdraw"
    token = pages.token(withdraw)
    with served.app_context(), writing():
        db.session.execute(text("DROP TABLE history_details"))
        db.session.commit()
    values = {"csrf_token": token, "note": NOTE}
    assert pages.client.post(withdraw, data=values, headers=OURS).status_code in {500, 503}
    found = logged()
    for event in ("file_unreadable", "Error"):
        assert event in found, "it was logged"
    assert [one for one in (*GIVEN, email) if one in found] == []
