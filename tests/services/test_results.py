"""The rule on answers and on findings: what counts until reviewers agree."""

from datetime import timedelta

import pytest

from accreditation import clock
from accreditation.models import Office
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, results, reviews
from accreditation.services.reviews import Judgement
from accreditation.services.steps import take_step
from tests import factories
from workflows.application import ApplicationState as S

NO = Verdict.NOT_CARRIED_OUT
YES = Verdict.CARRIED_OUT
THIRD = ["3-1", "3-2", "3-3", "3-4"]  # 4 of 7 are needed
pytestmark = pytest.mark.usefixtures("context")


def test_without_reviews_nothing_is_agreed() -> None:
    case = factories.application(S.IN_REVIEW)

    assert results.preview(case).granted
    assert not results.agreed(case).granted
    assert results.agreed(case).reached == frozenset()


def test_a_difference_counts_as_not_carried_out_until_it_is_settled() -> None:
    case = factories.application(S.IN_REVIEW, indicators=(1, 2, 3))
    factories.handed_in_review(case)
    second = factories.handed_in_review(case, otherwise=dict.fromkeys(THIRD, NO))

    assert results.of_review(second).reached == {1, 2}
    assert results.agreed(case).reached == {1, 2}
    reviews.reconcile(case, Judgement("3-1", YES, "認めた"), factories.person(Office.OFFICE))
    assert results.agreed(case).reached == {1, 2, 3}


def test_a_difference_on_an_obligatory_item_blocks_the_accreditation() -> None:
    case = factories.application(S.IN_REVIEW)
    factories.handed_in_review(case)
    factories.handed_in_review(case, otherwise={"1-5": NO})

    agreed = results.agreed(case)

    assert not agreed.granted
    assert [item.id for item in agreed.indicators[0].missing_obligatory] == ["1-5"]


def test_reviews_still_open_do_not_count() -> None:
    case = factories.application(S.IN_REVIEW)
    factories.handed_in_review(case)
    other = factories.open_review(case)
    reviews.find(other, Judgement("1-5", NO, "記録がない"))

    assert all(not item.differs for item in results.agreed_items(case))
    assert results.agreed(case).granted


def test_a_settlement_no_longer_counts_when_the_reviewers_agree_otherwise() -> None:
    case = factories.application(S.IN_REVIEW)
    first = factories.handed_in_review(case)
    factories.handed_in_review(case, otherwise={"2-1": NO})
    reviews.reconcile(case, Judgement("2-1", YES, "認めた"), factories.person(Office.OFFICE))
    reviews.reconsider(first, Judgement("2-1", NO, "見直した"), first.reviewer)

    (item,) = [one for one in results.agreed_items(case) if one.item.id == "2-1"]

    assert item.counts_as == NO


def test_a_settlement_does_not_decide_what_was_found_after_it() -> None:
    case = factories.application(S.IN_REVIEW)
    pair = (
        factories.handed_in_review(case),
        factories.handed_in_review(case, otherwise={"2-1": NO}),
    )
    office = factories.person(Office.OFFICE)
    reviews.reconcile(case, Judgement("2-1", YES, "認めた"), office)
    with clock.at(clock.now() + timedelta(hours=1)):
        for review, verdict in zip(pair, (NO, YES), strict=True):
            take_step(review, "send_back", office, note="新しい記録がある")
            reviews.find(review, Judgement("2-1", verdict, "見直した"))
            take_step(review, "hand_in", review.reviewer)

    (item,) = reviews.differences(case)
    assert (item.settlement, item.counts_as) == (None, NO)
    with clock.at(clock.now() + timedelta(hours=2)):
        reviews.reconcile(case, Judgement("2-1", YES, "改めて認めた"), office, seen="")
    (item,) = reviews.differences(case)
    assert item.counts_as == YES


def test_a_settlement_stays_when_a_review_comes_back_unchanged() -> None:
    case, office = factories.application(S.IN_REVIEW), factories.person(Office.OFFICE)
    factories.handed_in_review(case)
    second = factories.handed_in_review(case, otherwise={"2-1": NO})
    reviews.reconcile(case, Judgement("2-1", YES, "認めた"), office)
    with clock.at(clock.now() + timedelta(hours=1)):
        take_step(second, "send_back", office, note="1-1の理由を詳しく")
        reviews.find(second, Judgement("1-1", YES, "詳しく確認した"))
        take_step(second, "hand_in", second.reviewer)

    assert reviews.differences(case)[0].counts_as == YES


def test_the_office_reads_the_result_of_what_was_sent_not_of_the_new_draft() -> None:
    case = factories.application(S.RETURNED, indicators=(1, 2, 3))
    applications.choose_indicators(case, {1, 2})
    for item in results.asked(case):
        applications.save_answer(case, item.id, NO, "やめた")

    assert results.preview(case).reached == frozenset()
    assert results.submitted(case).reached == {1, 2, 3}


def test_fewer_indicators_are_judged_alone() -> None:
    case = factories.application(S.LISTED, indicators=(1, 2, 3))

    assert [one.indicator.id for one in results.agreed(case, {1, 2}).indicators] == [1, 2]


def test_a_review_sent_back_leaves_the_agreed_result() -> None:
    case = factories.application(S.IN_REVIEW)
    review = factories.handed_in_review(case)
    take_step(review, "send_back", factories.person(Office.OFFICE), note="理由が足りない")

    assert results.handed_in(case) == []
    assert not results.agreed(case).granted
