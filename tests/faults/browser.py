"""Somebody at a site that may be killed: sends a form until it is answered, as browsers retry."""

import http.client
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from accreditation.extensions import db, writing
from accreditation.services.accounts import people, sessions
from accreditation.web.visitor import Cookies
from tests.faults.site import CUT, PATIENCE
from tests.fields import untouched

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
DONE = 303
AGAIN = {502, 503}
TRYING = 180  # seconds until somebody gives up
PAUSE = 0.1  # seconds before a form is sent again
Fields = dict[str, str | list[str]]


class RefusedError(Exception):
    """A form was answered with something that is neither done nor to be tried again."""


@dataclass(frozen=True)
class File:
    """A file to be sent in a field of a form."""

    field: str
    name: str
    content: bytes


@dataclass
class Answer:
    """What came back: the status, where it leads, and the page."""

    status: int
    leads_to: str
    page: str


class Browser:
    """A signed-in person; the cookie lives on the server's key, which outlives its processes."""

    def __init__(self, app: Flask, email: str, port: int) -> None:
        """Begin a session with every factor; signing in has tests of its own."""
        with app.app_context(), writing():
            person = people.by_address(email)
            assert person is not None
            token = sessions.begin(person, second_factor=True)
            begun = sessions.of_token(token)
            assert begun is not None
            begun.proved_at += timedelta(hours=2)  # grave acts ask for no new proof meanwhile
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        serializer = Cookies().get_signing_serializer(app)
        assert serializer is not None
        self.cookie = serializer.dumps({"_user_id": token, "_permanent": True})
        self.port, self.retries, self.busy = port, 0, 0

    def ask(
        self, method: str, path: str, fields: Fields | None = None, file: File | None = None
    ) -> Answer:
        """Send one request; CUT when it is not answered whole."""
        body, kind = _body(fields or {}, file)
        headers = {"Cookie": f"accreditation={self.cookie}", "Sec-Fetch-Site": "same-origin"}
        if fields is not None:
            headers["Content-Type"] = kind
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            found = connection.getresponse()
            page = found.read().decode()
        finally:
            connection.close()
        for cookie in found.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("accreditation="):
                self.cookie = cookie.split(";")[0].removeprefix("accreditation=")
        return Answer(found.status, found.headers.get("Location", ""), page)

    def answered(
        self, method: str, path: str, fields: Fields | None = None, file: File | None = None
    ) -> Answer:
        """Ask until there is an answer that is not "try again"."""
        until = time.monotonic() + TRYING
        while True:
            try:
                answer = self.ask(method, path, fields, file)
                if answer.status not in AGAIN:
                    return answer
                self.busy += 1
            except CUT:
                self.retries += 1
            assert time.monotonic() < until, f"no answer: {method} {path}"
            time.sleep(PAUSE)

    def fill_in(self, page: str, action: str) -> Fields:
        """Open a page; give what its form would send, key and token among it."""
        answer = self.answered("GET", page)
        found = untouched(answer.page, action)
        if not found:
            raise RefusedError(f"{answer.status}, no form for {action} on {page}")
        token = _TOKEN.search(answer.page)
        return {**found, "csrf_token": token[1] if token else ""}

    def send(self, page: str, action: str, typed: dict[str, str], file: File | None = None) -> None:
        """Fill in the form and send it until it is done; RefusedError when it is refused."""
        form = {**self.fill_in(page, action), **typed}
        answer = self.answered("POST", action, form, file)
        if answer.status != DONE:
            raise RefusedError(f"{answer.status} for {action}")


def _body(fields: Fields, file: File | None) -> tuple[bytes, str]:
    """Write a form as browsers do; gives its bytes and their type."""
    if file is None:
        return urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
    pairs = MultiDict[str, object](fields)
    pairs.add(file.field, FileStorage(BytesIO(file.content), file.name, file.field))
    boundary, body = encode_multipart(pairs)
    return body, f"multipart/form-data; boundary={boundary}"
