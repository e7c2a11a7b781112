"""What is personal no cache keeps, however its address looks; what is public, rightly (W15)."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.services import evidence
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages

pytestmark = pytest.mark.sqlite

NAME = "金糸雀 花子"
PUBLIC = (
    *("/", "/register", "/register/R08-0001", "/verify", "/verify/R08-0001", "/about"),
    *("/verify/R08-0001.json", "/glossary", "/accessibility", "/privacy", "/contact"),
)
# What a careless cache takes for the address of a file; some servers cut it off again.
DISGUISES = (
    *("/x.css", "/.css", ".css", ";x.css", "%2fx.css", "%3bx.css", "%3fx.css", "%23x.css", "~x.js"),
    *("%00.css", "%0a.css", "%20.css", "/..%2fstatic%2fcss%2fbase.css", "%2f%2e%2e%2fx.png"),
    *("/%2e%2e/static/css/base.css", "?x.css", "?v=1&/static/x.css", "/x.jpg?lang=en", ".js;.css"),
)
TURNED = (
    *("/static/..%2faccount", "/static/%2e%2e/account", "/static/../account", "/static//account"),
    *("/static/account.css", "/static/css/x.css?lang=en", "/static/..;/account", "/assets/x.css"),
)


@dataclass
class Visit:
    """Somebody with a name, and the addresses of what is theirs."""

    pages: Pages
    paths: list[str]


@pytest.fixture(scope="module")
def visit(shared_app: Flask) -> Visit:
    with clock.at(MADE_UP_NOW), shared_app.app_context(), writing():
        made = factories.accreditation()
        person = factories.owner_of(made.site.operator)
        person.name = NAME
        case = factories.draft(of=made.site)
        stored = evidence.store(evidence.Upload("x.pdf", factories.PDF), factories.LARGEST)
        file = evidence.accept(case, person, stored)
        db.session.commit()
        own = [f"/my/applications/{case.key}", f"/evidence/{file.key}"]
        email = person.email
    return Visit(Pages(shared_app, email), ["/account", "/account/security", "/my", *own])


@pytest.fixture
def stranger(shared_app: Flask) -> FlaskClient:
    return shared_app.test_client()


def kept(answer: TestResponse) -> bool:
    return "no-store" not in answer.headers.get("Cache-Control", "")


def test_the_probe_sees_the_person(visit: Visit) -> None:
    assert NAME in visit.pages.get("/account")
    assert all(visit.pages.client.get(path).status_code == 200 for path in visit.paths)


def disguised(paths: list[str]) -> Iterator[str]:
    yield from (path + disguise for path in paths for disguise in DISGUISES)
    yield from TURNED


def test_nothing_personal_is_kept_whatever_its_address_looks_like(visit: Visit) -> None:
    for path in (*visit.paths, *PUBLIC, *disguised(visit.paths)):
        with closing(visit.pages.client.get(path)) as answer:
            assert not kept(answer), path


def test_no_file_is_given_with_a_session_in_it(visit: Visit) -> None:
    for path in ("/static/css/base.css", "/robots.txt", "/healthz"):
        with closing(visit.pages.client.get(path)) as answer:
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
            assert NAME not in answer.text


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_asked_for_anew_and_for_each_language(
    stranger: FlaskClient, path: str
) -> None:
    texts = set()
    for language in ("ja", "en"):
        answer = stranger.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-cache"
        assert {"Cookie", "Accept-Language"} <= set(re.split(r", *", answer.headers["Vary"]))
        texts.add(re.sub(r'nonce="[^"]*"|[0-9:+T.-]{20,}', "", answer.text))
    assert len(texts) == (1 if path.endswith(".json") else 2)


def test_who_was_only_asked_for_a_form_is_a_visitor_of_their_own_too(
    stranger: FlaskClient,
) -> None:
    """The page for signing in begins a session; what follows belongs to it."""
    assert "Set-Cookie" in stranger.get("/sign-in").headers
    assert not kept(stranger.get("/about"))


@pytest.mark.parametrize("path", ["/no/such", "/register/x.css", "/static/x.css", "/verify/x.css"])
def test_an_error_is_never_kept(stranger: FlaskClient, path: str) -> None:
    with closing(stranger.get(path)) as answer:
        assert answer.status_code == 404
        assert not kept(answer)


def test_what_is_kept_does_not_depend_on_what_a_cache_does_not_see(stranger: FlaskClient) -> None:
    """Headers that are in no Vary change nothing of a public page."""
    forged = {"X-Forwarded-Host": "evil.example", "X-Original-URL": "/account", "User-Agent": "x"}
    forged |= {"X-HTTP-Method-Override": "POST", "Range": "bytes=0-3", "Sec-Fetch-Site": "none"}
    for path in PUBLIC[:6]:
        usual = stranger.get(path)
        for name, value in forged.items():
            answer = stranger.get(path, headers={name: value})
            assert answer.status_code == usual.status_code
            assert len(answer.text) == len(usual.text), (path, name)
