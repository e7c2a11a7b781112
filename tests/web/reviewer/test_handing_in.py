"""Handing in, and thinking over where the reviewers differ."""

from copy import deepcopy

import pytest

from accreditation.models import Application, Office, Person, Review
from accreditation.schemes.rules import Verdict
from accreditation.services import evidence, results, reviews
from accreditation.services.steps import take_step
from tests import factories, triggers
from tests.fields import hidden
from tests.web.reviewer.desk import Desk, Seat, finding_of

OTHERS_REASON = "ほかの審査員の理由"


def _judge_all(review: Review) -> None:
    for item in results.asked(review.application):
        reviews.find(review, reviews.Judgement(item.id, Verdict.CARRIED_OUT, "確認した"))


def _state(desk: Desk) -> object:
    return desk.read(lambda review: review.state)


def test_what_is_missing_is_listed_in_place_of_the_button(at_work: Desk) -> None:
    html = at_work.pages.get(at_work.path)
    assert "20 items still need a finding and its reason" in html
    assert f'href="{at_work.path}/indicators/1#item-1-5"' in html
    assert "Hand in the review" not in html
    at_work.pages.post(f"{at_work.path}/hand-in", page=at_work.path, status=409)
    assert _state(at_work) == "open"


def test_a_complete_review_is_handed_in_and_only_read_from_then_on(at_work: Desk) -> None:
    at_work.change(_judge_all)
    assert "Hand in the review" in at_work.pages.get(at_work.path)
    html = at_work.pages.post(f"{at_work.path}/hand-in", page=at_work.path)
    assert "Your review was handed in." in html
    assert _state(at_work) == "handed_in"
    page = at_work.pages.get(f"{at_work.path}/indicators/1")
    assert "確認した" in page
    assert "<textarea" not in page


def test_handing_in_twice_is_handing_in_once(at_work: Desk) -> None:
    at_work.change(_judge_all)
    token = at_work.pages.token(at_work.path)
    path = f"{at_work.path}/hand-in"
    sent = [at_work.pages.client.post(path, data={"csrf_token": token}) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 409]
    last = sent[1].text.partition('id="last"')[2]
    assert "Findings handed in" in last, "the page says that it was done already"


def test_own_findings_run_through_the_rule(at_work: Desk) -> None:
    assert "The rule is not met yet" in at_work.pages.get(at_work.path)
    at_work.change(_judge_all)
    assert "The rule is met" in at_work.pages.get(at_work.path)


def _withdraw(review: Review) -> None:
    """Let the operator withdraw the application."""
    owner = factories.owner_of(review.application.site.operator)
    take_step(review.application, "withdraw", owner)


def _attach(review: Review) -> None:
    """Put a file among what was sent."""
    case = review.application
    file = factories.file_of(case)
    sent = {"key": file.key, "name": file.name, "sha256": file.sha256}
    content = deepcopy(case.submissions[-1].content)
    content["answers"]["1-1"]["evidence"] = [sent]
    triggers.drop("submissions")
    case.submissions[-1].content = content


def _evidence(desk: Desk) -> str:
    """Give the address of the file that was sent."""
    sent = desk.read(lambda review: sorted(evidence.sent_with(review.application)))
    assert isinstance(sent, list)
    return f"/evidence/{sent[0]}"


def test_after_a_withdrawal_an_unfinished_review_is_closed(at_work: Desk) -> None:
    at_work.change(_judge_all)
    at_work.change(_attach)
    file = _evidence(at_work)
    assert at_work.pages.client.get(file).status_code == 200
    at_work.change(_withdraw)
    at_work.pages.post(f"{at_work.path}/hand-in", page="/account", status=404)
    for path in (at_work.path, f"{at_work.path}/indicators/1", file):
        at_work.pages.get(path, status=404)
    assert "0 reviews wait for you." in at_work.pages.get("/reviews")


def test_after_a_withdrawal_a_review_handed_in_stays_readable(handed_in: Desk) -> None:
    handed_in.change(_attach)
    file = _evidence(handed_in)
    handed_in.change(_withdraw)
    assert "You handed this review in" in handed_in.pages.get(handed_in.path)
    assert handed_in.pages.client.get(file).status_code == 200


def test_nothing_of_others_shows_while_one_is_still_to_come(handed_in: Desk) -> None:
    def other_begins(review: Review) -> None:
        other = next(one for one in reviews.of_application(review.application) if one != review)
        reviews.find(other, reviews.Judgement("1-1", Verdict.NOT_CARRIED_OUT, OTHERS_REASON))

    handed_in.change(other_begins)
    for page in ("", "/indicators/1"):
        html = handed_in.pages.get(handed_in.path + page)
        assert OTHERS_REASON not in html
        assert "Where the reviewers differ" not in html
    handed_in.pages.get(f"{handed_in.path}/items/1-1", status=404)


@pytest.fixture
def differing(seat: Seat) -> Desk:
    """A reviewer who handed in, as did another, who differs on one item."""

    def make(application: Application, reviewer: Person) -> Review:
        other = factories.open_review(
            application, factories.person(Office.REVIEWER, name="別の審査員")
        )
        _judge_all(other)
        reviews.find(other, reviews.Judgement("1-1", Verdict.NOT_CARRIED_OUT, OTHERS_REASON))
        take_step(other, "hand_in", other.reviewer)
        return factories.handed_in_review(application, reviewer)

    return seat(make)


def _path(desk: Desk) -> str:
    return f"{desk.path}/items/1-1"


def _own(desk: Desk) -> object:
    def see(review: Review) -> tuple[object, str]:
        return finding_of(review, "1-1").verdict, finding_of(review, "1-1").reason

    return desk.read(see)


def test_where_reviewers_differ_the_other_finding_shows_without_a_name(differing: Desk) -> None:
    assert f'href="{_path(differing)}"' in differing.pages.get(differing.path)
    html = differing.pages.get(_path(differing))
    assert OTHERS_REASON in html
    assert "確認した 1-1" in html
    assert "別の審査員" not in html


def test_a_finding_can_be_thought_over(differing: Desk) -> None:
    values = {"item-1-1-verdict": "not_carried_out", "item-1-1-reason": "見直した"}
    html = differing.pages.post(_path(differing), values)
    assert _own(differing) == (Verdict.NOT_CARRIED_OUT, "見直した")
    assert "Where the reviewers differ" not in html
    differing.pages.get(_path(differing), status=404)


def test_a_stale_page_does_not_pass_over_what_another_window_found(differing: Desk) -> None:
    stale = dict(hidden(differing.pages.get(_path(differing))))
    first = {"item-1-1-verdict": "carried_out", "item-1-1-reason": "別の窓で書いた"}
    differing.pages.post(_path(differing), stale | first)
    second = {"item-1-1-verdict": "not_carried_out", "item-1-1-reason": "この窓で書いた"}
    html = differing.pages.post(_path(differing), stale | second, status=422)
    assert "This finding was changed in another window." in html
    assert "別の窓で書いた" in html
    assert "この窓で書いた" in html
    assert _own(differing) == (Verdict.CARRIED_OUT, "別の窓で書いた")
    differing.pages.post(_path(differing), dict(hidden(html)) | second)
    assert _own(differing) == (Verdict.NOT_CARRIED_OUT, "この窓で書いた")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"item-1-1-verdict": "carried_out", "item-1-1-reason": " "}, "Please give the reason."),
        ({"item-1-1-reason": "理由だけ"}, "Please choose a finding."),
        (
            {"item-1-1-verdict": "not_applicable", "item-1-1-reason": "対象外"},
            "Please check these points",
        ),
    ],
)
def test_thinking_over_needs_a_finding_and_its_reason(
    differing: Desk, values: dict[str, str], message: str
) -> None:
    html = differing.pages.post(_path(differing), values, status=422)
    assert message in html
    assert values["item-1-1-reason"].strip() in html
    assert _own(differing) == (Verdict.CARRIED_OUT, "確認した 1-1")


def test_what_the_office_settled_is_shown(differing: Desk) -> None:
    judgement = reviews.Judgement("1-1", Verdict.CARRIED_OUT, "現地で確かめた")
    differing.change(
        lambda review: reviews.reconcile(
            review.application, judgement, factories.person(Office.OFFICE)
        )
    )
    assert "Settled by the office" in differing.pages.get(differing.path)
    assert "現地で確かめた" in differing.pages.get(_path(differing))


@pytest.mark.parametrize("item", ["1-2", "nonsense"])
def test_an_item_without_a_difference_is_not_thought_over(differing: Desk, item: str) -> None:
    differing.pages.get(f"{differing.path}/items/{item}", status=404)


def test_when_the_difference_has_gone_meanwhile_the_typed_text_comes_back(differing: Desk) -> None:
    token = differing.pages.token(_path(differing))
    judgement = reviews.Judgement("1-1", Verdict.NOT_CARRIED_OUT, "別の窓で直した")
    differing.change(lambda review: reviews.reconsider(review, judgement, review.reviewer))
    values = {"item-1-1-verdict": "carried_out", "item-1-1-reason": "遅れた文"}
    answer = differing.pages.client.post(_path(differing), data={**values, "csrf_token": token})
    assert answer.status_code == 422
    assert "遅れた文" in answer.text
