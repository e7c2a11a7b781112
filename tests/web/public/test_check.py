"""The check page: what a tourist and a forger get to see."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Office
from accreditation.services.steps import take_step
from tests import factories
from tests.pages import Pages
from tests.web.public.visit import LATER, NUMBER, Case, stored


def _take(app: Flask, step: str) -> None:
    with app.app_context(), writing():
        accreditation = stored()
        owner = factories.owner_of(accreditation.site.operator)
        actor = owner if step == "surrender" else factories.person(Office.COUNCIL)
        take_step(accreditation, step, actor, note="内密の理由")
        db.session.commit()


def test_the_form_asks_for_a_number(app: Flask) -> None:
    assert 'name="number"' in Pages(app).get("/verify")


@pytest.mark.parametrize("typed", ["R08-0001", "%20r08-0001", "Ｒ０８ー０００１", "R080001"])
def test_a_number_is_found_however_it_is_typed(case: Case, typed: str) -> None:
    assert "Valid until" in case.pages.get(f"/verify?number={typed}")


@pytest.mark.parametrize("typed", ["", "hello", "R08/0001", "%3Cb%3E"])
def test_what_is_no_number_stays_in_the_field_with_a_message(app: Flask, typed: str) -> None:
    html = Pages(app).get(f"/verify?number={typed}", status=422)
    assert "Please type the number as it is printed" in html
    assert 'aria-invalid="true"' in html
    assert "<title>Error: " in html
    assert "<b>" not in html


def test_the_form_keeps_the_language(app: Flask, client: FlaskClient) -> None:
    assert 'name="lang" value="en"' in Pages(app).get("/verify?lang=en")
    answer = client.get("/verify?number=R08-0001&lang=en")
    assert answer.status_code == 303
    assert answer.location == "/verify/R08-0001?lang=en"


def test_a_valid_certificate_says_so_first(case: Case) -> None:
    html = case.pages.get(f"/verify/{NUMBER}")
    assert "check-valid" in html
    assert "Valid until November 21, 2027" in html
    for words in ("Specimen Inn", "Accommodation", "Edition", "2026.1", "JST", "FY2026"):
        assert words in html
    assert "Specimen City Tourism Accreditation Council" in html


def test_the_day_after_the_last_it_is_expired(case: Case) -> None:
    with clock.at(clock.now() + timedelta(days=365)):
        html = case.pages.get(f"/verify/{NUMBER}")
    assert "check-expired" in html
    assert "Expired: valid until November 21, 2027" in html
    assert "check-valid" not in html


@pytest.mark.parametrize(
    ("step", "standing", "words"),
    [
        ("suspend", "suspended", "Suspended since November 22, 2026"),
        ("withdraw", "withdrawn", "Withdrawn on November 22, 2026"),
        ("surrender", "surrendered", "Given up on November 22, 2026"),
    ],
)
def test_what_was_done_outranks_the_dates(
    app: Flask, case: Case, step: str, standing: str, words: str
) -> None:
    _take(app, step)
    html = case.pages.get(f"/verify/{NUMBER}")
    assert f"check-{standing}" in html
    assert words in html
    assert "Suspended, withdrawn or given up: <strong>yes</strong>" in html
    assert "check-valid" not in html
    assert "内密の理由" not in html


def test_an_unknown_number_is_a_404_with_help(app: Flask) -> None:
    html = Pages(app).get("/verify/r8-77", status=404)
    assert "check-unknown" in html
    assert "R08-0077" in html
    assert "Tell the office" in html


def test_an_address_can_not_put_words_into_our_mouth(app: Flask) -> None:
    html = Pages(app).get("/verify/Pay-here-now", status=404)
    assert "Not in our register" in html
    assert "Pay-here-now" not in html.split("<main")[1].split("</main>")[0]


def test_a_genuine_paper_is_called_genuine(case: Case) -> None:
    html = case.pages.get(f"/verify/{NUMBER}?c={case.codes[0]}")
    assert "check-valid" in html
    assert "The paper is genuine" in html


@pytest.mark.parametrize("code", ["0" * 32, "x", "%E2%98%83"])
def test_a_wrong_code_is_not_ours_and_nothing_is_green(case: Case, code: str) -> None:
    html = case.pages.get(f"/verify/{NUMBER}?c={code}")
    assert "check-mismatch" in html
    assert "This paper is not ours" in html
    for green in ("check-valid", "tag-success", "holds", "banner-success"):
        assert green not in html
    assert "What our register says about" in html


def test_an_earlier_paper_is_genuine_but_superseded(renewed: Case) -> None:
    with clock.at(clock.now() + LATER):
        html = renewed.pages.get(f"/verify/{NUMBER}?c={renewed.codes[0]}")
    assert "This paper is genuine, but a newer one exists" in html
    assert "毎年報告すること" in html


def test_an_earlier_edition_can_be_asked_for(renewed: Case) -> None:
    with clock.at(clock.now() + LATER):
        html = renewed.pages.get(f"/verify/{NUMBER}?edition=1")
        newest = renewed.pages.get(f"/verify/{NUMBER}")
    assert "This is an earlier edition" in html
    assert "毎年報告すること" not in html
    assert "毎年報告すること" in newest
    assert f'href="/verify/{NUMBER}?edition=1"' in newest


def test_an_edition_there_is_not_is_named_beside_those_there_are(renewed: Case) -> None:
    html = renewed.pages.get(f"/verify/{NUMBER}?edition=99", status=404)
    assert "There is no edition 99 of R08-0001." in html
    assert "never issued" not in html
    for edition in (1, 2):
        assert f'href="/verify/{NUMBER}?edition={edition}"' in html


@pytest.mark.parametrize("asked", ["-1", "0", "%2B1", "1.0", "x", "%EF%BC%91", "9" * 5000])
def test_what_is_no_count_of_an_edition_is_never_the_newest(case: Case, asked: str) -> None:
    html = case.pages.get(f"/verify/{NUMBER}?edition={asked}", status=404)
    assert "asks for an edition of R08-0001 that cannot exist" in html
    assert "check-valid" not in html
    assert "never issued" not in html


def test_an_empty_edition_asks_for_none(case: Case) -> None:
    assert "check-valid" in case.pages.get(f"/verify/{NUMBER}?edition=&c=")
