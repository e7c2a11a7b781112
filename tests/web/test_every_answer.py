"""The headers of every kind of answer, and what is not there to be asked for (W17)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.services import evidence
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages

pytestmark = pytest.mark.sqlite

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BANNERS = ("Server", "X-Powered-By", "X-AspNet-Version", "Via", "X-Generator")
STRAY = (
    *("/.git/config", "/.git/HEAD", "/.env", "/.htaccess", "/.svn/entries", "/.DS_Store", "/.hg/"),
    *("/console", "/debug", "/_debug_toolbar/", "/?__debugger__=yes&cmd=resource&f=style.css"),
    *(
        "/admin",
        "/phpinfo.php",
        "/wp-login.php",
        "/server-status",
        "/actuator/env",
        "/swagger.json",
    ),
    *("/config.py", "/accreditation.db", "/data/accreditation.db", "/backup.zip", "/dump.sql"),
    *(
        "/pyproject.toml",
        "/requirements.lock",
        "/static/",
        "/static/css/",
        "/static/js/site.js.map",
    ),
    *("/README.md", "/templates/base.html", "/crossdomain.xml", "/clientaccesspolicy.xml"),
)
HTTPS = "https://accreditation.example.jp"


@pytest.fixture(scope="module")
def owner(shared_app: Flask) -> tuple[str, dict[str, str]]:
    """Somebody with evidence of two kinds: their address, and those of the files."""
    with clock.at(MADE_UP_NOW), shared_app.app_context(), writing():
        case = factories.draft()
        person = factories.owner_of(case.site.operator)
        files = {"x.pdf": factories.PDF, "x.csv": "名前,数\n見本,1\n".encode()}
        kept = {
            name: evidence.accept(
                case, person, evidence.store(evidence.Upload(name, content), factories.LARGEST)
            ).key
            for name, content in files.items()
        }
        db.session.commit()
        return person.email, kept


def checked(answer: TestResponse, status: int) -> TestResponse:
    with answer:
        assert answer.status_code == status
        headers = answer.headers
        assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
        policy = headers["Content-Security-Policy"]
        closed = policy == "sandbox" or {"default-src 'none'", "frame-ancestors 'none'"} <= set(
            policy.split("; ")
        )
        assert closed, policy
        assert "unsafe" not in policy
        assert {"camera=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))
        assert headers["X-Request-ID"]
        assert "charset" in headers.get("Content-Type", "charset") or not headers[
            "Content-Type"
        ].startswith("text/")
        assert not [name for name in BANNERS if name in headers]
        assert answer.get_data() is not None
    return answer


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html"),
        ("/healthz", 200, "application/json"),
        ("/verify/R08-0009.json", 404, "application/json"),
        ("/verify/R08-0009.pdf", 404, "text/html"),
        ("/static/css/base.css", 200, "text/css"),
        ("/static/js/site.js", 200, "text/javascript"),
        ("/static/img/favicon.svg", 200, "image/svg+xml"),
        ("/robots.txt", 200, "text/plain"),
        ("/.well-known/security.txt", 200, "text/plain"),
        ("/no/such", 404, "text/html"),
        ("/static/no/such", 404, "text/html"),
        ("/account", 302, "text/html"),
        ("/register/", 308, "text/html"),
        ("/metrics", 404, "text/html"),
        ("/verify?number=x", 422, "text/html"),
    ],
)
def test_to_a_question(shared_app: Flask, path: str, status: int, kind: str) -> None:
    answer = checked(shared_app.test_client().get(path), status)
    assert answer.mimetype == kind


def test_to_a_question_for_a_file_of_others(
    shared_app: Flask, owner: tuple[str, dict[str, str]]
) -> None:
    email, files = owner
    client = Pages(shared_app, email).client
    for name, kind in (("x.pdf", "application/pdf"), ("x.csv", "text/csv")):
        answer = checked(client.get(f"/evidence/{files[name]}"), 200)
        assert answer.mimetype == kind
        assert answer.headers["Content-Security-Policy"] == "sandbox"
        assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_to_a_file_that_did_not_change(shared_app: Flask) -> None:
    client = shared_app.test_client()
    with client.get("/static/css/base.css") as first:
        tag = first.headers["ETag"]
    checked(client.get("/static/css/base.css", headers={"If-None-Match": tag}), 304)


def test_to_a_form(shared_app: Flask) -> None:
    client = shared_app.test_client()
    checked(client.post("/sign-in", data={"email": "x"}), 400)
    checked(client.post("/about"), 405)
    checked(client.post("/sign-in", data={"email": "x" * 5_000_000}), 413)
    checked(client.get("/about", headers={"Host": "evil.example"}), 400)


def test_to_a_fault(shared_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(shared_app.view_functions, "public.about", broken)
    monkeypatch.setattr(shared_app, "testing", False)
    checked(shared_app.test_client().get("/about"), 500)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PROPFIND"])
def test_only_the_methods_that_there_are_do_anything(shared_app: Flask, method: str) -> None:
    client, marked = shared_app.test_client(), {"Authorization": "Bearer canary", "Cookie": "c=1"}
    for path in ("/", "/account", "/static/css/base.css"):
        answer = checked(client.open(path, method=method, headers=marked), 405)
        assert "canary" not in answer.text
        assert not {"TRACE", "TRACK"} & set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", STRAY)
def test_nothing_lies_about(shared_app: Flask, path: str) -> None:
    answer = shared_app.test_client().get(path)
    if path.startswith("/?"):  # the home page, which knows no such question
        assert "EVALEX" not in answer.text
        assert answer.mimetype == "text/html"
    else:
        checked(answer, 404)
    assert not shared_app.debug


def test_with_an_address_of_https_browsers_stay_there(variant: Callable[..., Flask]) -> None:
    """Also for answers of errors and files, and whatever the request says of itself."""
    for address, said in ((HTTPS, "max-age=31536000; includeSubDomains"), ("", None)):
        client = variant(base_url=address).test_client()
        for path in ("/about", "/no/such", "/static/css/base.css", "/healthz"):
            with client.get(path, headers={"X-Forwarded-Proto": "https"}) as answer:
                assert answer.headers.get("Strict-Transport-Security") == said


def told(app: Flask) -> dict[str, str]:
    text = app.test_client().get("/.well-known/security.txt").text
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_finders_of_a_weakness_are_told_whom_to_tell(variant: Callable[..., Flask]) -> None:
    said = told(variant(base_url=HTTPS))
    assert said["Contact"] == f"{HTTPS}/contact"
    assert said["Canonical"] == f"{HTTPS}/.well-known/security.txt"
    left = datetime.fromisoformat(said["Expires"]) - clock.now()
    assert timedelta(days=100) < left < timedelta(days=365)  # RFC 9116, section 2.5.5
    contact = "mailto:security@example.jp"
    assert told(variant(base_url=HTTPS, security_contact=contact))["Contact"] == contact


def test_search_engines_read_what_is_for_everybody(
    app: Flask, live: Flask, variant: Callable[..., Flask]
) -> None:
    del variant
    assert app.test_client().get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    lines = live.test_client().get("/robots.txt").text.splitlines()
    assert lines[-1] == "Disallow: /"
    assert {"Allow: /$", "Allow: /register", "Allow: /about"} <= set(lines)
    assert not [line for line in lines if "my" in line or "account" in line]
