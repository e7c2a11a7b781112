"""Whom a browser calls, and what it keeps, when somebody only reads (promise P5).

    python -m drills.reading

Method: a throwaway installation with one accreditation, served as `accreditation serve` does it. A
real Chromium opens every public page in both languages, one after the other in one context, and
follows what it loads. Prints how many requests it made, to which other hosts, and which cookies and
stored values it had at the end. Exits 0 only when there was none of these.
"""

import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Request, sync_playwright

from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.services import schemes
from drills.stage import installation
from tests import factories
from tests.serving import served

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PAGES = (
    *("/", "/register", "/register/R08-0001", "/verify", "/verify/R08-0001", "/verify/R08-0009"),
    *("/about", "/glossary", "/accessibility", "/privacy", "/contact", "/no/such/page"),
)
KEPT = "() => Object.keys(localStorage).concat(Object.keys(sessionStorage))"


def read(address: str) -> tuple[list[str], list[str]]:
    """Read every page; give the addresses that were asked for, and what was kept."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context()
        page = context.new_page()
        page.on("request", note)
        kept: list[str] = []
        for path in PAGES:
            for language in ("ja", "en"):
                page.goto(f"{address}{path}?lang={language}", wait_until="networkidle")
                kept += page.evaluate(KEPT)
        kept += [cookie["name"] for cookie in context.cookies()]
        browser.close()
    return asked, kept


def main() -> int:
    """Serve, read, tell."""
    with tempfile.TemporaryDirectory() as name:
        app = installation(Path(name))
        settings: Settings = app.extensions["settings"]
        with app.app_context(), writing():
            schemes.publish(settings.scheme_dir)
            factories.accreditation()
            db.session.commit()
        with served(settings, Path(name)) as at:
            host = f"127.0.0.1:{at.port}"
            asked, kept = read(f"http://{host}")
    others = sorted({urlsplit(one).netloc for one in asked} - {host, ""})
    print(f"{len(asked)} requests for {len(PAGES)} pages in two languages")
    print(f"other hosts: {others or 'none'}; kept: {kept or 'nothing'}")
    return int(bool(others) or bool(kept) or len(asked) < len(PAGES) * 2)


if __name__ == "__main__":
    sys.exit(main())
