"""Who gets a file as it was sent, who a copy of it, and what is said when there is none."""

from flask import Flask
from sqlalchemy import select

from accreditation.extensions import db, writing
from accreditation.models import Application, Office
from accreditation.services import applications, evidence
from accreditation.services.steps import take_step
from tests import factories
from tests.pages import Pages
from tests.services.copies import revealing
from tests.services.copies.test_copies import moving

PHOTOGRAPH = revealing.picture("JPEG")


def case_with(app: Flask, name: str, content: bytes) -> tuple[str, dict[str, str]]:
    """Make a case on the council's list with a file; gives the file's key, and who reads it."""
    with app.app_context(), writing():
        case, office = factories.draft(), factories.person(Office.OFFICE, language="en")
        owner = factories.owner_of(case.site.operator)
        factories.answer_all(case)
        file = factories.file_of(case, name, content)
        evidence.attach(case, "1-2", file)
        applications.accept_terms(case, owner)
        take_step(case, "submit", owner)
        take_step(case, "accept", office)
        reviewer = factories.person(Office.REVIEWER, language="en")
        factories.handed_in_review(case, reviewer)
        factories.handed_in_review(case)
        take_step(case, "list", office)
        people = {
            "operator": owner,
            "office": office,
            "council": factories.person(Office.COUNCIL, language="en"),
            "reviewer": reviewer,
        }
        db.session.commit()
        return file.key, {who: one.email for who, one in people.items()}


def test_only_its_operator_gets_a_file_as_it_was_sent(app: Flask) -> None:
    key, people = case_with(app, "写真.jpg", PHOTOGRAPH)
    for who, email in people.items():
        answer = Pages(app, email).client.get(f"/evidence/{key}")
        assert answer.status_code == 200
        assert (answer.data == PHOTOGRAPH) == (who == "operator"), who
        assert (revealing.CANARY.encode() in answer.data) == (who == "operator"), who
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == "sandbox"


def test_without_a_copy_nobody_else_gets_anything(app: Flask) -> None:
    key, people = case_with(app, "動画.webp", moving())
    assert Pages(app, people["operator"]).client.get(f"/evidence/{key}").data == moving()
    for who in ("office", "council", "reviewer"):
        html = Pages(app, people[who]).get(f"/evidence/{key}", 422)
        assert "There is no copy of this file" in html
        assert (f"/office/evidence/{key}/original" in html) == (who == "office")


def test_the_office_opens_the_original_with_a_reason_that_is_kept(app: Flask) -> None:
    key, people = case_with(app, "写真.jpg", PHOTOGRAPH)
    office, path = Pages(app, people["office"]), f"/office/evidence/{key}/original"
    assert "Please give the reason." in office.post(path, {"note": " "}, status=422)
    given = {"csrf_token": office.token(path), "note": "撮影日の確認"}
    assert office.client.post(path, data=given).data == PHOTOGRAPH
    with app.app_context():
        case = db.session.scalars(select(Application.key)).one()
    html = office.get(f"/office/applications/{case}")
    assert "Original of a file opened" in html
    assert "撮影日の確認" in html
    assert "撮影日の確認" not in Pages(app, people["operator"]).get(f"/my/applications/{case}")
