"""Laws of the award rule, over made-up schemes of every shape."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from accreditation.schemes.model import Level, Scheme
from accreditation.schemes.rules import Reason, Result, Verdict, asked_items, evaluate
from tests.schemes.small import Data, indicator, item, rule, scheme

PILLARS = ("earth", "people")
SHARES = ("0%", "20%", "1/3", "1/2", "2/3", "75%", "100%")
share = st.sampled_from(SHARES)
rising = st.lists(share, min_size=1, max_size=4).map(
    lambda shares: tuple(sorted(shares, key=SHARES.index))
)


@dataclass(frozen=True)
class Case:
    scheme: Scheme
    verdicts: dict[str, Verdict]
    chosen: frozenset[int]
    cycle: int

    def result(self, verdicts: dict[str, Verdict] | None = None, later: int = 0) -> Result:
        given_verdicts = self.verdicts if verdicts is None else verdicts
        return evaluate(self.scheme, "inn", self.chosen, given_verdicts, self.cycle + later)


@st.composite
def items_of(draw: st.DrawFn, number: int) -> list[Data]:
    return [
        item(
            f"{number}-{n}",
            *draw(st.sampled_from([("inn",), ("inn", "walk"), ("walk",)])),
            weight=draw(st.integers(1, 3)),
            may_not_apply=draw(st.booleans()),
        )
        for n in range(draw(st.integers(1, 6)))
    ]


@st.composite
def awards(draw: st.DrawFn, parts: list[Data]) -> Data:
    required = tuple(part["id"] for part in parts if draw(st.booleans()))
    obligatory = tuple(
        entry["id"]
        for part in parts
        for entry in part["items"]
        if part["id"] in required and not entry["may_not_apply"] and draw(st.booleans())
    )
    pillars = rising | st.dictionaries(st.sampled_from(PILLARS), rising, min_size=1)
    levels = tuple(
        {
            "id": name,
            "name": {"ja": "段階", "en": name},
            "total": draw(st.none() | rising),
            "pillars": draw(st.none() | pillars),
            "indicators": draw(st.integers(0, 2)),
        }
        for name in draw(st.sampled_from([(), ("star",), ("star", "moon")]))
    )
    return rule(
        choice=draw(st.sampled_from(["applicant", "all"])),
        required=required,
        share=draw(rising),
        obligatory=obligatory,
        pillars=draw(st.none() | pillars),
        total=draw(st.none() | rising),
        levels=levels,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    numbers = range(1, draw(st.integers(1, 4)) + 1)
    parts = [
        indicator(number, draw(items_of(number)), pillar=draw(st.sampled_from([None, *PILLARS])))
        for number in numbers
    ]
    made = scheme(parts, draw(awards(parts)), PILLARS)
    verdict = st.sampled_from(Verdict)
    ids = [entry.id for entry in made.items]
    return Case(
        made,
        draw(st.dictionaries(st.sampled_from(ids), verdict)),
        frozenset(number for number in numbers if draw(st.booleans())),
        draw(st.integers(0, 4)),
    )


def height(made: Scheme, level: Level | None) -> int:
    return -1 if level is None else made.rule.levels.index(level)


def no_worse(made: Scheme, better: Result, worse: Result) -> bool:
    return (
        better.reached >= worse.reached
        and better.granted >= worse.granted
        and height(made, better.level) >= height(made, worse.level)
        and set(better.blocking) <= set(worse.blocking)
    )


@given(cases(), st.data())
def test_carrying_out_one_more_item_never_loses_anything(case: Case, data: st.DataObject) -> None:
    one_more = data.draw(st.sampled_from([entry.id for entry in case.scheme.items]))

    after = case.result(case.verdicts | {one_more: Verdict.CARRIED_OUT})

    assert no_worse(case.scheme, after, case.result())


@given(cases())
def test_the_sums_are_those_of_the_findings(case: Case) -> None:
    for outcome in case.result().indicators:
        counted = [
            entry
            for entry in outcome.indicator.items_of("inn")
            if not (entry.may_not_apply and case.verdicts.get(entry.id) is Verdict.NOT_APPLICABLE)
        ]
        done = [e for e in counted if case.verdicts.get(e.id) is Verdict.CARRIED_OUT]
        assert outcome.applicable == sum(entry.weight for entry in counted)
        assert outcome.carried_out == sum(entry.weight for entry in done)
        assert list(outcome.missing) == [entry for entry in counted if entry not in done]
        assert outcome.reached is (outcome.why == ())


@given(cases())
def test_an_indicator_is_reached_exactly_from_the_share_on(case: Case) -> None:
    least = case.scheme.rule.indicators.share.at(case.cycle)
    for outcome in case.result().indicators:
        if outcome.applicable:
            share_held = Fraction(outcome.carried_out, outcome.applicable) >= least
            assert outcome.reached is (share_held and not outcome.missing_obligatory)
        else:
            assert outcome.why == (Reason.NOTHING_APPLICABLE,)


@given(cases())
def test_not_applicable_counts_as_not_carried_out_unless_it_is_allowed(case: Case) -> None:
    plain = {
        item_id: Verdict.NOT_CARRIED_OUT
        if verdict is Verdict.NOT_APPLICABLE and not case.scheme.item(item_id).may_not_apply
        else verdict
        for item_id, verdict in case.verdicts.items()
    }

    with_claim, without = case.result(), case.result(plain)

    assert with_claim.blocking == without.blocking
    assert [(o.carried_out, o.applicable, o.missing) for o in with_claim.indicators] == [
        (o.carried_out, o.applicable, o.missing) for o in without.indicators
    ]


@given(cases())
def test_an_obligatory_item_gates_its_indicator_and_the_grant(case: Case) -> None:
    result = case.result()
    for outcome in result.indicators:
        if outcome.missing_obligatory:
            assert Reason.OBLIGATORY_MISSING in outcome.why
            assert not outcome.reached
            assert not result.granted


@given(cases())
def test_closing_the_gap_reaches_the_indicator_and_nothing_smaller_does(case: Case) -> None:
    for outcome in case.result().indicators:
        number = outcome.indicator.id

        def reaches(ids: set[str], number: int = number) -> bool:
            after = case.result(case.verdicts | dict.fromkeys(ids, Verdict.CARRIED_OUT))
            return number in after.reached

        closing = {entry.id for entry in outcome.closing}
        assert closing <= {entry.id for entry in outcome.missing}
        assert reaches(closing) is (outcome.applicable > 0)
        if closing:
            missing = [entry.id for entry in outcome.missing]
            smaller = combinations(missing, len(closing) - 1)
            assert not any(reaches(set(subset)) for subset in smaller)
        leading = outcome.closing[: len(outcome.missing_obligatory)]
        assert set(leading) == set(outcome.missing_obligatory) or outcome.reached


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_items_and_findings_does_not_matter(case: Case, random: object) -> None:
    shuffle = random.shuffle  # type: ignore[attr-defined]
    order = list(case.verdicts.items())
    shuffle(order)
    parts = []
    for part in case.scheme.indicators:
        items = list(part.items)
        shuffle(items)
        parts.append(part.model_copy(update={"items": tuple(items)}))
    shuffle(parts)
    mixed = case.scheme.model_copy(update={"indicators": tuple(parts)})

    result = case.result()
    after = evaluate(mixed, "inn", sorted(case.chosen, reverse=True), dict(order), case.cycle)

    assert after.blocking == result.blocking
    assert after.level == result.level
    assert {
        o.indicator.id: (o.carried_out, o.applicable, len(o.closing)) for o in after.indicators
    } == {o.indicator.id: (o.carried_out, o.applicable, len(o.closing)) for o in result.indicators}


@given(cases(), st.integers(1, 3))
def test_a_rising_bar_is_never_easier_later(case: Case, later: int) -> None:
    assert no_worse(case.scheme, case.result(), case.result(later=later))


@given(cases(), st.sampled_from(Verdict))
def test_what_is_not_asked_does_not_count(case: Case, verdict: Verdict) -> None:
    asked = {entry.id for entry in asked_items(case.scheme, "inn", case.chosen)}
    others = {entry.id for entry in case.scheme.items} - asked
    assume(others)

    assert case.result(case.verdicts | dict.fromkeys(others, verdict)) == case.result()
