"""Nothing that a request says of the site's own name comes back or goes out in a mail (W14)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock, create_app
from accreditation.config import load_settings
from accreditation.extensions import db, writing
from accreditation.models import Mail
from accreditation.services.accounts import people
from tests import factories
from tests.conftest import MADE_UP_NOW

pytestmark = pytest.mark.sqlite

EVIL = "evil.example"
OURS = "accreditation.example.jp"
# Header -> what is written into it. Those of the first list a client may send through any proxy.
FORGED = (
    {"X-Forwarded-Host": EVIL},
    {"X-Forwarded-Host": f"{EVIL}, {OURS}"},
    {"X-Forwarded-Server": EVIL},
    {"X-Forwarded-For": EVIL, "X-Forwarded-Proto": f"http://{EVIL}"},
    {"X-Forwarded-Prefix": f"//{EVIL}"},
    {"X-Forwarded-Port": f"80@{EVIL}"},
    {"X-Host": EVIL},
    {"X-Original-Host": EVIL},
    {"X-HTTP-Host-Override": EVIL},
    {"Forwarded": f"for=1.2.3.4;host={EVIL};proto=https"},
    {"X-Original-URL": f"https://{EVIL}/"},
    {"X-Rewrite-URL": f"//{EVIL}/"},
    {"Script-Name": f"//{EVIL}"},
    {"Referer": f"https://{EVIL}/"},
    {"Origin": f"https://{EVIL}"},
)
REFUSED = (
    EVIL,
    f"{EVIL}:443",
    f"{OURS}.{EVIL}",
    f"{EVIL}/{OURS}",
    f"{OURS}@{EVIL}",
    f"{OURS}:80@{EVIL}",
    f"{OURS}#{EVIL}",
    f"{OURS} {EVIL}",
    f"x{OURS}",
    "127.0.0.1",
    "[::1]",
    "",
)
PATHS = (
    *("/", "/register", "/register/R08-0001", "/register/r8-1", "/register/", "/verify"),
    *("/verify/R08-0001", "/verify/r8-1?c=x", "/verify/R08-0001.json", "/verify?number=R08-0001"),
    *("/about", "/contact", "/sign-in", "/sign-up", "/forgotten-password", "/account", "/no/such"),
    *("/robots.txt", "/.well-known/security.txt", "/static/css/base.css"),
)


@pytest.fixture(scope="module", params=[0, 1], ids=["alone", "behind a proxy"])
def site(request: pytest.FixtureRequest, shared_app: Flask) -> Iterator[Flask]:
    """The application as it runs for a city, with an accreditation; with and without a proxy."""
    with clock.at(MADE_UP_NOW), shared_app.app_context(), writing():
        if db.session.scalars(select(Mail)).first() is None:
            factories.accreditation()
            db.session.commit()
    folder: Path = shared_app.extensions["settings"].data_dir
    made = create_app(
        load_settings(
            data_dir=folder,
            database_url=shared_app.extensions["settings"].database_url,
            secret_key="k" * 32,
            base_url=f"https://{OURS}",
            signing_p12=folder / "demo-seal.p12",
            signing_passphrase=(folder / "demo-seal-passphrase").read_text(),
            mail_server="127.0.0.1:1",
            trusted_proxies=request.param,
            sign_in_limit="1000 per minute",
        )
    )
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def said(answer_headers: object, text: str) -> str:
    return f"{answer_headers}\n{text}"


@pytest.mark.parametrize("path", PATHS)
def test_no_page_repeats_a_forged_host(site: Flask, path: str) -> None:
    client = site.test_client()
    rightly = client.get(path, headers={"Host": OURS})
    assert rightly.status_code != 400
    rightly.close()
    for forged in FORGED:
        with closing(client.get(path, headers={"Host": OURS, **forged})) as answer:
            assert answer.status_code == rightly.status_code
            assert EVIL not in said(answer.headers, answer.text), forged
            assert "://" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("host", REFUSED)
def test_under_another_name_there_is_no_page(site: Flask, host: str) -> None:
    for path in PATHS:
        answer = site.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert EVIL not in said(answer.headers, answer.text)
        assert f'href="https://{OURS}/"' in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_port_beside_our_name_is_never_repeated(site: Flask) -> None:
    for path in PATHS:
        with closing(site.test_client().get(path, headers={"Host": f"{OURS}:6666"})) as answer:
            assert "6666" not in said(answer.headers, answer.text)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_monitor_asks_by_number(site: Flask, path: str) -> None:
    for host in ("10.0.0.7:8000", "127.0.0.1", "[::1]:8000", ""):
        assert site.test_client().get(path, headers={"Host": host}).status_code == 200


def test_every_link_in_a_mail_is_ours_whatever_the_request_says(site: Flask) -> None:
    emails = [f"forger{number}-{secrets.token_hex(4)}@example.jp" for number in range(len(FORGED))]
    with clock.at(MADE_UP_NOW), site.app_context(), writing():
        for email in emails:  # one for each header: mails to one address are counted
            people.create(email, "試験", factories.PASSWORD, "ja")
        db.session.commit()
    client = site.test_client()
    before = bodies(site)
    for email, forged in zip(emails, FORGED, strict=True):
        headers = {"Host": OURS, "Sec-Fetch-Site": "same-origin", **forged}
        headers["Referer"] = f"https://{OURS}/forgotten-password"  # what the form's check asks for
        page = client.get("/forgotten-password", base_url=f"https://{OURS}")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert token
        given = {"csrf_token": token[1], "email": email}
        sent = client.post(
            "/forgotten-password", data=given, base_url=f"https://{OURS}", headers=headers
        )
        assert sent.status_code in {200, 302, 303}
    written = bodies(site)[len(before) :]
    assert len(written) == len(FORGED)
    for body in written:
        links = re.findall(r"\S+://\S*", body)
        assert links
        assert all(link.startswith(f"https://{OURS}/") for link in links)
        assert EVIL not in body


def bodies(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Mail.body).order_by(Mail.id)))


def test_every_link_in_the_mails_of_a_case_is_ours(site: Flask, shared_app: Flask) -> None:
    """Those of the fixture's case were written by the demonstration, at its own address."""
    del site
    address = shared_app.extensions["settings"].site_address
    links = [link for body in bodies(shared_app) for link in re.findall(r"\S+://\S*", body)]
    assert len([link for link in links if link.startswith(f"{address}/")]) > 5
    known = (f"{address}/", f"https://{OURS}/")
    assert [link for link in links if not link.startswith(known)] == []


def test_more_names_may_be_given(shared_app: Flask) -> None:
    settings = shared_app.extensions["settings"]
    given = {"data_dir": settings.data_dir, "database_url": settings.database_url, "demo": True}
    app = create_app(load_settings(**given, trusted_hosts="www.example.jp  Other.example.jp"))
    for host, status in (("www.example.jp", 200), ("other.example.jp:80", 200), (EVIL, 400)):
        assert app.test_client().get("/about", headers={"Host": host}).status_code == status
    with app.app_context():
        db.engine.dispose()
