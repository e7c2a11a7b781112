import re
from collections.abc import Callable

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from tests import factories
from tests.pages import Pages

pytestmark = pytest.mark.sqlite

SIGNATURE = 43  # characters of base 64 without padding: HMAC-SHA-256, not SHA-1
PUBLIC = [
    "/",
    "/register",
    "/verify",
    "/about",
    "/glossary",
    "/accessibility",
    "/privacy",
    "/contact",
]


@pytest.fixture
def email(app: Flask) -> str:
    with app.app_context(), writing():
        person = factories.person()
        db.session.commit()
        return person.email


@pytest.mark.parametrize(
    "path", [*PUBLIC, "/verify/R08-9999", "/no/such/page", "/healthz", "/readyz"]
)
def test_a_page_for_everybody_sets_no_cookie(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("path", [*PUBLIC, "/sign-in", "/no/such/page", "/healthz", "/account"])
def test_nothing_runs_that_is_not_ours(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_every_script_carries_the_nonce_of_its_answer(app: Flask) -> None:
    client = app.test_client()
    nonces = set()
    for _number in range(2):
        answer = client.get("/sign-in")
        written = set(re.findall(r'<script[^>]* nonce="([^"]+)"', answer.text))
        allowed = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert written == set(allowed)
        nonces |= written
    assert len(nonces) == 2


def test_public_pages_are_asked_for_anew_and_personal_ones_never_kept(
    app: Flask, email: str
) -> None:
    stranger, client = app.test_client(), Pages(app, email).client
    assert stranger.get("/about").headers["Cache-Control"] == "no-cache"
    assert client.get("/about").headers["Cache-Control"] == "no-store"
    for path in ("/sign-in", "/link/x", "/no/such/page", "/mailbox"):
        assert stranger.get(path).headers["Cache-Control"] == "no-store"
    assert {"Cookie", "Accept-Language"} <= set(stranger.get("/about").headers["Vary"].split(", "))


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    app: Flask, email: str
) -> None:
    cookie = Pages(app, email).client.get_cookie("accreditation")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert len(cookie.value.rpartition(".")[2]) == SIGNATURE
    assert cookie.max_age is not None or cookie.expires is not None


def test_behind_https_the_cookie_and_the_browser_stay_there(variant: Callable[..., Flask]) -> None:
    app = variant(base_url="https://accreditation.example.jp")
    answer = app.test_client().get("/sign-in", base_url="https://accreditation.example.jp")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Set-Cookie"].startswith("__Host-accreditation=")
    assert "Domain" not in answer.headers["Set-Cookie"]
    assert "Path=/" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_static_files_carry_no_session(app: Flask, email: str) -> None:
    client = Pages(app, email).client
    answer = client.get("/static/css/base.css")
    assert answer.status_code == 200
    assert answer.headers.getlist("Set-Cookie") == []
    answer.close()


def test_every_answer_has_a_number_of_its_own(app: Flask) -> None:
    client = app.test_client()
    numbers = {client.get("/about").headers["X-Request-ID"] for _ in range(5)}
    assert len(numbers) == 5
