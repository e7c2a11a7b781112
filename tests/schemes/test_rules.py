from __future__ import annotations

from collections.abc import Iterable

import pytest

from accreditation.schemes.model import Scheme
from accreditation.schemes.rules import (
    Blocking,
    Cause,
    Reason,
    Verdict,
    always_chosen,
    asked_items,
    evaluate,
)
from tests.schemes.small import indicator, item, numbered, rule, scheme

DONE, NOT_DONE, NOT_APPLICABLE = Verdict


def done(*item_ids: str) -> dict[str, Verdict]:
    return dict.fromkeys(item_ids, DONE)


def first(number: int, count: int) -> dict[str, Verdict]:
    return done(*(f"{number}-{n}" for n in range(1, count + 1)))


def ids(items: Iterable[object]) -> list[str]:
    return [getattr(entry, "id", "") for entry in items]


@pytest.fixture
def kanazawa_like() -> Scheme:
    """Nine items in indicator 1, of which 5 to 9 are obligatory, and eight in 2 and 3."""
    obligatory = tuple(f"1-{n}" for n in range(5, 10))
    award = rule(required=(1, 2), obligatory=obligatory)
    return scheme((numbered(1, 9), numbered(2, 8), numbered(3, 8)), award)


@pytest.mark.parametrize(
    ("carried_out", "items", "reached"),
    [(4, 8, True), (3, 8, False), (5, 9, True), (4, 9, False), (1, 1, True), (0, 1, False)],
)
def test_half_of_the_items_reaches_an_indicator(
    carried_out: int, items: int, *, reached: bool
) -> None:
    small = scheme((numbered(1, items),), rule(required=(1,)))

    result = evaluate(small, "inn", {1}, first(1, carried_out))

    assert result.granted is reached
    assert result.indicators[0].reached is reached
    assert result.indicators[0].needed == (items + 1) // 2


def test_the_required_indicators_with_the_obligatory_items_suffice(kanazawa_like: Scheme) -> None:
    verdicts = done("1-5", "1-6", "1-7", "1-8", "1-9") | first(2, 4)

    result = evaluate(kanazawa_like, "inn", {1, 2}, verdicts)

    assert result.granted
    assert result.reached == {1, 2}
    assert result.blocking == ()


def test_one_obligatory_item_missing_fails_even_a_full_indicator(kanazawa_like: Scheme) -> None:
    verdicts = first(1, 8) | first(2, 8)

    result = evaluate(kanazawa_like, "inn", {1, 2}, verdicts)

    assert not result.granted
    assert result.blocking == (Blocking(Cause.INDICATOR, "1"),)
    assert result.indicators[0].why == (Reason.OBLIGATORY_MISSING,)
    assert ids(result.indicators[0].missing_obligatory) == ["1-9"]
    assert ids(result.indicators[0].closing) == ["1-9"]


def test_another_indicator_alone_is_refused(kanazawa_like: Scheme) -> None:
    result = evaluate(kanazawa_like, "inn", {3}, first(3, 8))

    assert not result.granted
    assert result.reached == {3}
    assert result.blocking == (Blocking(Cause.INDICATOR, "1"), Blocking(Cause.INDICATOR, "2"))


def test_an_indicator_that_is_not_reached_does_not_take_the_others_along(
    kanazawa_like: Scheme,
) -> None:
    verdicts = first(1, 9) | first(2, 8) | first(3, 3)

    result = evaluate(kanazawa_like, "inn", {1, 2, 3}, verdicts)

    assert result.granted
    assert result.reached == {1, 2}
    assert result.indicators[2].why == (Reason.SHARE_TOO_SMALL,)


def test_the_gap_is_closed_by_obligatory_items_first(kanazawa_like: Scheme) -> None:
    outcome = evaluate(kanazawa_like, "inn", {1}, done("1-1", "1-9")).indicators[0]

    assert ids(outcome.closing) == ["1-5", "1-6", "1-7", "1-8"]
    assert outcome.why == (Reason.OBLIGATORY_MISSING, Reason.SHARE_TOO_SMALL)


def test_only_the_chosen_and_the_required_indicators_are_asked(kanazawa_like: Scheme) -> None:
    assert always_chosen(kanazawa_like) == {1, 2}
    assert len(asked_items(kanazawa_like, "inn", ())) == 17
    assert len(asked_items(kanazawa_like, "inn", {3})) == 25


def test_a_scheme_can_ask_everybody_everything() -> None:
    small = scheme((numbered(1, 2), numbered(2, 2)), rule(choice="all"))

    assert always_chosen(small) == {1, 2}
    assert ids(asked_items(small, "inn", ())) == ["1-1", "1-2", "2-1", "2-2"]


def test_items_of_another_kind_of_site_are_not_asked_and_do_not_count() -> None:
    items = (item("1-1", "inn"), item("1-2", "walk"), item("1-3", "inn", "walk"))
    small = scheme((indicator(1, items),), rule(required=(1,)))

    result = evaluate(small, "walk", (), done("1-1", "1-3"))

    assert ids(asked_items(small, "walk", ())) == ["1-2", "1-3"]
    assert (result.indicators[0].carried_out, result.indicators[0].applicable) == (1, 2)


def test_not_applicable_leaves_the_denominator_only_where_it_is_allowed() -> None:
    items = (item("1-1"), item("1-2"), item("1-3", may_not_apply=True))
    small = scheme((indicator(1, items),), rule(required=(1,)))

    allowed = evaluate(small, "inn", (), done("1-1") | {"1-3": NOT_APPLICABLE})
    refused = evaluate(small, "inn", (), done("1-1") | {"1-2": NOT_APPLICABLE})

    assert allowed.granted
    assert allowed.indicators[0].applicable == 2
    assert not refused.granted
    assert ids(refused.indicators[0].missing) == ["1-2", "1-3"]


def test_nothing_applicable_reaches_nothing() -> None:
    small = scheme((numbered(1, 2, may_not_apply=True),), rule(required=(1,), share="0%"))

    result = evaluate(small, "inn", (), {"1-1": NOT_APPLICABLE, "1-2": NOT_APPLICABLE})

    assert result.indicators[0].why == (Reason.NOTHING_APPLICABLE,)
    assert result.indicators[0].closing == ()
    assert Blocking(Cause.NOTHING_REACHED) in result.blocking


def test_weights_count_and_the_heaviest_items_close_the_gap() -> None:
    items = (item("1-1"), item("1-2", weight=2), item("1-3", weight=3), item("1-4", weight=2))
    small = scheme((indicator(1, items),), rule(required=(1,)))

    outcome = evaluate(small, "inn", (), done("1-2")).indicators[0]

    assert (outcome.carried_out, outcome.applicable, outcome.needed) == (2, 8, 4)
    assert ids(outcome.closing) == ["1-3"]


def test_strength_in_one_pillar_does_not_hide_weakness_in_another() -> None:
    parts = (
        indicator(1, (item("1-1"), item("1-2")), pillar="earth"),
        indicator(2, (item(f"2-{n}") for n in range(40)), pillar="people"),
    )
    pillars = ("earth", "people")
    small = scheme(parts, rule(choice="all", share="0%", pillars="50%", total="50%"), pillars)
    all_but_one_half = done("1-1", "1-2", *(f"2-{n}" for n in range(19)))

    result = evaluate(small, "inn", (), all_but_one_half)

    assert result.total is not None
    assert result.total.reached
    assert [share.reached for share in result.pillars] == [True, False]
    assert result.blocking == (Blocking(Cause.PILLAR, "people"),)
    assert evaluate(small, "inn", (), all_but_one_half | done("2-39")).granted


def test_a_pillar_can_have_a_share_of_its_own() -> None:
    parts = (
        indicator(1, (item("1-1"), item("1-2")), pillar="earth"),
        indicator(2, (item("2-1"), item("2-2")), pillar="people"),
    )
    award = rule(choice="all", share="0%", pillars={"people": "100%"})
    small = scheme(parts, award, ("earth", "people"))

    assert evaluate(small, "inn", (), done("2-1", "2-2")).granted
    assert not evaluate(small, "inn", (), done("1-1", "1-2", "2-1")).granted


def test_the_highest_level_is_the_one_met_with_all_below_it() -> None:
    levels = (
        {"id": "bronze", "name": {"ja": "銅", "en": "Bronze"}, "indicators": 1},
        {"id": "silver", "name": {"ja": "銀", "en": "Silver"}, "indicators": 2},
        {"id": "gold", "name": {"ja": "金", "en": "Gold"}, "total": "3/4"},
    )
    small = scheme((numbered(1, 8), numbered(2, 2)), rule(choice="all", levels=levels))

    def level(verdicts: dict[str, Verdict]) -> str | None:
        result = evaluate(small, "inn", (), verdicts)
        assert result.granted is (result.level is not None)
        return result.level.id if result.level else None

    assert level(first(1, 3)) is None
    assert level(first(1, 4)) == "bronze"
    assert level(first(1, 8)) == "bronze"  # the total of gold, but not the indicators of silver
    assert level(first(1, 4) | first(2, 1)) == "silver"
    assert level(first(1, 7) | first(2, 1)) == "gold"


def test_the_demands_of_a_level_rise_with_completed_cycles() -> None:
    levels = ({"id": "star", "name": {"ja": "星", "en": "Star"}, "total": ("1/4", "1/2")},)
    small = scheme((numbered(1, 4),), rule(choice="all", share="0%", levels=levels))

    assert evaluate(small, "inn", (), first(1, 1), cycle=0).granted
    assert not evaluate(small, "inn", (), first(1, 1), cycle=1).granted


def test_nothing_granted_means_no_level() -> None:
    levels = ({"id": "star", "name": {"ja": "星", "en": "Star"}, "total": "1/4"},)
    small = scheme((numbered(1, 4),), rule(required=(1,), levels=levels))

    result = evaluate(small, "inn", (), first(1, 1))

    assert result.level is None
    assert result.blocking[0] == Blocking(Cause.INDICATOR, "1")


def test_a_pillar_of_which_nothing_is_asked_holds_only_a_share_of_nothing() -> None:
    parts = (numbered(1, 2, pillar="earth"), numbered(2, 2, pillar="people"))

    def granted(share: str) -> bool:
        award = rule(required=(1,), pillars={"people": share})
        small = scheme(parts, award, ("earth", "people"))
        return evaluate(small, "inn", (), first(1, 2)).granted

    assert granted("0%")
    assert not granted("1%")


def test_without_the_lowest_level_nothing_is_granted() -> None:
    levels = ({"id": "star", "name": {"ja": "星", "en": "Star"}, "total": "100%"},)
    small = scheme((numbered(1, 2),), rule(choice="all", levels=levels))

    result = evaluate(small, "inn", (), first(1, 1))

    assert result.blocking == (Blocking(Cause.LEVEL, "star"),)


@pytest.mark.parametrize(
    ("cycle", "carried_out", "granted"),
    [
        (0, 1, True),
        (0, 0, False),
        (1, 1, False),
        (1, 2, True),
        (2, 2, False),
        (2, 3, True),
        (9, 3, True),
        (9, 2, False),
    ],
)
def test_the_bar_rises_with_completed_cycles(
    cycle: int, carried_out: int, *, granted: bool
) -> None:
    small = scheme((numbered(1, 4),), rule(required=(1,), share=("1/4", "50%", "3/4")))

    assert evaluate(small, "inn", (), first(1, carried_out), cycle).granted is granted


def test_an_item_without_a_verdict_counts_as_not_carried_out(kanazawa_like: Scheme) -> None:
    outcome = evaluate(kanazawa_like, "inn", (), {"2-1": NOT_DONE}).indicators[1]

    assert [entry.verdict for entry in outcome.items[:2]] == [NOT_DONE, None]
    assert len(outcome.missing) == 8


def test_what_the_scheme_does_not_know_is_an_error(kanazawa_like: Scheme) -> None:
    with pytest.raises(ValueError, match="9-9"):
        evaluate(kanazawa_like, "inn", (), done("9-9"))
    with pytest.raises(ValueError, match="4"):
        evaluate(kanazawa_like, "inn", {4}, {})
    with pytest.raises(ValueError, match="castle"):
        asked_items(kanazawa_like, "castle", ())
    with pytest.raises(ValueError, match="perhaps"):
        evaluate(kanazawa_like, "inn", (), {"1-1": "perhaps"})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="-1"):
        evaluate(kanazawa_like, "inn", (), {}, cycle=-1)
