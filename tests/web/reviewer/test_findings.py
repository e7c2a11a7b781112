"""Finding, item by item: from what was sent, with nothing typed ever lost."""

from typing import cast

import pytest

from accreditation.models import Review
from accreditation.schemes.rules import Verdict
from accreditation.services import results, reviews
from accreditation.services.steps import take_step
from tests.fields import hidden
from tests.web.reviewer.desk import Desk, finding_of

TEXT = "記録を見た。\r\n<b>12％</b>減\u3000続く"
KEPT = "記録を見た。\n<b>12％</b>減\u3000続く"


def _page(desk: Desk, number: int = 1) -> str:
    return f"{desk.path}/indicators/{number}"


def _found(desk: Desk, item: str = "1-1") -> object:
    def see(review: Review) -> tuple[object, str]:
        finding = finding_of(review, item)
        return finding.verdict, finding.reason

    return desk.read(see)


def _find(item: str, verdict: str, reason: str, version: int = 0) -> dict[str, str]:
    start = f"item-{item}-"
    given = {f"{start}reason": reason, f"{start}version": str(version)}
    return given | ({f"{start}verdict": verdict} if verdict else {})


def test_the_page_shows_question_answer_and_what_counts(at_work: Desk) -> None:
    html = at_work.pages.get(_page(at_work))
    for words in ("Record energy use", "取組の説明 1-1", "What counts as evidence", "Obligatory"):
        assert words in html
    assert html.count("Not carried out") == 13
    assert html.count("Does not apply") == 1  # one item of this indicator may not apply
    assert 'autocomplete="off"' in html


def test_what_was_sent_is_shown_not_what_was_changed_later(at_work: Desk) -> None:
    def change(review: Review) -> None:
        review.application.answers[0].text = "あとから書いた文"

    at_work.change(change)
    assert "あとから書いた文" not in at_work.pages.get(_page(at_work))


def test_findings_are_saved_word_for_word_and_the_next_page_opens(at_work: Desk) -> None:
    html = at_work.pages.post(_page(at_work), _find("1-1", "carried_out", TEXT))
    assert _found(at_work) == (Verdict.CARRIED_OUT, KEPT)
    assert "2. Work in partnership" in html
    assert "&lt;b&gt;12％&lt;/b&gt;" in at_work.pages.get(_page(at_work))


def test_the_other_button_and_the_last_indicator_lead_to_the_overview(at_work: Desk) -> None:
    overview = "What your findings come to"
    values = {"go": "overview", **_find("1-1", "carried_out", "")}
    assert overview in at_work.pages.post(_page(at_work), values)
    assert overview in at_work.pages.post(_page(at_work, 2), _find("2-1", "", "見た"))


def test_a_draft_may_be_half_done(at_work: Desk) -> None:
    at_work.pages.post(_page(at_work), _find("1-1", "", "まだ迷っている"))
    assert _found(at_work) == (None, "まだ迷っている")
    assert at_work.read(lambda review: len(review.findings)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        _find("1-2", "nonsense", ""),
        _find("1-2", "not_applicable", ""),
        _find("1-2", "carried_out", "長" * 4001),
    ],
)
def test_a_wrong_field_saves_nothing_and_loses_nothing(
    at_work: Desk, wrong: dict[str, str]
) -> None:
    values = _find("1-1", "carried_out", TEXT) | wrong
    html = at_work.pages.post(_page(at_work), values, status=422)
    assert "Please check these points" in html
    assert "&lt;b&gt;12％&lt;/b&gt;" in html
    assert wrong["item-1-2-reason"] in html
    assert at_work.read(lambda review: review.findings) == []


def test_two_windows_see_both_texts_and_may_save_again(at_work: Desk) -> None:
    at_work.pages.post(_page(at_work), _find("1-1", "carried_out", "はじめの文"))
    at_work.pages.post(_page(at_work), _find("1-1", "carried_out", "別の窓の文", 1))
    values = _find("1-1", "not_carried_out", "この窓の文", 1) | _find("1-2", "carried_out", "見た")
    html = at_work.pages.post(_page(at_work), values, status=422)
    assert "This finding was changed in another window." in html
    assert "この窓の文" in html
    assert "別の窓の文" in html
    assert "見た" in html
    assert _found(at_work) == (Verdict.CARRIED_OUT, "別の窓の文")
    assert 'name="item-1-1-version" type="hidden" value="2"' in html
    at_work.pages.post(_page(at_work), values | _find("1-1", "not_carried_out", "この窓の文", 2))
    assert _found(at_work) == (Verdict.NOT_CARRIED_OUT, "この窓の文")


def _shown(desk: Desk) -> dict[str, str]:
    """Give a page as a browser sends it back untouched."""
    values = dict(hidden(desk.pages.get(_page(desk))))

    def stored(review: Review) -> dict[str, str]:
        found = {finding.item: finding for finding in review.findings}
        typed = {f"item-{item}-reason": one.reason for item, one in found.items()}
        chosen = {f"item-{item}-verdict": str(one.verdict) for item, one in found.items()}
        return typed | chosen

    return values | cast("dict[str, str]", desk.read(stored))


def test_a_stale_page_writes_only_what_was_touched_on_it(at_work: Desk) -> None:
    at_work.pages.post(_page(at_work), _find("1-1", "carried_out", "はじめの文"))
    stale = _shown(at_work)
    other = _shown(at_work) | {"item-1-1-reason": "別の窓の文"}
    at_work.pages.post(_page(at_work), other)
    at_work.pages.post(
        _page(at_work), stale | {"item-1-2-verdict": "carried_out", "item-1-2-reason": "見た"}
    )
    assert _found(at_work) == (Verdict.CARRIED_OUT, "別の窓の文")
    assert _found(at_work, "1-2") == (Verdict.CARRIED_OUT, "見た")


def test_a_page_that_comes_back_shows_what_another_window_stored(at_work: Desk) -> None:
    at_work.pages.post(_page(at_work), _find("1-1", "carried_out", "はじめの文"))
    stale = _shown(at_work)
    at_work.pages.post(_page(at_work), _shown(at_work) | {"item-1-1-reason": "別の窓の文"})
    html = at_work.pages.post(_page(at_work), stale | {"item-1-2-reason": "長" * 4001}, status=422)
    assert "1-2 " in html.split("Please check these points")[1].split("</ul>")[0]
    assert "はじめの文" not in html
    again = dict(hidden(html)) | {
        "item-1-1-verdict": "carried_out",
        "item-1-1-reason": "別の窓の文",
        "item-1-2-reason": "見た",
    }
    at_work.pages.post(_page(at_work), again)
    assert _found(at_work) == (Verdict.CARRIED_OUT, "別の窓の文")


def test_the_same_page_sent_twice_is_saved_once(at_work: Desk) -> None:
    values = _find("1-1", "carried_out", "見た")
    for _ in range(2):
        at_work.pages.post(_page(at_work), values)
    assert at_work.read(lambda review: [one.version for one in review.findings]) == [1]


def test_asking_for_the_head_of_a_page_saves_nothing(at_work: Desk) -> None:
    values = _find("1-1", "carried_out", "見た")
    answer = at_work.pages.client.head(_page(at_work), data=values)
    assert answer.status_code == 200
    assert at_work.read(lambda review: review.findings) == []


@pytest.mark.parametrize("number", [3, 99])
def test_an_indicator_that_is_not_asked_is_not_there(at_work: Desk, number: int) -> None:
    at_work.pages.get(_page(at_work, number), status=404)


def test_a_form_that_comes_after_handing_in_is_refused_with_its_text(at_work: Desk) -> None:
    token = at_work.pages.token(_page(at_work))

    def finish(review: Review) -> None:
        for item in results.asked(review.application):
            reviews.find(review, reviews.Judgement(item.id, Verdict.CARRIED_OUT, "済"))
        take_step(review, "hand_in", review.reviewer)

    at_work.change(finish)
    values = {**_find("1-1", "not_carried_out", "遅れた文"), "csrf_token": token}
    answer = at_work.pages.client.post(
        _page(at_work), data=values, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 422
    assert "遅れた文" in answer.text
    assert _found(at_work) == (Verdict.CARRIED_OUT, "済")
