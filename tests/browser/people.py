"""What each kind of person does on the site, by keyboard alone."""

import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from accreditation.demo import cast
from tests import factories
from tests.browser import keyboard
from tests.browser.conftest import Visitor

MADE_UP = {"ja": "見本 旅人", "en": "Mihon Traveller"}
SPECIAL = "髙橋﨑𠮷"  # characters that many systems lose
WAIT = 60  # seconds for the certificate to be made


def sign_up(visitor: Visitor, email: str) -> None:
    """Make an account with the link from the mail."""
    page = visitor.page
    visitor.go("/sign-up")
    visitor.look("sign-up")
    keyboard.send(page.locator("main input[name=email]"), email)
    visitor.look("sign-up-mailed")
    visitor.go(visitor.link_from_mail(email))
    visitor.look("sign-up-link")
    keyboard.write(page.locator("main input[name=name]"), MADE_UP[visitor.language])
    keyboard.send(page.locator("main input[name=password]"), factories.PASSWORD)
    page.wait_for_url("**/my")
    visitor.look("my-first-time")


def enter_operator(visitor: Visitor, name: str) -> None:
    """Enter an operator; a wrong corporate number is told and nothing is lost."""
    page = visitor.page
    visitor.go("/my/operators/new")
    keyboard.write(page.locator("input[name=name_ja]"), name)
    keyboard.tick(page.locator("input[name=entity_type][value=corporation]"))
    keyboard.write(page.locator("input[name=corporate_number]"), "１２３４５６７８９０１２３")
    keyboard.write(page.locator("input[name=name_kana]"), "みほん")
    keyboard.write(page.locator("input[name=representative]"), "見本 代表")
    keyboard.write(page.locator("input[name=postal_code]"), "９２０－０００１")
    keyboard.write(page.locator("input[name=address]"), "石川県金沢市見本町000番地")
    keyboard.write(page.locator("input[name=phone]"), "076-000-0000")
    _send(visitor)
    assert page.locator("#error-summary").is_visible()
    assert page.input_value("input[name=name_ja]") == name
    visitor.look("operator-with-an-error")
    keyboard.write(page.locator("input[name=corporate_number]"), "７１２３４５６７８９０１２")
    _send(visitor)
    assert page.locator("#error-summary").count() == 0


def enter_site(visitor: Visitor, kind: str, name: str) -> str:
    """Enter a site of the newest operator; give the site's key."""
    page = visitor.page
    visitor.go("/my")
    keyboard.press(page.locator("a[href*='/sites/new']").first)
    visitor.look(f"site-{kind}")
    keyboard.tick(page.locator(f"input[name=kind][value={kind}]"))
    keyboard.write(page.locator("input[name=name_ja]"), name)
    keyboard.write(page.locator("input[name=name_kana]"), "みほんのやど")
    keyboard.write(page.locator("input[name=name_en]"), f"Mihon {kind}")
    keyboard.write(page.locator("input[name=address_ja]"), "石川県金沢市見本町000番地")
    keyboard.write(page.locator("input[name=address_en]"), "000 Mihon-machi, Kanazawa")
    _send(visitor)
    visitor.go("/my")
    address = page.locator("a[href*='/apply']").first.get_attribute("href") or ""
    return address.split("/my/sites/")[1].split("/")[0]


def write_application(visitor: Visitor, site: str, folder: Path) -> str:
    """Apply for indicators 1, 2 and 3, answering every item; give the application's key."""
    page = visitor.page
    visitor.go(f"/my/sites/{site}/apply")
    visitor.look("apply")
    keyboard.tick(page.locator("main input[type=radio]").first)
    _send(visitor)
    key = page.url.split("/my/applications/")[1].split("/")[0].split("?")[0]
    visitor.go(f"/my/applications/{key}/indicators")
    visitor.look("indicators")
    keyboard.tick(page.locator("input[name=indicators][value='3']"))
    _send(visitor)
    paper = folder / "証拠 資料.pdf"
    paper.write_bytes(factories.PDF)
    for number in (1, 2, 3):
        visitor.go(f"/my/applications/{key}/indicators/{number}")
        _fill_in(page, f"毎月続けています。{SPECIAL}\nSince 2020.")
        keyboard.attach(page.locator("input[type=file]").first, paper)
        if number == 1:
            visitor.look("indicator-1-filled")
        _send(visitor)
    visitor.go(f"/my/applications/{key}")
    visitor.look("application-ready")
    return key


def send_application(visitor: Visitor, key: str) -> None:
    """Check the answers, accept the terms, send; sending again by Back makes no second one."""
    page = visitor.page
    visitor.go(f"/my/applications/{key}/check")
    visitor.look("check-answers")
    keyboard.tick(page.locator("main input[name=accepted]"))
    _send(visitor)
    page.wait_for_url(f"**/my/applications/{key}**")
    visitor.look("application-sent")


def screen(office: Visitor, key: str) -> None:
    """Find the case in the queue, compare what is like another's, accept it, ask two reviewers."""
    page = office.page
    office.go("/office")
    office.look("office-queue")
    office.go(f"/office/applications/{key}")
    office.look("office-case")
    # The operator gave a telephone number that one of the demonstration has too.
    keyboard.write(page.locator("form[action$='/names'] textarea"), "見本どうしで同じ番号です。")
    keyboard.press(page.locator("form[action$='/names'] button[type=submit]"))
    keyboard.press(page.locator("form[action*='/steps/accept'] button[type=submit]"))
    for name in (cast.REVIEWERS[0].name, cast.REVIEWERS[1].name):
        keyboard.pick(page.locator("form[action*='/reviewers'] select"), name)
        keyboard.press(page.locator("form[action*='/reviewers'] button[type=submit]"))
    office.look("office-case-with-reviewers")


def review(reviewer: Visitor, name: str) -> None:
    """Declare to have no conflict, judge every item, hand in."""
    page = reviewer.page
    reviewer.go(f"/reviews?lang={reviewer.language}")
    reviewer.look("reviews")
    keyboard.press(page.locator("main a", has_text=name).first)
    reviewer.look("review-declaration")
    address = page.url
    keyboard.press(page.locator("form:has(input[value=declare_none]) button[type=submit]"))
    for number in (1, 2, 3):
        reviewer.go(f"{address.split('?')[0]}/indicators/{number}?lang={reviewer.language}")
        _fill_in(page, "資料で確認した。")
        if number == 1:
            reviewer.look("review-indicator-1")
        keyboard.press(page.locator("main form button.button-primary").last)
    reviewer.go(address)
    reviewer.look("review-complete")
    keyboard.press(page.locator("form[action*='/hand-in'] button[type=submit]"))
    reviewer.look("review-handed-in")


def put_on_list(office: Visitor, key: str) -> None:
    """Put the case on the council's list."""
    office.go(f"/office/applications/{key}")
    office.look("office-case-reviewed")
    keyboard.press(office.page.locator("form[action*='/steps/list'] button[type=submit]"))


def accredit(council: Visitor, key: str) -> str:
    """Decide to accredit what was reached; give the number."""
    page = council.page
    council.go("/council")
    council.look("council-list")
    council.go(f"/council/applications/{key}")
    council.look("council-case")
    keyboard.press(page.locator("button[name=step][value=accredit]"))
    council.look("council-case-decided")
    found = re.search(r"R\d\d-\d{4}", page.locator("main").inner_text())
    assert found, "the decision shows no number"
    return found[0]


def read_decision(visitor: Visitor, key: str, number: str) -> bytes:
    """Read the decision, wait for the certificate, download it."""
    until = time.monotonic() + WAIT
    link = visitor.page.locator(f"main a[href*='/verify/{number}.pdf']")
    while time.monotonic() < until:
        visitor.go(f"/my/applications/{key}")
        if link.count():
            break
        time.sleep(0.5)
    visitor.look("application-accredited")
    with urllib.request.urlopen(f"{visitor.site.address}/verify/{number}.pdf") as answer:  # noqa: S310 - loopback
        content: bytes = answer.read()
    return content


def check_certificate(visitor: Visitor, number: str, code: str) -> dict[str, Any]:
    """Check a certificate as a traveller does: by number, by QR code, by a wrong code, as data."""
    visitor.go("/register")
    visitor.look("register")
    visitor.go(f"/register/{number}")
    visitor.look("register-entry")
    visitor.go("/verify")
    visitor.look("check")
    keyboard.send(visitor.page.locator("main input[name=number]"), number.lower())
    visitor.look("check-valid")
    visitor.go(f"/verify/{number}?c={code}")
    visitor.look("check-genuine-paper")
    visitor.go(f"/verify/{number}?c={'0' * 32}")
    visitor.look("check-foreign-paper")
    with urllib.request.urlopen(f"{visitor.site.address}/verify/{number}.json") as answer:  # noqa: S310 - loopback
        told: dict[str, Any] = json.loads(answer.read())
    return told


def _fill_in(page: Page, text: str) -> None:
    """Say of each item of an indicator that it is carried out, and describe it."""
    radios = page.locator("main input[type=radio][value=carried_out]").all()
    for radio, field in zip(radios, page.locator("main textarea").all(), strict=True):
        keyboard.tick(radio)
        keyboard.write(field, text)


def _send(visitor: Visitor) -> None:
    """Press the first main button of the page."""
    keyboard.press(visitor.page.locator("main form button.button-primary").first)
