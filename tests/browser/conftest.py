"""A real site in a process of its own, and a real Chromium that walks through it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Cookie, Page, ViewportSize, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60  # seconds until the site answers
HARMLESS = (
    "Failed to load resource",  # pages that answer 404 on purpose
    "htmx:sendAbort",  # a preview that a newer one overtook
    "htmx:afterRequest",
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_AT = {"ja": "phone", "en": "desk"}  # each page is asked once in each language, at one width
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Site:
    """A running site: its address, its data folder, and the cookies of who signed in before.

    A code works once: who signed in with a second factor takes their session along.
    """

    address: str
    data: Path
    cookies: dict[str, list[Cookie]] = field(default_factory=dict)

    def command(self, *words: str) -> str:
        """Run the console command on the site's data; give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "accreditation", *words],
            env=_environment(self),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


def _environment(site: Site) -> dict[str, str]:
    port = site.address.rsplit(":", 1)[-1]
    given = {"DEMO": "1", "DATA_DIR": str(site.data), "PORT": port, "LOG_LEVEL": "WARNING"}
    return {**os.environ, **given, "SIGN_IN_LIMIT": "1000 per minute"}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start the site with the demonstration data, as `make run` does."""
    running = Site(f"http://127.0.0.1:{_free_port()}", tmp_path_factory.mktemp("site") / "data")
    running.command("init")
    server = subprocess.Popen(
        [sys.executable, "-m", "accreditation", "serve"], env=_environment(running)
    )
    try:
        _wait_for(running, server)
        yield running
    finally:
        server.terminate()
        assert server.wait(timeout=40) == 0, "the site did not end as it should"


def _wait_for(running: Site, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with suppress(URLError, ConnectionError):
            urllib.request.urlopen(f"{running.address}/healthz", timeout=5).close()  # noqa: S310 - loopback
            return
        time.sleep(0.2)
    pytest.fail("the site did not start")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures of the pages go: PICTURES_DIR, or a folder of the test run."""
    given = os.environ.get("PICTURES_DIR")
    folder = Path(given) if given else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Visitor:
    """Somebody with a browser, who looks closely at every page."""

    def __init__(self, browser: Browser, site: Site, language: str, pictures: Path) -> None:
        """Open a browser of their own, in their language."""
        self.site = site
        self.pictures = pictures
        self.language = language
        self.faults: list[str] = []
        locale = {"ja": "ja-JP", "en": "en-GB"}[language]
        self._context = browser.new_context(
            locale=locale, timezone_id="Asia/Tokyo", viewport=DESK, base_url=site.address
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self._axe = (HERE / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")

    def _note(self, message: object) -> None:
        text = str(getattr(message, "text", message))
        if getattr(message, "type", "") == "error" and not text.startswith(HARMLESS):
            self.faults.append(text)

    def go(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(path)

    def look(self, name: str) -> None:
        """Look at the page, at a desk and on a phone: picture, no sideways scrolling, axe."""
        for width, size in (("desk", DESK), ("phone", PHONE)):
            self.page.set_viewport_size(size)
            self.page.screenshot(
                path=self.pictures / f"{name}-{self.language}-{width}.png", full_page=True
            )
            wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} on a {width} scrolls sideways by {wide} px"
            if AXE_AT[self.language] == width:
                self._ask_axe(name, width)
        self.page.set_viewport_size(DESK)
        assert not self.faults, f"{name}: {self.faults}"

    def _ask_axe(self, name: str, width: str) -> None:
        self.page.evaluate(self._axe)
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", AXE_TAGS
        )
        told = [
            f"{one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert not told, f"{name} on a {width}: " + "\n".join(told)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by keyboard alone, with the second factor where one is asked."""
        if email in self.site.cookies:
            self._context.add_cookies(
                [
                    {"name": one["name"], "value": one["value"], "url": self.site.address}
                    for one in self.site.cookies[email]
                ]
            )
            self.go("/sign-in")
            return
        self.go("/sign-in")
        self.page.locator("input[name=email]").focus()
        self.page.keyboard.type(email)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        if "/sign-in/second" in self.page.url:
            self._give_second_factor(email)

    def _give_second_factor(self, email: str) -> None:
        self.look("second-factor")
        self.page.locator("input[name=code]").focus()
        self.page.keyboard.type(self.site.command("demo-code", email).strip())
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.site.cookies[email] = self._context.cookies()

    def link_from_mail(self, address: str) -> str:
        """Read the newest mail to an address in the mailbox; give the path of its link."""
        self.go("/mailbox")
        row = self.page.locator("main tr", has_text=address).first
        row.locator("a").press("Enter")
        found = re.search(r"https?://[^/]+(/link/\S+)", self.page.locator("main").inner_text())
        assert found, "the mail has no link"
        return found[1]

    def close(self) -> None:
        """Close the browser; its cookies are gone."""
        self._context.close()
