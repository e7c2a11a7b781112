"""A browser without JavaScript that looks at every page it gets."""

import re
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accreditation.extensions import db, writing
from accreditation.models import Office
from accreditation.services.accounts import people, sessions
from tests import factories

_NEEDS_LABEL = {"input", "select", "textarea"}
_VOID_OF_LABEL = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """What must be right on every page, read from its HTML."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.language = ""
        self.title = ""
        self.headings = 0
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[tuple[str, str]] = []
        self.posts: list[bool] = []
        self.tokens: list[str] = []
        self.inline: list[str] = []
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element tells."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "title":
            self._in_title = True
        elif tag == "h1":
            self.headings += 1
        elif tag == "label":
            self.labelled.add(given.get("for", ""))
        elif tag == "form" and given.get("method", "get").lower() == "post":
            self.posts.append(False)
        elif tag == "script" and "nonce" not in given:
            self.inline.append(tag)
        if tag in _NEEDS_LABEL:
            self._note_control(given)

    def _note_control(self, given: dict[str, str]) -> None:
        if given.get("name") == "csrf_token":
            self.tokens.append(given.get("value", ""))
            if self.posts:
                self.posts[-1] = True
        if given.get("type") not in _VOID_OF_LABEL and "aria-label" not in given:
            self.controls.append((given.get("id", ""), given.get("name", "")))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the title."""
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        """Collect the title."""
        if self._in_title:
            self.title += data


def check_page(html: str) -> Page:
    """Ask of a page what every page owes its readers."""
    page = Page(html)
    assert page.language in {"ja", "en"}, "the page does not say its language"
    assert page.title.strip(), "the page has no title"
    assert page.headings == 1, f"the page has {page.headings} h1"
    doubled = {one for one in page.ids if page.ids.count(one) > 1}
    assert not doubled, f"ids that occur twice: {doubled}"
    bare = [control for control in page.controls if control[0] not in page.labelled]
    assert not bare, f"controls without a label: {bare}"
    assert all(page.posts), "a form that posts has no CSRF token"
    assert not page.inline, f"inline style, handler or script: {page.inline}"
    assert "placeholder=" not in html, "a placeholder is not a label"
    return page


class Pages:
    """Fetch and post as somebody; every HTML page is checked as it comes.

    `get` and `post` follow redirects and assert the status that is expected. `post` fetches the
    CSRF token from the page that the form stands on (`page`, by default the address itself).
    """

    def __init__(self, app: Flask, email: str | None = None, language: str = "en") -> None:
        """Begin anew, signed in when an address is given."""
        self.client: FlaskClient = app.test_client()
        self.language = language
        if email is not None:
            self._enter(app, email)

    def _enter(self, app: Flask, email: str) -> None:
        """Begin a session with every factor, as after signing in; that has tests of its own."""
        with app.app_context(), writing():
            person = people.by_address(email)
            assert person is not None
            token = sessions.begin(person, second_factor=True)
            db.session.commit()
        with self.client.session_transaction() as kept:
            kept.permanent = True
            kept["_user_id"] = token

    @classmethod
    def of(cls, app: Flask, *offices: Office, name: str = "") -> "Pages":
        """Appoint somebody new to some offices and sign them in."""
        with app.app_context(), writing():
            email = factories.person(*offices, name=name, language="en").email
            db.session.commit()
        return cls(app, email)

    def get(self, path: str, status: int = 200) -> str:
        """Fetch a page."""
        return self._read(
            self.client.get(path, headers=self._headers, follow_redirects=True), status
        )

    def post(
        self, path: str, values: dict[str, Any] | None = None, *, page: str = "", status: int = 200
    ) -> str:
        """Send a form as a person would, with the token of the page that it stands on."""
        token = self.token(page or path)
        given = {"csrf_token": token, **(values or {})}
        sent = self.client.post(path, data=given, headers=self._headers, follow_redirects=True)
        return self._read(sent, status)

    def token(self, path: str) -> str:
        """Read the CSRF token of a page."""
        html = self.client.get(path, headers=self._headers, follow_redirects=True).text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
        assert found, f"no form on {path}"
        return found[1]

    @property
    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language, "Sec-Fetch-Site": "same-origin"}

    def _read(self, response: TestResponse, status: int) -> str:
        assert response.status_code == status, (response.status_code, response.text[:2000])
        if response.mimetype == "text/html":
            check_page(response.text)
        return response.text
