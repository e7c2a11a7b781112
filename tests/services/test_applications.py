from datetime import timedelta

import pytest

from accreditation import clock
from accreditation.models import Application, Office
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, evidence, results, schemes
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.steps import take_step
from tests import factories
from tests.conftest import MADE_UP_NOW
from workflows.application import ApplicationState as S
from workflows.engine import StepRefused

pytestmark = pytest.mark.usefixtures("context")
DONE, NOT_DONE, NOT_APPLICABLE = Verdict


def item_of(made: Application, *, may_not_apply: bool) -> str:
    return next(one.id for one in results.asked(made) if one.may_not_apply == may_not_apply)


def test_a_form_sent_twice_starts_one_application() -> None:
    call, site = factories.call(), factories.site()
    owner = factories.owner_of(site.operator)
    assert applications.start(call, site, owner) is applications.start(call, site, owner)


def test_the_required_indicators_are_always_among_those_chosen() -> None:
    made = factories.draft()
    applications.choose_indicators(made, {5})
    assert made.indicators == [1, 2, 5]
    with pytest.raises(ServiceError):
        applications.choose_indicators(made, {99})


@pytest.mark.parametrize("days", [-2, 31])
def test_outside_its_time_a_call_takes_no_application(days: int) -> None:
    call, site = factories.call(), factories.site()
    with (
        clock.at(MADE_UP_NOW + timedelta(days=days)),
        pytest.raises(ServiceError, match="not open"),
    ):
        applications.start(call, site, factories.owner_of(site.operator))


def test_a_call_without_this_kind_of_site_takes_none() -> None:
    call, site = factories.call(), factories.site(kind="museum")
    with pytest.raises(ServiceError, match="kind of site"):
        applications.start(call, site, factories.owner_of(site.operator))
    assert applications.calls_for(site, [], [call]) == []


@pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.LISTED])
def test_while_one_is_under_way_no_other_starts(state: S) -> None:
    site = factories.site()
    made = factories.application(state, of=site)
    assert applications.unfinished([made]) is made
    with pytest.raises(ServiceError, match="under way"):
        factories.draft(factories.call(days=20), site)


@pytest.mark.parametrize("state", [S.ACCREDITED, S.REFUSED, S.DECLINED, S.WITHDRAWN])
def test_after_its_end_another_one_starts_in_another_call(state: S) -> None:
    site, call = factories.site(), factories.call()
    made = factories.application(state, of=site, in_call=call)
    other = factories.call(days=20)
    again = state in {S.DECLINED, S.WITHDRAWN}
    assert applications.calls_for(site, [made], [call, other]) == (
        [call, other] if again else [other]
    )
    assert factories.draft(of=site, in_call=other).cycle == (1 if state == S.ACCREDITED else 0)


def test_a_draft_of_a_closed_call_is_not_under_way() -> None:
    site = factories.site()
    made = factories.draft(factories.call(days=1), site)
    with clock.at(made.call.closes_at):
        assert applications.unfinished([made]) is None
        assert factories.draft(of=site) is not made


def two_drafts() -> tuple[Application, Application]:
    """Two drafts of one site: the call of the first had closed, then it was extended."""
    call, site = factories.call(days=1), factories.site()
    first = factories.draft(call, site)
    closing, call.closes_at = call.closes_at, clock.now()
    second = factories.draft(of=site)
    call.closes_at = closing
    return first, second


def test_of_two_drafts_of_a_site_only_one_can_be_sent_at_a_time() -> None:
    first, second = two_drafts()
    factories.submit(first)
    with pytest.raises(StepRefused, match="Another application") as refused:
        factories.submit(second)
    assert refused.value.guard == "only_one"
    assert (second.state, second.submissions) == (S.DRAFT, [])
    take_step(first, "withdraw", factories.owner_of(first.site.operator))
    factories.submit(second)
    assert second.state == S.SUBMITTED


def test_a_case_that_was_returned_still_keeps_the_other_draft_back() -> None:
    first, second = two_drafts()
    factories.submit(first)
    take_step(first, "return", factories.person(Office.OFFICE), note="写真")
    with pytest.raises(StepRefused, match="Another application"):
        factories.submit(second)


def test_the_cycles_are_those_completed_when_it_is_sent() -> None:
    first, second = two_drafts()
    factories.submit(first)
    take_step(first, "accept", factories.person(Office.OFFICE))
    for _ in range(2):
        factories.handed_in_review(first)
    take_step(first, "list", factories.person(Office.OFFICE))
    factories.decide(first)
    assert (first.cycle, second.cycle) == (0, 0)
    factories.submit(second)
    assert (second.cycle, applications.submitted(second)["cycle"]) == (1, 1)


def test_cycles_completed_before_the_register_began_are_kept() -> None:
    site = factories.site()
    made = applications.start(factories.call(), site, factories.owner_of(site.operator), cycle=2)
    factories.submit(made)
    assert applications.submitted(made)["cycle"] == 2


def test_an_answer_needs_words_unless_it_is_not_carried_out() -> None:
    made = factories.draft()
    first, second, third = (item.id for item in results.asked(made)[:3])
    applications.save_answer(made, first, DONE, " ")
    applications.save_answer(made, second, NOT_DONE, "")
    applications.save_answer(made, third, None, "words only")
    left = applications.gaps(made)
    assert left[first] == applications.Gap.DESCRIPTION
    assert second not in left
    assert left[third] == applications.Gap.ANSWER
    assert [item.id for item in applications.unanswered(made)] == list(left)


def test_only_items_that_say_so_can_be_not_applicable() -> None:
    made = factories.draft(indicators=(1, 2, 3, 4, 5, 6, 7, 8))
    applications.save_answer(made, item_of(made, may_not_apply=True), NOT_APPLICABLE, "No kitchen")
    strict = item_of(made, may_not_apply=False)
    with pytest.raises(ServiceError) as refused:
        applications.save_answer(made, strict, NOT_APPLICABLE, "I'd rather not")
    assert refused.value.field == strict


def test_items_of_other_indicators_are_not_asked() -> None:
    made = factories.draft()
    with pytest.raises(ServiceError, match="not asked"):
        applications.save_answer(made, "8-1", DONE, "text")


def test_an_outdated_answer_is_refused_and_both_texts_live() -> None:
    made = factories.draft()
    item = results.asked(made)[0].id
    applications.save_answer(made, item, DONE, "first", version=0)
    with pytest.raises(OutdatedError):
        applications.save_answer(made, item, DONE, "second", version=0)
    assert applications.answers_of(made)[item].text == "first"
    same = applications.save_answer(made, item, DONE, "first", version=0)
    applications.save_answer(made, item, DONE, "second", version=same.version)
    assert applications.answers_of(made)[item].text == "second"


def test_an_answer_that_only_holds_a_file_is_not_in_the_way() -> None:
    made = factories.draft()
    item = results.asked(made)[0].id
    evidence.attach(made, item, factories.file_of(made))
    assert applications.save_answer(made, item, DONE, "text", version=0).text == "text"


@pytest.mark.parametrize("state", [S.SUBMITTED, S.IN_REVIEW, S.LISTED, S.ACCREDITED, S.WITHDRAWN])
def test_once_sent_or_ended_nothing_can_be_changed(state: S) -> None:
    made = factories.application(state)
    owner, item = factories.owner_of(made.site.operator), results.asked(made)[0].id
    for change in (
        lambda: applications.save_answer(made, item, DONE, "other"),
        lambda: applications.choose_indicators(made, {1, 2, 3}),
        lambda: applications.accept_terms(made, owner),
        lambda: applications.hold_for_changes(made),
    ):
        with pytest.raises(ServiceError, match="can't be changed"):
            change()


def test_what_was_sent_is_frozen() -> None:
    made = factories.application(S.RETURNED)
    item, before = results.asked(made)[0].id, applications.submitted(made)
    applications.save_answer(made, item, NOT_DONE, "changed")
    made.site.name_ja = "別の名"
    assert before["answers"][item]["text"] == f"取組の説明 {item}"
    assert applications.submitted(made)["site"]["name_ja"] != "別の名"


def test_the_terms_are_accepted_in_their_words_and_again_after_a_return() -> None:
    made = factories.application(S.RETURNED)
    owner = factories.owner_of(made.site.operator)
    terms = schemes.scheme_of(made.scheme_version).terms
    assert made.terms_accepted_at is None
    applications.accept_terms(made, owner)
    assert (made.terms_version, made.terms_accepted_by_id) == (terms.version, owner.id)
    take_step(made, "resubmit", owner)
    assert [one.number for one in made.submissions] == [1, 2]


def test_answers_to_indicators_left_out_are_kept_but_not_sent() -> None:
    made = factories.draft(indicators=(1, 2, 3))
    factories.answer_all(made)
    applications.choose_indicators(made, {1, 2})
    owner = factories.owner_of(made.site.operator)
    applications.accept_terms(made, owner)
    take_step(made, "submit", owner)
    assert not any(item.startswith("3-") for item in applications.submitted(made)["answers"])
    assert "3-1" in applications.answers_of(made)
