"""Passkeys on the pages: added, used to sign in, as a second factor, and as a fresh proof."""

from datetime import timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.models import Office
from accreditation.web.routes import ROUTES
from tests.authenticator import Device
from tests.conftest import MADE_UP_NOW
from tests.fields import hidden
from tests.pages import Pages
from tests.web.auth.staff import by_password, equipped

OURS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}


def asked(pages: Pages, path: str, page: str) -> str:
    """Ask for the question that a device is to answer, as the button does."""
    headers = {**OURS, "X-CSRFToken": pages.token(page)}
    answer = pages.client.post(path, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.text


def with_passkey(app: Flask, *offices: Office) -> tuple[str, Device]:
    email, _ = equipped(app, *offices)
    pages, device = Pages(app, email), Device("http://localhost")
    made = device.register(asked(pages, "/account/passkeys/ask", "/account/passkeys/new"))
    html = pages.post("/account/passkeys/new", {"name": "電話", "credential": made})
    assert "The passkey is added." in html
    assert "電話" in html
    return email, device


def is_in(pages: Pages, path: str = "/account") -> bool:
    return pages.client.get(path).status_code == 200


def test_a_passkey_signs_in_with_both_factors(app: Flask) -> None:
    _, device = with_passkey(app, Office.OFFICE)
    pages = Pages(app)
    answer = device.sign(asked(pages, "/passkeys/ask", "/sign-in"))
    html = pages.post("/sign-in/passkey", {"credential": answer}, page="/sign-in")
    assert "Cases" in html
    late = Pages(app)
    html = late.post("/sign-in/passkey", {"credential": answer}, page="/sign-in", status=422)
    assert "This passkey was not accepted." in html
    assert not is_in(late)


def test_a_passkey_is_a_second_factor(app: Flask) -> None:
    email, device = with_passkey(app, Office.COUNCIL)
    pages, _ = by_password(app, email)
    answer = device.sign(asked(pages, "/passkeys/ask", "/sign-in/second"))
    pages.post("/sign-in/second", {"credential": answer})
    assert is_in(pages, "/council")


def test_the_passkey_of_somebody_else_is_no_second_factor(app: Flask) -> None:
    _, theirs = with_passkey(app)
    email, _ = equipped(app, Office.COUNCIL)
    pages, _ = by_password(app, email)
    answer = theirs.sign(asked(Pages(app), "/passkeys/ask", "/sign-in"))
    pages.post("/sign-in/second", {"credential": answer, "code": "x"}, status=422)
    assert not is_in(pages)


def test_a_passkey_is_a_fresh_proof(app: Flask) -> None:
    email, device = with_passkey(app)
    pages = Pages(app, email)
    token = pages.token("/account/recovery-codes")
    with clock.at(MADE_UP_NOW + timedelta(hours=1)):
        asks = pages.client.post(
            "/account/recovery-codes", data={"csrf_token": token}, headers=OURS
        )
        assert "Please confirm that it is you" in asks.text
        answer = device.sign(asked(pages, "/passkeys/ask", "/account"))
        carried = {**dict(hidden(asks.text)), "credential": answer}
        assert "Now you can send it" in pages.post("/confirm", carried, page="/account")
        assert "Your recovery codes" in pages.post("/account/recovery-codes")


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "x" * 1000, '{"id": "髙橋"}'])
def test_what_is_no_answer_signs_nobody_in(app: Flask, answer: str) -> None:
    pages = Pages(app)
    html = pages.post("/sign-in/passkey", {"credential": answer}, page="/sign-in", status=422)
    assert "This passkey was not accepted." in html


def test_a_passkey_without_a_name_is_refused(app: Flask) -> None:
    email, _ = equipped(app)
    html = Pages(app, email).post("/account/passkeys/new", {"name": " "}, status=422)
    assert "Please give the passkey a name." in html


def test_questions_are_limited(app: Flask) -> None:
    pages = Pages(app)
    token = pages.token("/sign-in")
    statuses = {
        pages.client.post("/passkeys/ask", headers={**OURS, "X-CSRFToken": token}).status_code
        for _ in range(61)
    }
    assert statuses == {200, 429}


def test_by_an_address_of_numbers_there_are_no_passkeys(app: Flask) -> None:
    client = app.test_client()
    html = client.get("/sign-in", base_url="http://127.0.0.1:8765").text
    assert "data-passkey" not in html
    assert "data-passkey" in client.get("/sign-in", base_url="http://localhost:8765").text
    assert ROUTES["auth.ask_passkey"].read is None
