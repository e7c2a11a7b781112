"""The conflict of interest is declared before anything of the application opens."""

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import HistoryEntry, Membership, Office
from accreditation.services.steps import take_step
from tests import factories
from tests.pages import Pages
from tests.web.reviewer.desk import Desk, seated
from workflows.application import ApplicationState


def _state(desk: Desk) -> object:
    return desk.read(lambda review: review.state)


def test_before_the_declaration_only_names_are_shown(invited: Desk) -> None:
    html = invited.pages.get(invited.path)
    assert "Do you have a conflict of interest?" in html
    assert "Specimen Inn" in html
    assert "Specimen Tourism" in html
    for content in ("取組の説明", "Record energy use", "/evidence/", "Mihon-machi"):
        assert content not in html


@pytest.mark.parametrize("page", ["/indicators/1", "/items/1-1"])
def test_before_the_declaration_nothing_else_is_there(invited: Desk, page: str) -> None:
    invited.pages.get(invited.path + page, status=404)


def test_no_conflict_opens_the_review(invited: Desk) -> None:
    values = {"step": "declare_none"}
    html = invited.pages.post(f"{invited.path}/declaration", values, page=invited.path)
    assert _state(invited) == "open"
    assert "0 of 13 items judged" in html
    assert "取組の説明" in invited.pages.get(f"{invited.path}/indicators/1")


def test_a_conflict_closes_the_case_for_good(invited: Desk) -> None:
    values = {"step": "declare_conflict", "note": "妹が働いています。"}
    html = invited.pages.post(f"{invited.path}/declaration", values, page=invited.path)
    assert _state(invited) == "recused"
    assert "this case is closed to you" in html
    for content in ("取組の説明", "Record energy use"):
        assert content not in html
    invited.pages.get(f"{invited.path}/indicators/1", status=404)
    with invited.app.app_context():
        last = db.session.scalars(db.select(HistoryEntry).order_by(HistoryEntry.sequence)).all()[-1]
        assert last.detail is not None
        assert last.detail.content["note"] == "妹が働いています。"


def test_a_conflict_needs_its_words(invited: Desk) -> None:
    values = {"step": "declare_conflict", "note": " \n "}
    path = f"{invited.path}/declaration"
    html = invited.pages.post(path, values, page=invited.path, status=422)
    assert "Please give the reason." in html
    assert "<title>Error: " in html
    assert _state(invited) == "invited"


def test_a_conflict_noticed_later_can_still_be_declared(at_work: Desk) -> None:
    assert "You noticed a conflict of interest?" in at_work.pages.get(at_work.path)
    values = {"step": "declare_conflict", "note": "知人でした。"}
    at_work.pages.post(f"{at_work.path}/declaration", values, page=at_work.path)
    assert _state(at_work) == "recused"


@pytest.mark.parametrize("step", ["", "hand_in", "release", "nonsense"])
def test_other_steps_are_not_declared(invited: Desk, step: str) -> None:
    path = f"{invited.path}/declaration"
    invited.pages.post(path, {"step": step}, page=invited.path, status=400)
    assert _state(invited) == "invited"


def test_a_second_declaration_reads_that_the_case_has_moved_on(invited: Desk) -> None:
    token = invited.pages.token(invited.path)
    values = {"step": "declare_none", "csrf_token": token}
    path = f"{invited.path}/declaration"
    answers = [invited.pages.client.post(path, data=values).status_code for _ in range(2)]
    assert answers == [303, 409]
    assert _state(invited) == "open"


def test_somebody_of_the_operator_can_only_declare_the_conflict(invited: Desk) -> None:
    invited.change(
        lambda review: db.session.add(
            Membership(operator=review.application.site.operator, person=review.reviewer)
        )
    )
    html = invited.pages.get(invited.path)
    assert "You belong to this operator: declare the conflict." in html
    values = {"step": "declare_none"}
    path = f"{invited.path}/declaration"
    invited.pages.post(path, values, page=invited.path, status=409)
    assert _state(invited) == "invited"


def test_the_review_of_somebody_else_is_not_there(app: Flask, invited: Desk) -> None:
    other = seated(
        app, lambda: factories.application(ApplicationState.IN_REVIEW), factories.open_review
    )
    with app.app_context(), writing():
        office = factories.person(Office.OFFICE).email
        db.session.commit()
    for somebody in (other.pages, Pages(app, office)):
        somebody.get(invited.path, status=404)
    token = other.pages.token(other.path)
    values = {"step": "declare_none", "csrf_token": token}
    answer = other.pages.client.post(f"{invited.path}/declaration", data=values)
    assert answer.status_code == 404
    assert _state(invited) == "invited"


def test_a_released_reviewer_no_longer_sees_the_case(invited: Desk) -> None:
    invited.change(
        lambda review: take_step(review, "release", factories.person(Office.OFFICE), note="交代")
    )
    invited.pages.get(invited.path, status=404)
