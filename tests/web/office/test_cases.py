"""The office's work list and case files."""

from dataclasses import dataclass

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Application, Membership, Office, Review
from accreditation.schemes.rules import Verdict
from accreditation.services import reviews
from accreditation.services.steps import take_step
from tests import factories
from tests.pages import Pages
from tests.web.office.conftest import Counter
from workflows.application import ApplicationState as S
from workflows.review import ReviewState

NO = Verdict.NOT_CARRIED_OUT


@dataclass(frozen=True)
class Desk:
    """A case of the office, and the office's browser."""

    app: Flask
    pages: Pages
    key: str

    @property
    def path(self) -> str:
        return f"/office/applications/{self.key}"

    def case(self) -> Application:
        chosen = db.select(Application).filter_by(key=self.key)
        found: Application = db.session.scalars(chosen).one()
        return found

    def state(self) -> S:
        with self.app.app_context():
            return self.case().state

    def step(self, name: str, note: str = "", status: int = 200, **more: str) -> str:
        values = {"note": note, **more}
        return self.pages.post(f"{self.path}/steps/{name}", values, page=self.path, status=status)


def desk(app: Flask, office: Pages, state: S, **given: object) -> Desk:
    with app.app_context(), writing():
        key = factories.application(state, **given).key
        db.session.commit()
    return Desk(app, office, key)


def differing(app: Flask, office: Pages) -> Desk:
    found = desk(app, office, S.IN_REVIEW, indicators=(1, 2, 3))
    with app.app_context(), writing():
        factories.handed_in_review(found.case())
        factories.handed_in_review(found.case(), otherwise={"3-1": NO})
        db.session.commit()
    return found


def test_the_work_list_shows_what_waits_with_counts_and_who_acts(app: Flask, office: Pages) -> None:
    sent = desk(app, office, S.SUBMITTED)
    returned = desk(app, office, S.RETURNED)
    draft = desk(app, office, S.DRAFT)

    waiting, backs = office.get("/office"), office.get("/office?state=returned")

    assert sent.key.upper() in waiting
    assert returned.key not in waiting
    assert returned.key.upper() in backs
    assert draft.key not in waiting + backs
    assert "Acts next" in waiting
    assert f">{sent.key}<" not in waiting, "one shape of the reference"
    assert sent.key in office.get("/office?state=nonsense&page=x")


def test_the_history_says_what_happened_not_what_the_buttons_say(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.LISTED)

    history = office.get(found.path).split('class="timeline"')[1].split("</ol>")[0]

    for happened in ("Application sent", "Accepted as complete", "Findings handed in"):
        assert happened in history
    assert "Hand in the review" not in history
    assert "Application sent: " in office.get(found.path), "mails say it in the same words"


def test_the_list_takes_the_same_number_of_queries_however_long(
    app: Flask, office: Pages, count_queries: Counter
) -> None:
    desk(app, office, S.SUBMITTED)
    few = count_queries(lambda: office.get("/office"))
    for _ in range(4):
        desk(app, office, S.SUBMITTED)

    assert count_queries(lambda: office.get("/office")) == few


def test_a_case_file_shows_what_was_sent(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.SUBMITTED)

    page = office.get(found.path)

    assert "取組の説明 1-1" in page
    assert "The rule is met" in page
    assert "Accept as complete" in page
    assert "Application started" in page


def test_a_draft_is_no_case_yet(app: Flask, office: Pages) -> None:
    office.get(desk(app, office, S.DRAFT).path, status=404)


def test_the_office_does_not_open_the_case_of_its_own_operator(app: Flask) -> None:
    with app.app_context(), writing():
        case = factories.application(S.SUBMITTED)
        own = factories.person(Office.OFFICE, language="en")
        db.session.add(Membership(operator=case.site.operator, person=own))
        db.session.commit()
        key, email = case.key, own.email
    pages = Pages(app, email)

    assert "Your own operator" in pages.get("/office")
    pages.get(f"/office/applications/{key}", status=404)
    pages.post(f"/office/applications/{key}/steps/accept", page="/account", status=404)


@pytest.mark.parametrize("path", ["/office", "/office/calls", "/office/programmes"])
def test_other_people_have_no_office(app: Flask, path: str) -> None:
    Pages.of(app, Office.REVIEWER).get(path, status=403)


def test_screening_accepts_and_the_next_step_appears(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.SUBMITTED)

    page = found.step("accept")

    assert found.state() == S.IN_REVIEW
    assert "Done: Accepted as complete." in page
    assert "Two reviews must be handed in first." in page


def test_returning_needs_a_reason_beside_its_field(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.SUBMITTED)

    page = found.step("return", "  ", status=422)

    assert "Please give the reason." in page
    assert found.state() == S.SUBMITTED
    assert "写真が足りません" in found.step("return", "写真が足りません\r\n二枚お願いします")
    assert found.state() == S.RETURNED


def test_a_step_sent_twice_happens_once(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.SUBMITTED)
    found.step("accept")

    page = found.step("accept", status=409)

    assert "it was taken already, or something else happened first" in page
    assert "見本 花子" in page, "the page says who did what"


def test_a_stale_page_does_not_act_on_a_newer_submission(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.SUBMITTED)

    page = found.step("decline", "対象外です", version="1", status=409)

    assert "has changed since you opened the page" in page
    assert "対象外です" in page, "what was typed is not lost"
    assert found.state() == S.SUBMITTED


def test_a_step_of_somebody_else_or_of_nobody_is_refused(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.LISTED)

    found.step("accredit", status=403)
    found.step("celebrate", status=404)
    assert found.state() == S.LISTED


def test_a_reviewer_is_asked(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.IN_REVIEW)
    with app.app_context(), writing():
        key = factories.person(Office.REVIEWER, name="見本 春子").key
        db.session.commit()
    path = f"{found.path}/reviewers"

    page = office.post(path, {"reviewer": key}, page=found.path)

    assert "見本 春子 was asked for a review." in page
    again = office.post(path, {"reviewer": key}, page=found.path, status=422)
    assert "This person can't review this application." in again
    missing = office.post(path, {"reviewer": ""}, page=found.path, status=422)
    assert "Please choose a reviewer." in missing


def test_who_asks_themselves_for_a_review_leaves_the_case_to_a_colleague(app: Flask) -> None:
    with app.app_context(), writing():
        person = factories.person(Office.OFFICE, Office.REVIEWER, language="en")
        case = factories.application(S.IN_REVIEW)
        db.session.commit()
        path, key, email = f"/office/applications/{case.key}", person.key, person.email
    pages = Pages(app, email)

    page = pages.post(f"{path}/reviewers", {"reviewer": key}, page=path)

    assert "You were asked to review this case: a colleague handles it." in page
    pages.get(path, status=404)
    pages.post(f"{path}/steps/list", page="/account", status=404)


def test_a_declared_conflict_is_read_by_the_office(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.IN_REVIEW)
    with app.app_context(), writing():
        person = factories.person(Office.REVIEWER)
        review = reviews.assign(found.case(), person, factories.person(Office.OFFICE))
        take_step(review, "declare_conflict", person, note="親族が働いています")
        db.session.commit()

    assert "親族が働いています" in office.get(found.path)


def test_a_review_is_sent_back_with_a_reason(app: Flask, office: Pages) -> None:
    found = differing(app, office)
    with app.app_context():
        first = reviews.of_application(found.case())[0].key
    path = f"/office/reviews/{first}/steps/send_back"

    page = office.post(path, {"note": ""}, page=found.path, status=422)
    assert "Please give the reason." in page
    office.post(path, {"note": "理由が足りません"}, page=found.path)

    with app.app_context():
        review = db.session.scalars(db.select(Review).filter_by(key=first)).one()
        assert review.state == ReviewState.OPEN


def test_findings_stand_side_by_side_and_a_difference_is_settled(app: Flask, office: Pages) -> None:
    found = differing(app, office)
    before = office.get(found.path)
    assert "1 difference is not settled yet" in before
    assert before.count("確認した 3-1") >= 2

    values = {"item-3-1-verdict": "carried_out", "item-3-1-reason": "証拠の写真で確認した"}
    page = office.post(f"{found.path}/items/3-1", values, page=found.path)

    assert "Item 3-1 is settled." in page
    assert "証拠の写真で確認した" in page
    assert "difference is not settled yet" not in page


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"item-3-1-reason": "写真で確認"}, "Please choose what counts."),
        ({"item-3-1-verdict": "carried_out", "item-3-1-reason": " "}, "Please give the reason."),
        (
            {"item-3-1-verdict": "perhaps", "item-3-1-reason": "写真で確認"},
            "Please give a finding and its reason.",
        ),
        (
            {
                "item-3-1-verdict": "carried_out",
                "item-3-1-reason": "写真で確認",
                "item-3-1-seen": "2026-01-01T00:00:00+00:00",
            },
            "This item was settled in another window or by somebody else.",
        ),
    ],
)
def test_settling_says_what_is_missing_and_keeps_what_was_typed(
    app: Flask, office: Pages, values: dict[str, str], why: str
) -> None:
    found = differing(app, office)

    page = office.post(f"{found.path}/items/3-1", values, page=found.path, status=422)

    assert why in page
    assert values["item-3-1-reason"].strip() in page
    with app.app_context():
        assert reviews.differences(found.case())[0].settlement is None


def test_an_item_that_is_not_asked_is_not_found(app: Flask, office: Pages) -> None:
    found = differing(app, office)

    office.post(f"{found.path}/items/9-9", {}, page=found.path, status=404)


def test_mails_of_the_case_are_listed(app: Flask, office: Pages) -> None:
    found = desk(app, office, S.RETURNED)

    assert "見本の理由" in office.get(found.path)
