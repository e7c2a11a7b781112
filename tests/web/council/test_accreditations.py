"""What was accredited: finding it, and suspending, lifting, withdrawing it."""

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Accreditation, Membership, Office
from accreditation.services import register
from tests import factories
from tests.pages import Pages
from tests.stages import Stages
from workflows.accreditation import Standing

PATH = "/council/accreditations/R08-0001"


def takahashi() -> None:
    factories.accreditation(of=factories.site(name_ja="髙橋の宿", name_en="Takahashi Inn"))


@pytest.fixture(autouse=True)
def accredited(app: Flask, stages: Stages) -> None:
    stages.set(app, takahashi)


def step(pages: Pages, name: str, note: str = "見本の理由", status: int = 200, **more: str) -> str:
    return pages.post(f"{PATH}/steps/{name}", {"note": note, **more}, page=PATH, status=status)


def standing(app: Flask) -> Standing:
    with app.app_context():
        return register.find("R08-0001").standing


@pytest.mark.parametrize("text", ["R08-0001", "高橋の宿", "takahashi", ""])
def test_an_accreditation_is_found_by_number_or_name(council: Pages, text: str) -> None:
    found = council.get(f"/council/accreditations?q={text}")

    assert PATH in found


def test_what_is_not_there_is_said(council: Pages) -> None:
    assert "No accreditation fits." in council.get("/council/accreditations?q=nowhere")
    council.get("/council/accreditations/R08-9999", status=404)


def test_suspending_and_lifting_stand_in_the_history(app: Flask, council: Pages) -> None:
    assert "調査のため" in step(council, "suspend", "調査のため")
    assert standing(app) == Standing.SUSPENDED
    assert "調査が終わった" in step(council, "lift", "調査が終わった")
    assert standing(app) == Standing.VALID


def test_withdrawing_ends_it(app: Flask, council: Pages) -> None:
    page = step(council, "withdraw", "虚偽の申請")

    assert standing(app) == Standing.WITHDRAWN
    assert "What you can do now" not in page
    late = council.post(f"{PATH}/steps/suspend", {"note": "理由"}, page="/account", status=409)
    assert "it was taken already, or something else happened first" in late


def test_the_second_of_two_windows_reads_what_happened(app: Flask, council: Pages) -> None:
    step(council, "suspend", "一つ目の窓で書いた理由")
    late = {"note": "二つ目の窓で書いた理由"}

    page = council.post(f"{PATH}/steps/suspend", late, page=PATH, status=409)

    last = page.partition('id="last"')[2]
    assert "Accreditation suspended" in last
    assert "一つ目の窓で書いた理由" in last
    assert "二つ目の窓で書いた理由</textarea>" in page
    assert standing(app) == Standing.SUSPENDED


def test_a_reason_is_needed_beside_the_step(app: Flask, council: Pages) -> None:
    assert "Please give the reason." in step(council, "withdraw", " ", status=422)
    assert standing(app) == Standing.VALID


def test_a_stale_page_is_noticed(app: Flask, council: Pages) -> None:
    step(council, "suspend")
    step(council, "lift")

    page = step(council, "withdraw", "虚偽の申請", status=409, version="1")

    assert "has changed since" in page
    assert "虚偽の申請" in page
    assert standing(app) == Standing.VALID


def test_nobody_acts_on_the_accreditation_of_their_own_operator(app: Flask) -> None:
    with app.app_context(), writing():
        own = factories.person(Office.COUNCIL, language="en")
        found = db.session.scalars(db.select(Accreditation)).one()
        db.session.add(Membership(operator=found.site.operator, person=own))
        db.session.commit()
        email = own.email
    pages = Pages(app, email)

    assert "You belong to this operator." in pages.get(PATH)
    pages.post(f"{PATH}/steps/suspend", {"note": "理由"}, page="/account", status=409)
    assert standing(app) == Standing.VALID
