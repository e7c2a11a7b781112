"""A person at a browser, over nginx: signs in, fills in forms, and sends again what broke off."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tests.fields import hidden

AGAIN = {429, 502, 503, 504}  # answers after which a person sends the same form again
PATIENCE = 90  # seconds until a person gives up
TIMEOUT = 65  # seconds for one answer


class _From(HTTPAdapter):
    """Asks from an address of its own, as people do."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - handed on
        super().init_poolmanager(*given, source_address=(self.address, 0), **named)


@dataclass
class Visitor:
    """Somebody at an address who reads and writes; counts what had to be sent again."""

    site: str
    certificate: Path
    address: str
    broken: int = 0
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open a browser."""
        self.browser = requests.Session()
        self.browser.trust_env = False  # no proxy, and no other authorities than this one
        self.browser.verify = str(self.certificate)
        self.browser.headers.update({"Accept-Language": "en", "Referer": f"{self.site}/"})
        self.browser.mount("https://", _From(self.address))

    def get(self, path: str) -> requests.Response:
        """Read a page, however often it takes."""
        return self._asked("GET", path, {})

    def send(self, path: str, form: dict[str, Any]) -> requests.Response:
        """Send a form; the same one again when the line broke or nobody answered."""
        return self._asked("POST", path, form)

    def once(self, path: str, form: dict[str, Any] | None = None) -> requests.Response:
        """Ask once, whatever comes."""
        method = "POST" if form is not None else "GET"
        return self.browser.request(
            method, self.site + path, data=form, timeout=TIMEOUT, allow_redirects=False
        )

    def form(self, path: str) -> dict[str, Any]:
        """Read what the form of a page holds."""
        html = self.get(path).text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
        if found is None:
            raise AssertionError(f"no form on {path}")
        return {**dict(hidden(html)), "csrf_token": found[1]}

    def sign_in(self, email: str, password: str, code: str = "") -> int:
        """Sign in, with a code where one is asked for; give the last status."""
        values = self.form("/sign-in") | {"email": email, "password": password}
        answer = self.once("/sign-in", values)
        if code:
            answer = self.once("/sign-in/second", self.form("/sign-in/second") | {"code": code})
        return answer.status_code

    def _asked(self, method: str, path: str, form: dict[str, Any]) -> requests.Response:
        deadline = time.monotonic() + PATIENCE
        while True:
            begun = time.monotonic()
            said: object = None
            try:
                answer = self.once(path, form if method == "POST" else None)
                if answer.status_code not in AGAIN:
                    self.times.append(time.monotonic() - begun)
                    return answer
                said = answer
            except requests.RequestException as error:
                said = error
            self.broken += 1
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path}: {said}")
            time.sleep(0.3)
