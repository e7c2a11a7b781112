"""Every page of the demonstration, in every state, in both languages, at a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accreditation.demo import cast
from tests.browser import keyboard
from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser

PUBLIC = (
    "/",
    "/about",
    "/glossary",
    "/accessibility",
    "/privacy",
    "/contact",
    "/register?q=mihon&standing=expired",
    "/register?q=nothing-like-this",
    "/verify/R99-9999",
    "/sign-in",
    "/sign-in/link",
    "/forgotten-password",
    "/mailbox",
    "/nowhere",
)
STANDINGS = ("valid", "expired", "suspended", "withdrawn", "surrendered")


@pytest.fixture(params=["ja", "en"])
def visitor(
    request: pytest.FixtureRequest, chromium: Browser, site: Site, pictures: Path
) -> Iterator[Visitor]:
    """Open one browser in each language."""
    opened = Visitor(chromium, site, request.param, pictures)
    yield opened
    opened.close()


def test_public_pages(visitor: Visitor) -> None:
    for path in PUBLIC:
        visitor.go(path)
        visitor.look(f"public{path.split('?')[0].replace('/', '-')}")


def test_the_check_page_in_every_standing(visitor: Visitor) -> None:
    for standing in STANDINGS:
        visitor.go(f"/register?standing={standing}")
        entries = visitor.page.locator("main a[href*='/register/R']")
        assert entries.count() > 0, f"nothing in the register is {standing}"
        number = (entries.first.get_attribute("href") or "").split("/register/")[1].split("?")[0]
        visitor.go(f"/verify/{number}")
        visitor.look(f"check-{standing}")
        visitor.go(f"/register/{number}")
        visitor.look(f"entry-{standing}")


@pytest.mark.parametrize(
    ("part", "home", "case"),
    [
        (cast.OPERATOR, "/my", "/my/applications/"),
        (cast.TOUR, "/my", "/my/applications/"),
        (cast.OFFICE, "/office", "/office/applications/"),
        (cast.REVIEWERS[0], "/reviews", "/reviews/"),
        (cast.CHAIR, "/council", "/council/applications/"),
    ],
)
def test_every_case_a_person_sees(visitor: Visitor, part: cast.Part, home: str, case: str) -> None:
    visitor.sign_in(part.email, cast.PASSWORD)
    in_my_language = f"?lang={visitor.language}"
    visitor.go(f"{home}{in_my_language}")
    visitor.look(f"home{home.replace('/', '-')}-{part.email.split('@')[0]}")
    links = visitor.page.locator(f"main a[href*='{case}']").all()
    paths = {(link.get_attribute("href") or "").split("?")[0] for link in links}
    assert paths
    for number, path in enumerate(sorted(paths)):
        visitor.go(f"{path}{in_my_language}")
        visitor.look(f"case-{part.email.split('@')[0]}-{number:02d}")


def test_the_office_s_other_pages(visitor: Visitor) -> None:
    visitor.sign_in(cast.OFFICE.email, cast.PASSWORD)
    for name in ("calls", "programmes"):
        for path in (f"/office/{name}", f"/office/{name}/new"):
            visitor.go(f"{path}?lang={visitor.language}")
            visitor.look(f"office-{name}{'-new' if path.endswith('new') else ''}")
        visitor.go(f"/office/{name}?lang={visitor.language}")
        visitor.page.locator(f"main a[href*='/office/{name}/']:not([href*='/new'])").first.click()
        visitor.look(f"office-{name}-one")


def test_the_council_s_accreditations(visitor: Visitor) -> None:
    visitor.sign_in(cast.CHAIR.email, cast.PASSWORD)
    visitor.go(f"/council/accreditations?lang={visitor.language}")
    visitor.look("council-accreditations")
    visitor.page.locator("main a[href*='/council/accreditations/R']").first.click()
    visitor.look("council-accreditation")


def test_account_pages(visitor: Visitor) -> None:
    visitor.sign_in(cast.OPERATOR.email, cast.PASSWORD)
    for path in (
        "/account",
        "/account/password",
        "/account/address",
        "/account/close",
        "/account/security",
        "/account/authenticator",
        "/account/passkeys/new",
        "/my/operators/new",
    ):
        visitor.go(f"{path}?lang={visitor.language}")
        visitor.look(f"mine{path.replace('/', '-')}")
    visitor.go(f"/account/authenticator?lang={visitor.language}")
    keyboard.press(visitor.page.locator("main button[type=submit]"))
    visitor.look("mine-account-authenticator-secret")
    visitor.go(f"/my?lang={visitor.language}")
    keyboard.press(visitor.page.locator("main a[href*='/people']").first)
    visitor.look("mine-people")


def test_the_administrator_s_pages(visitor: Visitor) -> None:
    visitor.sign_in(cast.ADMINISTRATOR.email, cast.PASSWORD)
    for path in ("", "/invitations", "/invitations/new"):
        visitor.go(f"/administration{path}?lang={visitor.language}")
        visitor.look(f"administration{path.replace('/', '-')}")
    visitor.go(f"/administration?q=inn@example.jp&lang={visitor.language}")
    keyboard.press(visitor.page.locator("main td a").first)
    visitor.look("administration-person")
