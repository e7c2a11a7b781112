"""The check page's twins: JSON for machines, and the certificate itself as PDF."""

import hashlib
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accreditation import clock
from accreditation.services import documents
from tests import disk
from tests.web.public.visit import LATER, NUMBER, Case, stored


def _make_papers(app: Flask) -> None:
    with app.app_context():
        for document in documents.waiting():
            assert documents.make(document)


@pytest.mark.parametrize("asked", ["99", "-1"])
def test_the_twins_of_an_edition_there_is_not(client: FlaskClient, case: Case, asked: str) -> None:
    del case
    answer = client.get(f"/verify/{NUMBER}.json?edition={asked}")
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json is not None
    assert answer.json["error"] == "This certificate has no such edition."
    assert [one["edition"] for one in answer.json["editions"]] == [1]
    assert "status" not in answer.json
    assert client.get(f"/verify/{NUMBER}.pdf?edition={asked}").status_code == 404


def test_the_json_twin_answers_everybody(client: FlaskClient, renewed: Case) -> None:
    del renewed
    with clock.at(clock.now() + LATER):
        answer = client.get(f"/verify/{NUMBER}.json?edition=1")
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


@pytest.mark.parametrize("fault", [disk.bend, disk.lose])
def test_a_certificate_lost_from_the_store_is_told_in_words(
    app: Flask, case: Case, fault: Callable[[str], None]
) -> None:
    _make_papers(app)
    with app.app_context():
        sha256 = stored().newest.document.sha256 or ""
        fault(sha256)
    html = case.pages.get(f"/verify/{NUMBER}.pdf", 500)
    assert "This file can&#39;t be opened" in html
    assert "Please tell the office." in html
