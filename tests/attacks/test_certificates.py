"""Certificates: forged codes, walked numbers, and how soon an end is seen (W22, W23, W24)."""

import json
import re
import string
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from flask import Flask
from sqlalchemy import select

from accreditation import clock, create_app
from accreditation.config import load_settings
from accreditation.extensions import db, writing
from accreditation.models import Accreditation, Certificate, Office, Person, Site
from accreditation.models.accreditations import new_code
from accreditation.services.steps import take_step
from certificates.sign import check_signature
from tests import factories
from tests.certificates.reading import picture
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from workflows.application import ApplicationState as S

ADDRESS = "https://accreditation.example.jp"
SOON = 5  # seconds
WALKED = 1_000
SECRETS = ("内密の住所", "076-199-8877", "内密の代表者", "内密の所見", "内密の理由")


@dataclass
class World:
    """A register with two numbers, and words of the cases behind it that it does not list."""

    app: Flask
    code: str
    other: str
    hidden: set[str]


@pytest.fixture(scope="module")
def world(shared_app: Flask) -> Iterator[World]:
    settings = shared_app.extensions["settings"]
    given = {"data_dir": settings.data_dir, "database_url": settings.database_url, "demo": True}
    app = create_app(load_settings(**given, base_url=ADDRESS))
    with clock.at(MADE_UP_NOW), app.app_context(), writing():
        telling: dict[str, Any] = {
            "address": SECRETS[0],
            "phone": SECRETS[1],
            "representative": SECRETS[2],
        }
        listed = factories.site(factories.operator(**telling))
        first = factories.accreditation(of=listed)
        second = factories.accreditation()
        factories.application(S.REFUSED)
        factories.application(S.IN_REVIEW)
        factories.draft()
        codes = [one.certificates[0].code for one in (first, second)]
        people = db.session.scalars(select(Person)).all()
        hidden = {one.email for one in people} | {one.name for one in people} | set(codes)
        unlisted = db.session.scalars(
            select(Site).where(Site.id.not_in((first.site_id, second.site_id)))
        )
        hidden |= {one.name_ja for one in unlisted}
        db.session.commit()
    with clock.at(MADE_UP_NOW):
        app.extensions["jobs"].sweep()
    yield World(app, codes[0], codes[1], hidden | set(SECRETS))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def standing(app: Flask, query: str = "") -> tuple[str, str]:
    """Ask as a machine: how the accreditation stands, and what the paper is."""
    answer = app.test_client().get(f"/verify/R08-0001.json{query}")
    assert answer.headers["Cache-Control"] == "no-cache"
    found = json.loads(answer.text)
    return found["status"], found["paper"]


def test_a_code_has_128_bits_that_nobody_foresees() -> None:
    codes = {new_code() for _ in range(1_000)}
    assert len(codes) == 1_000
    assert {len(code) for code in codes} == {32}
    counted = "".join(codes)
    assert set(counted) == set(string.hexdigits.lower())
    assert all(1_700 < counted.count(digit) < 2_300 for digit in set(counted))  # of 32,000


def test_no_altered_code_is_ever_genuine(world: World) -> None:
    assert standing(world.app, f"?c={world.code}") == ("valid", "genuine")
    altered = set()
    for place, digit in enumerate(world.code):
        for other in ("0123456789abcdef".replace(digit, "")[:3]) + digit.upper() + "é":
            altered.add(world.code[:place] + other + world.code[place + 1 :])
        altered.add(world.code[:place] + world.code[place + 1 :])
    altered |= {world.code + "0", "0" * 32, world.code[::-1], f"{world.code}%20", world.other}
    altered.discard(world.code)
    assert len(altered) >= 100
    for code in altered:
        assert standing(world.app, f"?c={code}")[1] == "not_ours", code
    page = Pages(world.app).get(f"/verify/R08-0001?c={altered.pop()}")
    assert "This paper is not ours" in page
    assert "check-valid" not in page


def test_the_printed_code_opens_the_check_page_at_our_address(world: World) -> None:
    answer = world.app.test_client().get("/verify/R08-0001.pdf")
    assert answer.mimetype == "application/pdf"
    found = zxingcpp.read_barcodes(picture(answer.data, 1, dpi=110))
    read = urlsplit(found[0].text)
    assert f"{read.scheme}://{read.netloc}" == ADDRESS
    assert (read.path, parse_qs(read.query)) == ("/verify/R08-0001", {"c": [world.code]})
    assert check_signature(answer.data).intact


def test_the_check_page_says_at_which_address_it_is(world: World) -> None:
    page = Pages(world.app).get(f"/verify/R08-0001?c={world.code}")
    assert f"This page is at {ADDRESS}. If your browser shows another address" in page


def test_walking_the_numbers_tells_nothing_beyond_the_register(world: World) -> None:
    client, found = world.app.test_client(), []
    unknown = set()
    for last in range(WALKED):
        answer = client.get(f"/verify/R08-{last:04d}.json")
        if answer.status_code == 200:
            found.append(answer.text)
        else:
            assert answer.status_code == 404
            unknown.add(answer.text)
    assert len(found) == 2
    assert len(unknown) == 1  # never issued, and not yet issued, are the same answer
    paths = ("/register/R08-{}", "/verify/R08-{}", "/register?q=R08-{}", "/verify/R08-{}?edition=1")
    shown = [
        client.get(path.format(number)).text
        for path in paths
        for number in ("0000", "0001", "0002", "0003", "0004")
    ]
    told = "\n".join([*found, *shown])
    assert "見本の宿" in told
    assert [word for word in world.hidden if word in told] == []
    listed = client.get("/register").text
    numbers = set(re.findall(r"R08-\d{4}", listed))
    assert {json.loads(one)["number"] for one in found} == numbers == {"R08-0001", "R08-0002"}


# Step -> how the accreditation stands then, and the mark of it in the register.
STEPS = {
    "suspend": ("suspended", "tag-warning"),
    "lift": ("valid", "tag-success"),
    "withdraw": ("withdrawn", "tag-danger"),
}


def test_what_the_council_does_is_seen_at_once_everywhere(world: World, shared_app: Flask) -> None:
    """Done by one server, it is seen through another; no cache between may keep the answer."""
    slowest = 0.0
    for step, (name, mark) in STEPS.items():
        with world.app.app_context(), writing():
            council = factories.person(Office.COUNCIL)
            held = db.session.scalars(select(Accreditation).order_by(Accreditation.id)).first()
            assert held is not None
            take_step(held, step, council, note="内密の理由")
            db.session.commit()
        began = time.monotonic()
        assert standing(shared_app, f"?c={world.code}") == (name, "genuine")
        check = f"/verify/R08-0001?c={world.code}"
        marks = {check: f"check-{name}", "/register/R08-0001": mark, "/register?q=R08-0001": mark}
        for path, seen in marks.items():
            answer = shared_app.test_client().get(path)
            assert answer.headers["Cache-Control"] == "no-cache"
            assert seen in answer.text, path
        answer = shared_app.test_client().get("/verify/R08-0001.pdf")
        assert answer.headers["Cache-Control"] == "no-cache"
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < SOON


def test_the_day_after_the_last_it_is_expired_at_once(world: World) -> None:
    with world.app.app_context():
        chosen = select(Certificate.valid_until).where(Certificate.code == world.other)
        last = db.session.scalars(chosen).one()
    client = world.app.test_client()
    midnight = clock.start_of(last + timedelta(days=1))
    for moment, name in ((midnight - timedelta(seconds=1), "valid"), (midnight, "expired")):
        with clock.at(moment):
            found = json.loads(client.get("/verify/R08-0002.json").text)
            page = client.get("/verify/R08-0002").text
        assert found["status"] == name
        assert f"check-{name}" in page
