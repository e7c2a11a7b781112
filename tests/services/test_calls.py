"""Calls and programmes as the office makes them."""

from datetime import timedelta
from typing import Any

import pytest

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Call, IncentiveKind, Office, Programme
from accreditation.services import calls, history, incentives
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.steps import take_step
from tests import factories
from workflows.application import ApplicationState as S
from workflows.incentive import IncentiveState

pytestmark = pytest.mark.usefixtures("context")


def values(call: Call, **other: Any) -> dict[str, Any]:
    return {name: getattr(call, name) for name in calls.CALL_FIELDS} | other


def money(programme: Programme, **other: Any) -> dict[str, Any]:
    return {name: getattr(programme, name) for name in calls.PROGRAMME_FIELDS} | other


def test_a_call_is_open_from_its_first_to_its_last_moment() -> None:
    call = factories.call()

    assert call in calls.open_calls()
    assert not call.is_open(call.opens_at - timedelta(microseconds=1))
    assert call.is_open(call.opens_at)
    assert call.is_open(call.closes_at - timedelta(microseconds=1))
    with clock.at(call.closes_at):
        assert call not in calls.open_calls()
    assert call in calls.all_calls()


def test_a_call_must_open_before_it_closes() -> None:
    call = factories.call()
    wrong = values(call, closes_at=call.opens_at)

    with pytest.raises(ServiceError) as caught:
        calls.change_call(call, factories.person(Office.OFFICE), wrong, [], call.version)
    assert caught.value.field == "closes_at"
    assert call.closes_at > call.opens_at


def test_a_changed_call_keeps_its_version_of_the_standard_and_is_remembered() -> None:
    call, programme = factories.call(), factories.programme()
    standard = call.scheme_version

    calls.change_call(
        call,
        factories.person(Office.OFFICE),
        values(call, title_ja="令和8年度 第2回募集"),
        [programme],
        call.version,
    )

    assert (call.scheme_version, call.programmes) == (standard, [programme])
    entry = history.of_subject("call", call.id)[-1]
    assert entry.detail is not None
    assert entry.detail.content["details"]["title_ja"] == "令和8年度 第2回募集"
    assert entry.detail.content["details"]["programmes"] == programme.key


def test_two_people_do_not_overwrite_each_others_call() -> None:
    call, person = factories.call(), factories.person(Office.OFFICE)
    seen = call.version
    calls.change_call(call, person, values(call, title_en="Second call"), [], seen)
    db.session.flush()

    with pytest.raises(OutdatedError):
        calls.change_call(call, person, values(call, title_en="Other call"), [], seen)
    assert call.title_en == "Second call"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount_yen": 0}, "amount_yen"),
        ({"budget_yen": None}, "budget_yen"),
        ({"amount_yen": 100_000, "budget_yen": 99_999}, "budget_yen"),
        ({"kind": IncentiveKind.BENEFIT}, "benefit_ja"),
        ({"kind": IncentiveKind.BENEFIT, "benefit_ja": "掲載"}, "benefit_en"),
        (
            {"kind": IncentiveKind.BENEFIT, "benefit_ja": "掲載", "benefit_en": "Listing"},
            "amount_yen",
        ),
    ],
)
def test_a_programme_says_what_it_gives(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ServiceError) as caught:
        factories.programme(**wrong)

    assert caught.value.field == field
    assert calls.programmes() == []


def test_a_budget_never_falls_below_what_was_granted() -> None:
    programme = factories.programme(100_000, 300_000)
    factories.accreditation(in_call=factories.call(programme))
    person = factories.person(Office.OFFICE)

    with pytest.raises(ServiceError) as caught:
        calls.change_programme(
            programme, person, money(programme, budget_yen=99_999), programme.version
        )
    assert caught.value.field == "budget_yen"
    calls.change_programme(
        programme, person, money(programme, budget_yen=100_000), programme.version
    )
    assert programme.left_yen == 0


@pytest.mark.parametrize(
    "other",
    [
        {"amount_yen": 50_000},
        {"fiscal_year": 2030},
        {"name_ja": "別の名"},
        {"name_en": "Other name"},
        {"benefit_ja": "掲載"},
        {"benefit_en": "Listing"},
    ],
)
@pytest.mark.parametrize("cancelled", [False, True])
def test_what_a_notice_says_stays_once_something_was_granted(
    other: dict[str, Any], *, cancelled: bool
) -> None:
    programme, office = factories.programme(), factories.person(Office.OFFICE)
    factories.accreditation(in_call=factories.call(programme))
    if cancelled:
        take_step(incentives.of_programme(programme)[0], "cancel", office, note="見本")
    before = money(programme)

    with pytest.raises(ServiceError, match="made already") as caught:
        calls.change_programme(programme, office, before | other, programme.version)
    assert [caught.value.field] == list(other)
    assert money(programme) == before
    calls.change_programme(programme, office, before | {"budget_yen": 2_000_000}, programme.version)
    assert programme.budget_yen == 2_000_000


def test_before_anything_was_granted_all_of_a_programme_may_change() -> None:
    programme, office = factories.programme(50_000, 60_000), factories.person(Office.OFFICE)
    call = factories.call(programme)
    other = money(programme, fiscal_year=2030, name_ja="別の名", amount_yen=60_000)
    calls.change_programme(programme, office, other, programme.version)
    factories.accreditation(in_call=call)
    factories.accreditation(in_call=call)
    states = [one.state for one in incentives.of_programme(programme)]
    assert states == [IncentiveState.UNFUNDED, IncentiveState.GRANTED]


def test_a_benefit_that_was_granted_does_not_turn_into_money() -> None:
    programme = factories.programme(
        0, 0, kind=IncentiveKind.BENEFIT, benefit_ja="掲載", benefit_en="Listing"
    )
    factories.application(S.ACCREDITED, in_call=factories.call(programme))
    wrong = money(programme, kind=IncentiveKind.MONEY, amount_yen=1, budget_yen=1)

    with pytest.raises(ServiceError, match="made already"):
        calls.change_programme(programme, factories.person(Office.OFFICE), wrong, programme.version)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name_ja", "あ" * 101),
        ("name_en", "a" * 101),
        ("benefit_ja", "あ" * 151),
        ("benefit_en", "a" * 251),
        ("name_ja", "奨励金😀"),
        ("benefit_en", "A badge \U0001f3c5"),
    ],
)
def test_a_programme_whose_notice_could_not_be_made_is_refused(field: str, wrong: str) -> None:
    given: dict[str, Any] = {"kind": IncentiveKind.BENEFIT, "amount_yen": 0, "budget_yen": 0}
    given |= {"benefit_ja": "掲載", "benefit_en": "Listing"}

    with pytest.raises(ServiceError) as caught:
        factories.programme(**{**given, field: wrong})
    assert caught.value.field == field
    programme = factories.programme(**given)
    with pytest.raises(ServiceError):
        calls.change_programme(
            programme,
            factories.person(Office.OFFICE),
            money(programme, **{field: wrong}),
            programme.version,
        )


def test_a_form_sent_twice_makes_one_programme_and_one_call() -> None:
    programme, other = factories.programme(), factories.programme(budget_yen=2_000_000)
    title: dict[str, Any] = {"title_ja": "令和8年度 募集", "title_en": "Call 2026"}
    call = factories.call(programme, **title)

    assert factories.programme() == programme
    assert factories.call(programme, **title) == call
    assert factories.call(other, **title) != call
    assert factories.call(programme, **{**title, "title_en": "Second call"}) != call
    assert calls.programmes() == [programme, other]
    assert len(history.of_subject("call", call.id)) == 1
