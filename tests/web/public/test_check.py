"""The check page: what a tourist, a travel platform and a forger get to see."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Accreditation, Office
from accreditation.services import documents, storage
from accreditation.services.steps import take_step
from tests import factories
from tests.pages import Pages
from workflows.application import ApplicationState

NUMBER = "R08-0001"
LATER = timedelta(days=100)


@dataclass
class Case:
    """A visitor, and the codes of the editions of the one accreditation there is."""

    pages: Pages
    codes: list[str]


@pytest.fixture
def case(app: Flask) -> Case:
    with app.app_context(), writing():
        codes = [one.code for one in factories.accreditation().certificates]
        db.session.commit()
    return Case(Pages(app), codes)


@pytest.fixture
def renewed(app: Flask, case: Case) -> Case:
    """The same, with a second edition granted later."""
    with app.app_context(), writing(), clock.at(clock.now() + LATER):
        accreditation = _stored()
        application = factories.application(ApplicationState.LISTED, of=accreditation.site)
        factories.decide(application, "accredit_with_conditions", conditions=["毎年報告すること"])
        db.session.commit()
        db.session.refresh(accreditation)
        return Case(case.pages, [one.code for one in accreditation.certificates])


def _stored() -> Accreditation:
    return db.session.scalars(select(Accreditation)).one()


def _take(app: Flask, step: str) -> None:
    with app.app_context(), writing():
        accreditation = _stored()
        owner = factories.owner_of(accreditation.site.operator)
        actor = owner if step == "surrender" else factories.person(Office.COUNCIL)
        take_step(accreditation, step, actor, note="内密の理由")
        db.session.commit()


def _make_papers(app: Flask) -> None:
    with app.app_context():
        for document in documents.waiting():
            assert documents.make(document)


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


def test_an_edition_there_is_not_is_a_404(case: Case) -> None:
    case.pages.get(f"/verify/{NUMBER}?edition=9", status=404)


def test_the_json_twin_answers_everybody(client: FlaskClient, renewed: Case) -> None:
    del renewed
    with clock.at(clock.now() + LATER):
        answer = client.get(f"/verify/{NUMBER.lower()}.json?edition=1")
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json is not None
    given = {name: answer.json[name] for name in ("number", "status", "edition", "superseded_by")}
    assert given == {"number": NUMBER, "status": "valid", "edition": 1, "superseded_by": 2}


def test_the_json_twin_judges_the_paper_too(client: FlaskClient, case: Case) -> None:
    for code, paper in ((case.codes[0], "genuine"), ("0", "not_ours"), ("", "not_checked")):
        answer = client.get(f"/verify/{NUMBER}.json?c={code}").json
        assert answer is not None
        assert answer["paper"] == paper


@pytest.mark.parametrize("path", ["/verify/R08-0002.json", "/verify/x.json"])
def test_the_json_twin_of_nothing_is_a_404_without_a_status(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json == {"error": "This certificate is not in the register."}


def test_a_certificate_in_the_making_asks_for_patience(client: FlaskClient, case: Case) -> None:
    assert "The PDF is being made." in case.pages.get(f"/verify/{NUMBER}")
    answer = client.get(f"/verify/{NUMBER}.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_the_pdf_twin_is_the_stored_file(app: Flask, client: FlaskClient, case: Case) -> None:
    _make_papers(app)
    answer = client.get(f"/verify/{NUMBER}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert "inline" in answer.headers["Content-Disposition"]
    assert f"{NUMBER}-1.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-cache"
    sha256 = hashlib.sha256(answer.data).hexdigest()
    assert answer.headers["ETag"] == f'"{sha256}"'
    assert sha256 in case.pages.get(f"/verify/{NUMBER}")
    again = client.get(f"/verify/{NUMBER}.pdf", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_each_edition_has_its_own_pdf(app: Flask, client: FlaskClient, renewed: Case) -> None:
    del renewed
    _make_papers(app)
    first, second, newest = (
        client.get(f"/verify/{NUMBER}.pdf{query}").get_etag()
        for query in ("?edition=1", "?edition=2", "")
    )
    assert first != second == newest


def test_the_pdf_of_nothing_is_a_404(client: FlaskClient) -> None:
    assert client.get("/verify/R08-0002.pdf").status_code == 404


@pytest.mark.parametrize("fault", ["damaged", "missing"])
def test_a_certificate_lost_from_the_store_is_told_in_words(
    app: Flask, case: Case, fault: str
) -> None:
    _make_papers(app)
    with app.app_context():
        sha256 = _stored().newest.document.sha256 or ""
        path = f"{sha256[:2]}/{sha256}"
        store = storage._store()  # noqa: SLF001 - a fault of the disk has no other door
        store.delete(path) if fault == "missing" else store.put(path, b"bent", mode="overwrite")
    html = case.pages.get(f"/verify/{NUMBER}.pdf", 500)
    assert "This file can&#39;t be opened" in html
    assert "Please tell the office." in html
