"""A passkey is added and signs in, in a real browser with a device of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accreditation.demo import cast
from tests.browser import keyboard
from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def visitor(chromium: Browser, site: Site, pictures: Path) -> Iterator[Visitor]:
    """Somebody at the address with a name: browsers make no passkeys for numbers."""
    named = Site(site.address.replace("127.0.0.1", "localhost"), site.data)
    opened = Visitor(chromium, named, "en", pictures)
    yield opened
    opened.close()


def test_a_passkey_is_added_and_signs_in(visitor: Visitor) -> None:
    page = visitor.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    visitor.sign_in(cast.REVIEWERS[1].email, cast.PASSWORD)
    visitor.go("/account/passkeys/new")
    keyboard.write(page.locator("input[name=name]"), "telephone")
    keyboard.press(page.locator("[data-passkey] button"))
    assert "The passkey is added." in page.locator("main").inner_text()
    assert "telephone" in page.locator("#passkey-table").inner_text()
    visitor.look("security-with-a-passkey")
    keyboard.press(page.locator("header form button"))
    visitor.go("/sign-in?next=/account")
    visitor.look("sign-in-with-a-passkey")
    keyboard.press(page.locator("[data-passkey] button"))
    page.wait_for_url("**/account")
    assert cast.REVIEWERS[1].email in page.locator("main").inner_text()


def test_a_device_that_does_not_answer_is_told(visitor: Visitor) -> None:
    page = visitor.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    given = {**DEVICE, "isUserVerified": False}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": given})
    visitor.go("/sign-in")
    keyboard.reach(page.locator("[data-passkey] button"))
    page.keyboard.press("Enter")
    page.locator("[data-passkey] .error", has_text="did not answer").wait_for()
    visitor.look("passkey-did-not-answer")
