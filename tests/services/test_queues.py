"""Work lists: what waits, for how long, and for whom."""

from datetime import timedelta

import pytest

from accreditation import clock
from accreditation.models import Office
from accreditation.services import queues, reviews
from accreditation.services.steps import take_step
from tests import factories
from workflows.application import ApplicationState as S
from workflows.engine import Party

pytestmark = pytest.mark.usefixtures("context")


def test_the_office_sees_what_waits_oldest_first_and_no_draft() -> None:
    call = factories.call()
    with clock.at(clock.now() - timedelta(hours=12)):
        older = factories.application(S.SUBMITTED, in_call=call)
    newer = factories.application(S.LISTED, in_call=call)
    returned = factories.application(S.RETURNED, in_call=call)
    factories.application(S.DRAFT, in_call=call)
    factories.application(S.WITHDRAWN, in_call=call)

    assert queues.office(None, 1).items == [older, newer]
    assert queues.office(S.RETURNED, 1).items == [returned]
    assert queues.office(S.DRAFT, 1).items == []
    assert queues.counts() == {S.SUBMITTED: 1, S.LISTED: 1, S.RETURNED: 1}


def test_what_was_not_corrected_in_time_waits_for_the_office() -> None:
    returned = factories.application(S.RETURNED)
    with clock.at(clock.now() + timedelta(days=30)):
        assert (queues.office(None, 1).items, queues.overdue()) == ([], 0)
    with clock.at(clock.now() + timedelta(days=31)):
        assert (queues.office(None, 1).items, queues.overdue()) == ([returned], 1)


def test_a_page_of_the_list_has_its_size_and_knows_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queues, "PAGE", 2)
    cases = [factories.application(S.SUBMITTED) for _ in range(3)]

    first, second = queues.office(None, 1), queues.office(None, 2)

    assert [*first.items, *second.items] == cases
    assert (first.pages, first.has_next, second.has_next) == (2, True, False)
    assert queues.office(None, -5).items == first.items
    assert queues.office(None, 10**30).items == []


def test_whole_days_count_from_the_last_step() -> None:
    case = factories.application(S.SUBMITTED)

    with clock.at(clock.now() + timedelta(days=3, hours=23)):
        (waiting,) = queues.waiting([case])
    assert waiting.days == 3


def test_a_case_says_who_acts_next() -> None:
    case, office = factories.application(S.SUBMITTED), factories.person(Office.OFFICE)

    def next_party() -> Party | None:
        return queues.waiting([case])[0].acts_next

    assert next_party() == Party.OFFICE
    take_step(case, "accept", office)
    assert next_party() == Party.OFFICE, "nobody was asked yet"
    review = reviews.assign(case, factories.person(Office.REVIEWER), office)
    assert next_party() == Party.REVIEWER
    take_step(review, "release", office, note="日程")
    for _ in range(2):
        factories.handed_in_review(case)
    assert next_party() == Party.OFFICE, "all reviews are in"
    take_step(case, "list", office)
    assert next_party() == Party.COUNCIL
    factories.decide(case)
    assert next_party() is None


def test_the_councils_list_and_what_it_decided() -> None:
    waiting, decided = factories.application(S.LISTED), factories.application(S.REFUSED)

    assert [row.application for row in queues.council()] == [waiting]
    assert queues.decided() == [decided]


def test_a_reviewer_sees_what_is_to_be_done_first_and_nothing_released() -> None:
    person, office = factories.person(Office.REVIEWER), factories.person(Office.OFFICE)
    done = factories.handed_in_review(factories.application(S.IN_REVIEW), person)
    todo = factories.open_review(factories.application(S.IN_REVIEW), person)
    gone = factories.open_review(factories.application(S.IN_REVIEW), person)
    take_step(gone, "release", office, note="日程")

    assert queues.reviewer(person) == [todo, done]


def test_after_a_withdrawal_only_finished_reviews_stay_in_the_list() -> None:
    person = factories.person(Office.REVIEWER)
    cases = [factories.application(S.IN_REVIEW) for _ in range(2)]
    done = factories.handed_in_review(cases[0], person)
    factories.open_review(cases[1], person)
    for case in cases:
        take_step(case, "withdraw", factories.owner_of(case.site.operator))

    assert queues.reviewer(person) == [done]
