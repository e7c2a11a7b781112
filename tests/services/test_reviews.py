"""Assigning reviewers, and settling what they differ on."""

import pytest
from flask import Flask

from accreditation.extensions import db
from accreditation.models import Membership, Office, Review
from accreditation.schemes.rules import Verdict
from accreditation.services import facts, history, policy, reviews
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.reviews import Judgement
from accreditation.services.steps import take_step
from tests import factories
from workflows.application import ApplicationState as S
from workflows.engine import StepRefused

NO = Verdict.NOT_CARRIED_OUT
YES = Verdict.CARRIED_OUT
pytestmark = pytest.mark.usefixtures("context")


def differing(item: str = "3-1") -> tuple[Review, Review]:
    case = factories.application(S.IN_REVIEW, indicators=(1, 2, 3))
    first = factories.handed_in_review(case)
    return first, factories.handed_in_review(case, otherwise={item: NO})


def test_only_free_and_impartial_reviewers_may_be_asked() -> None:
    case = factories.application(S.IN_REVIEW)
    free, asked, of_operator = (factories.person(Office.REVIEWER) for _ in range(3))
    db.session.add(Membership(operator=case.site.operator, person=of_operator))
    reviews.assign(case, asked, factories.person(Office.OFFICE))

    assert reviews.candidates(case) == [free]
    for person in (asked, of_operator, factories.person(Office.OFFICE)):
        with pytest.raises(ServiceError) as caught:
            reviews.assign(case, person, factories.person(Office.OFFICE))
        assert caught.value.field == "reviewer"


def test_who_settled_a_difference_is_not_asked_for_a_review() -> None:
    first, _second = differing()
    case, office = first.application, factories.person(Office.OFFICE)
    settler = factories.person(Office.OFFICE, Office.REVIEWER)
    assert settler in reviews.candidates(case)
    reviews.reconcile(case, Judgement("3-1", YES, "認めた"), settler)

    assert settler not in reviews.candidates(case)
    with pytest.raises(ServiceError, match="can't review"):
        reviews.assign(case, settler, office)


def test_reviewers_are_asked_only_while_the_case_is_under_review() -> None:
    case = factories.application(S.SUBMITTED)

    with pytest.raises(ServiceError, match="not under review"):
        reviews.assign(case, factories.person(Office.REVIEWER), factories.person(Office.OFFICE))


def test_the_office_does_not_arrange_reviews_of_its_own_operator() -> None:
    case = factories.application(S.IN_REVIEW)
    own = factories.person(Office.OFFICE)
    db.session.add(Membership(operator=case.site.operator, person=own))
    review = factories.open_review(case)

    with pytest.raises(ServiceError, match="belong"):
        reviews.assign(case, factories.person(Office.REVIEWER), own)
    with pytest.raises(StepRefused, match="belong"):
        take_step(review, "release", own, note="見本の理由")


def test_a_finding_is_saved_only_while_the_review_is_open() -> None:
    review, _other = differing()

    with pytest.raises(ServiceError, match="not open"):
        reviews.find(review, Judgement("3-2", NO, "考え直した"))


def test_nothing_is_found_any_more_after_a_withdrawal() -> None:
    review = factories.open_review(factories.application(S.IN_REVIEW))
    owner = factories.owner_of(review.application.site.operator)
    take_step(review.application, "withdraw", owner)

    with pytest.raises(ServiceError, match="not open"):
        reviews.find(review, Judgement("1-1", YES, "確認した"))
    assert review.findings == []


def test_a_finding_changed_in_another_window_is_not_overwritten() -> None:
    review = factories.open_review(factories.application(S.IN_REVIEW))
    shown = reviews.find(review, Judgement("1-1", YES, "確認した")).version
    reviews.find(review, Judgement("1-1", NO, "記録がない"), version=shown)

    with pytest.raises(OutdatedError) as caught:
        reviews.find(review, Judgement("1-1", YES, "やはり確認した"), version=shown)
    assert caught.value.field == "1-1"
    assert review.findings[0].reason == "記録がない"


def test_the_same_finding_sent_twice_is_no_conflict() -> None:
    review = factories.open_review(factories.application(S.IN_REVIEW))
    first = reviews.find(review, Judgement("1-1", YES, "確認した"), version=0)

    assert reviews.find(review, Judgement("1-1", YES, "確認した"), version=0) is first


def test_an_item_that_applies_to_everybody_cannot_be_called_not_applicable() -> None:
    review = factories.open_review(factories.application(S.IN_REVIEW))

    with pytest.raises(ServiceError, match="applies to everybody"):
        reviews.find(review, Judgement("1-5", Verdict.NOT_APPLICABLE, "客室がない"))


def test_a_difference_is_settled_with_its_reason_and_remembered() -> None:
    first, _second = differing()
    case, office = first.application, factories.person(Office.OFFICE)

    reviews.reconcile(case, Judgement("3-1", YES, "証拠を見て認めた"), office)

    (difference,) = reviews.differences(case)
    assert difference.counts_as == YES
    entry = history.of_application(case.id)[-1]
    assert (entry.act, entry.party) == ("reconcile", "office")
    assert entry.detail is not None
    assert entry.detail.content["note"] == "証拠を見て認めた"
    assert facts.evaluated(office, case)


@pytest.mark.parametrize(
    ("judgement", "why"),
    [
        (Judgement("3-1", None, "理由"), "finding and its reason"),
        (Judgement("3-1", YES, "  "), "finding and its reason"),
        (Judgement("3-2", YES, "理由"), "do not differ"),
        (Judgement("8-1", YES, "理由"), "not asked"),
    ],
)
def test_settling_needs_a_difference_a_finding_and_a_reason(judgement: Judgement, why: str) -> None:
    first, _second = differing()

    with pytest.raises(ServiceError, match=why):
        reviews.reconcile(first.application, judgement, factories.person(Office.OFFICE))


def test_nothing_is_settled_before_all_reviews_are_in() -> None:
    first, _second = differing()
    factories.open_review(first.application)

    with pytest.raises(ServiceError, match="after all reviews"):
        reviews.reconcile(
            first.application, Judgement("3-1", YES, "理由"), factories.person(Office.OFFICE)
        )


def test_a_settlement_by_somebody_else_is_not_overwritten_unread() -> None:
    first, _second = differing()
    case = first.application
    reviews.reconcile(case, Judgement("3-1", YES, "認めた"), factories.person(Office.OFFICE))

    with pytest.raises(OutdatedError):
        reviews.reconcile(
            case, Judgement("3-1", NO, "認めない"), factories.person(Office.OFFICE), seen=""
        )
    assert reviews.differences(case)[0].counts_as == YES


def test_who_settled_before_somebody_else_stays_an_evaluator() -> None:
    first, _second = differing()
    case = first.application
    settlers = [factories.person(Office.OFFICE, Office.COUNCIL) for _ in range(2)]
    for settler, verdict in zip(settlers, (YES, NO), strict=True):
        reviews.reconcile(case, Judgement("3-1", verdict, "記録を見た"), settler)

    assert [facts.evaluated(settler, case) for settler in settlers] == [True, True]
    assert reviews.differences(case)[0].counts_as == NO


@pytest.mark.parametrize("declares", [None, "declare_none", "declare_conflict"])
def test_whoever_is_asked_for_a_review_has_no_other_part_in_the_case(declares: str | None) -> None:
    first, _second = differing()
    case, office = first.application, factories.person(Office.OFFICE)
    both = factories.person(Office.OFFICE, Office.REVIEWER, Office.COUNCIL)
    assert policy.office_reads(both, case)
    review = reviews.assign(case, both, office)
    if declares:
        take_step(review, declares, both, note="見本の理由")

    assert not policy.office_reads(both, case)
    with pytest.raises(ServiceError, match="asked to review"):
        reviews.assign(case, factories.person(Office.REVIEWER), both)
    with pytest.raises(ServiceError, match="asked to review"):
        reviews.reconcile(case, Judgement("3-1", YES, "認めた"), both)
    with pytest.raises(StepRefused, match="asked to review"):
        take_step(case, "list", both)
    with pytest.raises(StepRefused, match="asked to review"):
        take_step(first, "send_back", both, note="見本の理由")


def test_nobody_releases_themselves() -> None:
    case, both = (
        factories.application(S.IN_REVIEW),
        factories.person(Office.OFFICE, Office.REVIEWER),
    )
    review = factories.open_review(case, both)

    with pytest.raises(StepRefused, match="asked to review"):
        take_step(review, "release", both, note="日程が合わないため")
    take_step(review, "release", factories.person(Office.OFFICE), note="日程が合わないため")
    assert policy.office_reads(both, case)


def test_a_declared_conflict_shuts_the_case_to_the_council_too() -> None:
    case, both = (
        factories.application(S.IN_REVIEW),
        factories.person(Office.COUNCIL, Office.REVIEWER),
    )
    review = reviews.assign(case, both, factories.person(Office.OFFICE))
    take_step(review, "declare_conflict", both, note="親族が働いている")
    for _ in range(2):
        factories.handed_in_review(case)
    take_step(case, "list", factories.person(Office.OFFICE))

    assert not policy.council_reads(both, case)
    assert policy.council_reads(factories.person(Office.COUNCIL), case)


def test_a_reviewer_who_reconsiders_settles_the_difference() -> None:
    _first, second = differing()

    reviews.reconsider(second, Judgement("3-1", YES, "見落としていた"), second.reviewer)

    assert reviews.differences(second.application) == []
    assert history.of_application(second.application_id)[-1].party == "reviewer"


def test_nobody_reconsiders_for_another() -> None:
    first, second = differing()

    with pytest.raises(ServiceError, match="not open"):
        reviews.reconsider(second, Judgement("3-1", YES, "見落とし"), first.reviewer)


def test_who_was_released_before_finding_anything_took_no_part(context: Flask) -> None:
    del context
    case, office = factories.application(S.IN_REVIEW), factories.person(Office.OFFICE)
    idle, busy = factories.open_review(case), factories.open_review(case)
    reviews.find(busy, Judgement("1-1", YES, "確認した"))
    for review in (idle, busy):
        take_step(review, "release", office, note="日程が合わないため")

    assert not facts.evaluated(idle.reviewer, case)
    assert facts.evaluated(busy.reviewer, case)
