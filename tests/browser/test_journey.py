"""From sign-up to the check page: one accommodation in Japanese, one tour in English."""

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser

from accreditation.demo import cast
from certificates.sign import check_signature
from tests.browser import people
from tests.browser.conftest import Site, Visitor

pytestmark = pytest.mark.browser
Open = Callable[..., Visitor]


@pytest.fixture
def visitors(chromium: Browser, site: Site, pictures: Path) -> Iterator[Open]:
    """Open browsers; all are closed at the end."""
    opened: list[Visitor] = []

    def open_one(language: str, part: cast.Part | None = None) -> Visitor:
        visitor = Visitor(chromium, site, language, pictures)
        opened.append(visitor)
        if part is not None:
            visitor.sign_in(part.email, cast.PASSWORD)
        return visitor

    yield open_one
    for visitor in opened:
        with closing(visitor):
            pass


@pytest.mark.parametrize(
    ("language", "kind", "name"),
    [
        ("ja", "accommodation", "見本の宿 髙橋﨑𠮷"),
        ("en", "tour", "見本ツアー 髙橋﨑𠮷"),
    ],
    ids=["ja-accommodation", "en-tour"],
)
def test_from_sign_up_to_the_check_page(
    visitors: Open, tmp_path: Path, language: str, kind: str, name: str
) -> None:
    operator = visitors(language)
    people.sign_up(operator, f"{kind}-journey@example.jp")
    people.enter_operator(operator, f"{name} 株式会社")
    site = people.enter_site(operator, kind, name)
    key = people.write_application(operator, site, tmp_path)
    people.send_application(operator, key)

    office = visitors(language, cast.OFFICE)
    people.screen(office, key)
    shown = name if language == "ja" else f"Mihon {kind}"
    for part in cast.REVIEWERS[:2]:
        people.review(visitors(language, part), shown)
    people.put_on_list(office, key)
    number = people.accredit(visitors(language, cast.CHAIR), key)

    certificate = people.read_decision(operator, key, number)
    with ThreadPoolExecutor(1) as elsewhere:  # the browser's event loop occupies this thread
        checked = elsewhere.submit(check_signature, certificate).result()
    assert checked.intact
    assert checked.covers_whole_file
    told = people.check_certificate(visitors(language), number, _code_of(certificate))
    assert told["status"] == "valid"
    assert told["edition"] == 1
    assert told["superseded_by"] is None
    assert [one["number"] for one in told["indicators"]] == [1, 2, 3]


def _code_of(certificate: bytes) -> str:
    with pikepdf.open(io.BytesIO(certificate)) as pdf:
        attached = pdf.attachments[next(iter(pdf.attachments))].get_file().read_bytes()
    found = re.search(rb"\?c=([0-9a-f]{32})", attached)
    assert found, "the certificate carries no code"
    return found[1].decode()
