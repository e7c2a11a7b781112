"""What each kind of person does on the site, by what they see and press."""

import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

from accreditation.demo import cast
from tests import factories
from tests.browser.conftest import Visitor

MADE_UP = {"ja": "見本 旅人", "en": "Mihon Traveller"}
SPECIAL = "髙橋﨑𠮷"  # characters that many systems lose
WAIT = 60  # seconds for the certificate to be made


def sign_up(visitor: Visitor, email: str) -> None:
    """Make an account with the link from the mail."""
    page = visitor.page
    visitor.go("/sign-up")
    visitor.look("sign-up")
    page.fill("main input[name=email]", email)
    page.press("main input[name=email]", "Enter")
    visitor.look("sign-up-mailed")
    visitor.go(visitor.link_from_mail(email))
    visitor.look("sign-up-link")
    page.fill("main input[name=name]", MADE_UP[visitor.language])
    page.fill("main input[name=password]", factories.PASSWORD)
    page.press("main input[name=password]", "Enter")
    page.wait_for_url("**/my")
    visitor.look("my-first-time")


def enter_operator(visitor: Visitor, name: str) -> None:
    """Enter an operator; a wrong corporate number is told and nothing is lost."""
    page = visitor.page
    visitor.go("/my/operators/new")
    page.fill("input[name=name_ja]", name)
    page.check("input[name=entity_type][value=corporation]")
    page.fill("input[name=corporate_number]", "１２３４５６７８９０１２３")
    page.fill("input[name=name_kana]", "みほん")
    page.fill("input[name=representative]", "見本 代表")
    page.fill("input[name=postal_code]", "９２０－０００１")
    page.fill("input[name=address]", "石川県金沢市見本町000番地")
    page.fill("input[name=phone]", "076-000-0000")
    _send(visitor)
    assert page.locator("#error-summary").is_visible()
    assert page.input_value("input[name=name_ja]") == name
    visitor.look("operator-with-an-error")
    page.fill("input[name=corporate_number]", "７１２３４５６７８９０１２")
    _send(visitor)
    assert page.locator("#error-summary").count() == 0


def enter_site(visitor: Visitor, kind: str, name: str) -> str:
    """Enter a site of the newest operator; give the site's key."""
    page = visitor.page
    visitor.go("/my")
    page.locator("a[href*='/sites/new']").first.click()
    visitor.look(f"site-{kind}")
    page.check(f"input[name=kind][value={kind}]")
    page.fill("input[name=name_ja]", name)
    page.fill("input[name=name_kana]", "みほんのやど")
    page.fill("input[name=name_en]", f"Mihon {kind}")
    page.fill("input[name=address_ja]", "石川県金沢市見本町000番地")
    page.fill("input[name=address_en]", "000 Mihon-machi, Kanazawa")
    _send(visitor)
    visitor.go("/my")
    address = page.locator("a[href*='/apply']").first.get_attribute("href") or ""
    return address.split("/my/sites/")[1].split("/")[0]


def write_application(visitor: Visitor, site: str, folder: Path) -> str:
    """Apply for indicators 1, 2 and 3, answering every item; give the application's key."""
    page = visitor.page
    visitor.go(f"/my/sites/{site}/apply")
    visitor.look("apply")
    page.locator("main input[type=radio]").first.check()
    _send(visitor)
    key = page.url.split("/my/applications/")[1].split("/")[0].split("?")[0]
    visitor.go(f"/my/applications/{key}/indicators")
    visitor.look("indicators")
    page.check("input[name=indicators][value='3']")
    _send(visitor)
    paper = folder / "証拠 資料.pdf"
    paper.write_bytes(factories.PDF)
    for number in (1, 2, 3):
        visitor.go(f"/my/applications/{key}/indicators/{number}")
        for radio in page.locator("input[type=radio][value=carried_out]").all():
            radio.check()
        for text in page.locator("main textarea").all():
            text.fill(f"毎月続けています。{SPECIAL}\nSince 2020.")
        page.locator("input[type=file]").first.set_input_files(paper)
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
    page.check("main input[name=accepted]")
    _send(visitor)
    page.wait_for_url(f"**/my/applications/{key}**")
    visitor.look("application-sent")


def screen(office: Visitor, key: str) -> None:
    """Find the case in the queue, accept it, ask two reviewers."""
    page = office.page
    office.go("/office")
    office.look("office-queue")
    office.go(f"/office/applications/{key}")
    office.look("office-case")
    page.locator("form[action*='/steps/accept'] button[type=submit]").click()
    for name in (cast.REVIEWERS[0].name, cast.REVIEWERS[1].name):
        page.select_option("form[action*='/reviewers'] select", label=name)
        page.locator("form[action*='/reviewers'] button[type=submit]").click()
    office.look("office-case-with-reviewers")


def review(reviewer: Visitor, name: str) -> None:
    """Declare to have no conflict, judge every item, hand in."""
    page = reviewer.page
    reviewer.go(f"/reviews?lang={reviewer.language}")
    reviewer.look("reviews")
    page.locator("main a", has_text=name).first.click()
    reviewer.look("review-declaration")
    address = page.url
    page.locator("form:has(input[value=declare_none]) button[type=submit]").click()
    for number in (1, 2, 3):
        reviewer.go(f"{address.split('?')[0]}/indicators/{number}?lang={reviewer.language}")
        for radio in page.locator("input[type=radio][value=carried_out]").all():
            radio.check()
        for text in page.locator("main textarea").all():
            text.fill("資料で確認した。")
        if number == 1:
            reviewer.look("review-indicator-1")
        page.locator("main form button.button-primary").last.click()
    reviewer.go(address)
    reviewer.look("review-complete")
    page.locator("form[action*='/hand-in'] button[type=submit]").click()
    page.wait_for_load_state()
    reviewer.look("review-handed-in")


def put_on_list(office: Visitor, key: str) -> None:
    """Put the case on the council's list."""
    office.go(f"/office/applications/{key}")
    office.look("office-case-reviewed")
    office.page.locator("form[action*='/steps/list'] button[type=submit]").click()
    office.page.wait_for_load_state()


def accredit(council: Visitor, key: str) -> str:
    """Decide to accredit what was reached; give the number."""
    page = council.page
    council.go("/council")
    council.look("council-list")
    council.go(f"/council/applications/{key}")
    council.look("council-case")
    page.locator("button[name=step][value=accredit]").click()
    page.wait_for_load_state()
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
    visitor.page.fill("main input[name=number]", number.lower())
    visitor.page.press("main input[name=number]", "Enter")
    visitor.look("check-valid")
    visitor.go(f"/verify/{number}?c={code}")
    visitor.look("check-genuine-paper")
    visitor.go(f"/verify/{number}?c={'0' * 32}")
    visitor.look("check-foreign-paper")
    with urllib.request.urlopen(f"{visitor.site.address}/verify/{number}.json") as answer:  # noqa: S310 - loopback
        told: dict[str, Any] = json.loads(answer.read())
    return told


def _send(visitor: Visitor) -> None:
    """Press the first main button of the page."""
    visitor.page.locator("main form button.button-primary").first.click()
    visitor.page.wait_for_load_state()
