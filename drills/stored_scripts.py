"""Every page as every role in a real Chromium, with hostile texts stored everywhere (promise W6).

    python -m drills.stored_scripts [PATIENCE]

Method: the stage of the tests of attacks, with cases in every state and people of every kind, is
served from a throwaway installation. Then each of the corpus's texts stands in every column of the
database that holds what somebody typed, and Chromium (CHROMIUM, by default /usr/bin/chromium) opens
every page as each role that reads it. A dialog, a script that ran, a report of the content security
policy, an error of a page or an answer of 500 counts as a fault. First, a page that does not escape
shows that a script would be noticed. Exits 0 only when there was none; PATIENCE (60) is in seconds.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from accreditation import extensions
from accreditation.services import schemes
from drills.stage import installation
from tests.attacks import stage as stages
from tests.attacks.corpus.scripts import MARKUP
from tests.attacks.poisoning import poison
from tests.attacks.stage import Stage

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WATCH = """
window.ran = []; window.alert = (what) => window.ran.push(`alert ${what}`);
document.addEventListener("securitypolicyviolation",
  (event) => window.ran.push(`${event.violatedDirective} ${event.sample}`));
"""
UNSAFE = "<!DOCTYPE html><title>t</title><p>TEXT"


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of the loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def entered(browser: Browser, stage: Stage, role: str, address: str) -> BrowserContext:
    """Open a browser of somebody who is signed in, with every page watched."""
    context = browser.new_context(locale="en-GB")
    cookie = {"name": "accreditation", "value": stage.cookies[role], "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item] # a plain dict is what it takes
    context.add_init_script(WATCH)
    return context


def watched(page: Page, faults: list[str]) -> None:
    """Note what should never be."""

    def closed(dialog: object) -> None:
        faults.append(f"dialog on {page.url}")
        dialog.dismiss()  # type: ignore[attr-defined] # playwright hands a Dialog over

    page.on("dialog", closed)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))


def visit(page: Page, path: str, faults: list[str]) -> None:
    """Open a page and ask what ran on it."""
    answer = page.goto(path, wait_until="load")
    if answer is None or answer.status >= 500:  # noqa: PLR2004 - a fault of the server
        faults.append(f"{path}: {answer and answer.status}")
    faults += [f"{path}: {one}" for one in page.evaluate("window.ran")]


def walk(browser: Browser, stage: Stage, address: str, patience: int) -> tuple[int, list[str]]:
    """Open every page as every role; give how many and what was wrong."""
    faults: list[str] = []
    pages = [one for one, html in stage.pages.items() if html.startswith("<!DOCTYPE")]
    for role in {role for role, _ in pages}:
        context = entered(browser, stage, role, address)
        page = context.new_page()
        page.set_default_timeout(patience * 1000)
        watched(page, faults)
        for _, path in (one for one in pages if one[0] == role):
            visit(page, f"{address}{path}", faults)
        context.close()
    return len(pages), faults


def notices(browser: Browser) -> bool:
    """Say whether a page that does not escape would be noticed."""
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"data:text/html,{UNSAFE.replace('TEXT', '<img src=x onerror=alert(1)>')}")
    page.wait_for_function("window.ran && window.ran.length > 0")
    context.close()
    return True


def made(folder: Path) -> Stage:
    """Make an installation with the stage, and put a hostile text wherever something was typed."""
    app = installation(folder)
    with app.app_context(), extensions.writing():
        schemes.publish(app.extensions["settings"].scheme_dir)
        extensions.db.session.commit()
    stage = stages.made(app)
    print(f"{len(stage.pages)} pages and answers on the stage")
    with stage.within():
        columns: list[str] = []

        def next_text(column: object) -> str:
            columns.append(str(column))
            at = len(columns)
            return " ".join(MARKUP[(at + i) % len(MARKUP)] for i in range(4))

        poison(next_text)
    return stage


def main() -> int:
    """Make the stage, walk it, and say what was found."""
    patience = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as folder:
        stage = made(Path(folder))  # before Chromium, whose driver keeps this thread's event loop
        with served(stage.app) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            noticed = notices(browser)
            count, faults = walk(browser, stage, address, patience)
            browser.close()
    print("\n".join(faults))
    print(f"{count} pages opened, {len(faults)} faults; a script would be noticed: {noticed}")
    return 1 if faults or count < 100 or not noticed else 0  # noqa: PLR2004 - else too few


if __name__ == "__main__":
    sys.exit(main())
