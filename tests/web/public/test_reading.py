"""Whoever only reads gets no cookie, and their browser calls nobody but us (P5)."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from tests import factories
from tests.conftest import MADE_UP_NOW

HOST = "localhost"
PAGES = (
    *("/", "/register", "/register?q=R08&standing=valid", "/register/R08-0001", "/verify"),
    *("/verify?number=x", "/verify/R08-0001", "/verify/R08-0001?c=x", "/verify/R08-0001?edition=9"),
    *("/verify/R08-0009", "/about", "/glossary", "/accessibility", "/privacy", "/contact"),
    *("/no/such/page", "/register/R08-0009", "/verify/R08-0001.json", "/robots.txt"),
)
# Element -> the attributes by which a browser fetches something unasked.
FETCHING = {
    **dict.fromkeys(("script", "img", "iframe", "embed", "audio", "video", "track"), ("src",)),
    "source": ("src", "srcset"),
    "object": ("data",),
    "link": ("href",),
    "use": ("href",),
    "input": ("src",),
    "image": ("href",),
    "form": ("action",),
    "button": ("formaction",),
}


class Fetched(HTMLParser):
    """What a page makes a browser fetch, or may send to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.hints: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of an element."""
        given = {name: value or "" for name, value in attrs}
        if {"ping", "background", "poster"} & set(given) or "http-equiv" in given:
            self.hints.append(tag)
        if tag == "link" and given.get("rel") in {"dns-prefetch", "preconnect", "prerender"}:
            self.hints.append(tag)
        self.addresses += [given[name] for name in FETCHING.get(tag, ()) if name in given]


@pytest.fixture(scope="module", autouse=True)
def _accredited(shared_app: Flask) -> None:
    with clock.at(MADE_UP_NOW), shared_app.app_context(), writing():
        factories.accreditation()
        db.session.commit()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_reading_sets_no_cookie_and_calls_nobody(shared_app: Flask, language: str) -> None:
    client, sheets = shared_app.test_client(), set()
    for path in PAGES:
        for asked in (path, f"{path}{'&' if '?' in path else '?'}lang={language}"):
            answer = client.get(asked, headers={"Accept-Language": language})
            assert answer.headers.getlist("Set-Cookie") == [], asked
            assert "Link" not in answer.headers
            assert "Refresh" not in answer.headers
            page = Fetched(answer.text if answer.mimetype == "text/html" else "")
            assert page.hints == []
            for address in page.addresses:
                whole = urljoin(f"http://{HOST}{path}", address)
                assert urlsplit(whole).hostname == HOST or whole.startswith("data:"), address
                sheets |= {whole} if ".css" in whole else set()
    assert len(sheets) > 5
    for sheet in sheets:
        parts = urlsplit(sheet)
        fetched = client.get(f"{parts.path}?{parts.query}")
        text = re.sub(r"/\*.*?\*/", "", fetched.text, flags=re.DOTALL)
        fetched.close()
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:)(?:https?:)?//", text), sheet


def test_no_script_of_ours_calls_anybody_else(shared_app: Flask) -> None:
    client = shared_app.test_client()
    html = "\n".join(client.get(path).text for path in PAGES)
    scripts = {one for one in Fetched(html).addresses if one.split("?")[0].endswith(".js")}
    assert scripts
    for script in scripts:
        answer = client.get(script)
        assert not re.search(r"https?://(?!www\.w3\.org/)[a-z]", answer.text), script
        answer.close()
