"""The steps of an application: who, from where, to where, and every guard both ways."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from tests.workflows.tables import (
    Table,
    check_diagram,
    check_every_combination,
    check_notes,
    check_objection,
)
from tests.workflows.walks import WALKS, Walk
from workflows.application import (
    APPLICATION,
    DECIDED,
    EDITABLE,
    ENDED_EARLY,
    UNDER_WAY,
    ApplicationState,
    acts_next,
)
from workflows.conditions import ApplicationFacts
from workflows.engine import StepRefused

# ruff: disable[E501] - a table is read across
TABLE = Table.read("""
                                  draft     submitted returned  in_review listed     accredited refused declined withdrawn
submit                   operator submitted .         .         .         .          .          .       .        .
resubmit                 operator .         .         submitted .         .          .          .       .        .
withdraw                 operator withdrawn withdrawn withdrawn withdrawn withdrawn  .          .       .        .
accept                   office   .         in_review .         .         .          .          .       .        .
return                   office   .         returned  .         .         .          .          .       .        .
decline                  office   .         declined  .         .         .          .          .       .        .
lapse                    office   .         .         declined  .         .          .          .       .        .
list                     office   .         .         .         listed    .          .          .       .        .
unlist                   office   .         .         .         .         in_review  .          .       .        .
accredit                 council  .         .         .         .         accredited .          .       .        .
accredit_with_conditions council  .         .         .         .         accredited .          .       .        .
refuse                   council  .         .         .         .         refused    .          .       .        .
""")
# ruff: enable[E501]
FINE = ApplicationFacts(
    time_to_correct_over=True,
    call_open=True,
    answers_complete=True,
    terms_accepted=True,
    reviews_handed_in=2,
    reached=frozenset({1, 2, 3}),
    granted=True,
    proposed=frozenset({1, 2, 3}),
    required=frozenset({1, 2}),
)
PLEASED = {row.step: FINE for row in TABLE.rows} | {
    "accredit_with_conditions": replace(FINE, conditions=1)
}
NOTES_NEEDED = {"return", "decline", "lapse", "unlist", "refuse"}

COMPARE = "Something here is like another operator's: please compare both first."
TIME = "The operator still has time: 30 days from the return."
ANOTHER = "Another application for this site is still under way."
CLOSED = "The call is not open: it can't be sent now."
INCOMPLETE = "Some items have no answer or no description yet."
TERMS = "Please accept the terms first."
OWN = "You belong to this operator."
SENT = "You sent this application, so somebody else must do this."
REVIEWS = "You were asked to review this case, so a colleague must do this."
EVALUATED = "You took part in the evaluation of this case, so somebody else must decide."
TWO = "Two reviews must be handed in first."
OPEN = "A review is still open."
NOT_REACHED = "The agreed findings do not reach what the scheme requires."
MORE = "An indicator that was not reached can't be accredited."
REQUIRED = "The required indicators must be among those accredited."
REASONS = "Please give the reasons for accrediting fewer indicators than were reached."
PAUSED = "No certificates are issued at the moment."
SUSPENDED = "The present accreditation is suspended: lift or withdraw it first."
NO_CONDITION = "Please write at least one condition."
CONDITIONS = "To accredit with these conditions, press “Accredit with conditions”."

Objection = tuple[dict[str, Any], str, str]  # what is wrong, which guard objects, its words
SENDING: list[Objection] = [
    ({"answers_complete": False}, "complete", INCOMPLETE),
    ({"terms_accepted": False}, "terms_accepted", TERMS),
]
BELONGING: Objection = ({"actor_belongs": True}, "not_of_the_operator", OWN)
SENDER: Objection = ({"actor_sent": True}, "not_the_sender", SENT)
REVIEWER: Objection = ({"actor_reviews": True}, "not_a_reviewer", REVIEWS)
EVALUATOR: Objection = ({"actor_evaluated": True}, "not_an_evaluator", EVALUATED)
SCREENING: list[Objection] = [BELONGING, SENDER, REVIEWER]
DECIDING: list[Objection] = [BELONGING, SENDER, EVALUATOR]
GRANTING: list[Objection] = [
    *DECIDING,
    ({"issuance_paused": True}, "not_paused", PAUSED),
    ({"accreditation_suspended": True}, "not_suspended", SUSPENDED),
    ({"granted": False}, "reached", NOT_REACHED),
    ({"proposed": frozenset({1, 2, 4})}, "never_more", MORE),
    ({"proposed": frozenset({1, 2, 3, 4}), "reasons_given": True}, "never_more", MORE),
    ({"proposed": frozenset({1, 3}), "reasons_given": True}, "never_more", REQUIRED),
    ({"proposed": frozenset(), "reasons_given": True}, "never_more", REQUIRED),
    ({"proposed": frozenset(), "required": frozenset()}, "never_more", REQUIRED),
    ({"proposed": frozenset({1, 2})}, "fewer_with_reasons", REASONS),
]
GUARDS: dict[str, list[Objection]] = {  # in the order in which they are asked
    "submit": [
        ({"call_open": False}, "in_time", CLOSED),
        ({"another_under_way": True}, "only_one", ANOTHER),
        *SENDING,
    ],
    "resubmit": SENDING,
    "withdraw": [],
    "accept": [*SCREENING, ({"lookalikes_unseen": True}, "names_compared", COMPARE)],
    "return": SCREENING,
    "decline": SCREENING,
    "lapse": [*SCREENING, ({"time_to_correct_over": False}, "nothing_came", TIME)],
    "list": [
        *SCREENING,
        ({"reviews_handed_in": 0}, "enough_reviews", TWO),
        ({"reviews_handed_in": 1}, "enough_reviews", TWO),
        ({"reviews_handed_in": 1, "reviews_outstanding": 1}, "enough_reviews", TWO),
        ({"reviews_outstanding": 1}, "enough_reviews", OPEN),
        ({"reviews_handed_in": 3, "reviews_outstanding": 2}, "enough_reviews", OPEN),
    ],
    "unlist": SCREENING,
    "accredit": [*GRANTING, ({"conditions": 1}, "without_conditions", CONDITIONS)],
    "accredit_with_conditions": [
        *GRANTING,
        ({"conditions": 0}, "with_conditions", NO_CONDITION),
    ],
    "refuse": DECIDING,
}
CASES = [(step, *case) for step, cases in GUARDS.items() for case in cases]


def test_every_step_in_every_state_by_every_party() -> None:
    check_every_combination(APPLICATION, TABLE, PLEASED)


@pytest.mark.parametrize(("step", "wrong", "guard", "sentence"), CASES)
def test_a_guard_objects_in_its_words(
    step: str, wrong: dict[str, Any], guard: str, sentence: str
) -> None:
    refused = check_objection(APPLICATION, step, PLEASED[step], wrong)
    assert (refused.guard, refused.why) == (guard, sentence)


def test_no_guard_is_left_out_and_their_order_stays() -> None:
    written = {step: list(dict.fromkeys(case[1] for case in GUARDS[step])) for step in GUARDS}
    assert {s.name: [g.__name__ for g in s.guards] for s in APPLICATION.steps} == written


@pytest.mark.parametrize(
    "accepted",
    [
        {"reviews_handed_in": 3},
        {"reviews_handed_in": 7, "call_open": False, "answers_complete": False},
    ],
)
def test_more_reviews_than_two_are_welcome(accepted: dict[str, Any]) -> None:
    facts = replace(FINE, **accepted)
    assert APPLICATION.step("list").objection(facts) is None


@pytest.mark.parametrize(
    "accepted",
    [
        {"proposed": frozenset({1, 2}), "reasons_given": True},
        {"reasons_given": True},
        {"proposed": frozenset({1, 2}), "reached": frozenset({1, 2})},
        {"proposed": frozenset({1}), "reached": frozenset({1}), "required": frozenset()},
    ],
)
def test_the_council_grants_what_was_reached_or_with_reasons_fewer(
    accepted: dict[str, Any],
) -> None:
    for step, facts in PLEASED.items():
        assert APPLICATION.step(step).objection(replace(facts, **accepted)) is None


def test_a_correction_may_come_after_the_call_has_closed() -> None:
    late = replace(FINE, call_open=False)
    assert APPLICATION.step("submit").objection(late) == CLOSED
    assert APPLICATION.step("resubmit").objection(late) is None


def test_whoever_may_not_decide_may_not_refuse_either() -> None:
    facts = replace(FINE, actor_evaluated=True, granted=False)
    for step in ("accredit", "accredit_with_conditions", "refuse"):
        assert APPLICATION.step(step).objection(facts) == EVALUATED


def test_refusing_is_possible_whatever_the_findings_say() -> None:
    nothing = replace(FINE, granted=False, reached=frozenset(), proposed=frozenset())
    assert APPLICATION.step("refuse").objection(nothing) is None


def test_of_what_nothing_is_known_nothing_is_granted() -> None:
    offered = [step for step in APPLICATION.steps if step.objection(ApplicationFacts())]
    granting = {"submit", "resubmit", "lapse", "list", "accredit", "accredit_with_conditions"}
    assert {step.name for step in offered} == granting


def test_reasons_are_asked_for_where_they_are_owed() -> None:
    check_notes(APPLICATION, PLEASED, NOTES_NEEDED)


def test_a_case_begins_as_a_draft_and_ends_in_one_of_four_ways() -> None:
    assert APPLICATION.initial == "draft"
    assert TABLE.ends() == {"accredited", "refused", "declined", "withdrawn"}
    for state in TABLE.ends():
        for row in TABLE.rows:
            with pytest.raises(StepRefused, match="it was taken already"):
                APPLICATION.take(row.step, APPLICATION.states(state), {row.by}, FINE, "見本")


def test_the_diagram_shows_this_table() -> None:
    check_diagram(APPLICATION, TABLE, "draft")


def test_who_acts_next_in_every_state() -> None:
    said = {state: acts_next(state, reviewing=True) for state in ApplicationState}
    assert said == {
        "draft": "operator",
        "submitted": "office",
        "returned": "operator",
        "in_review": "reviewer",
        "listed": "council",
        "accredited": None,
        "refused": None,
        "declined": None,
        "withdrawn": None,
    }
    assert acts_next(ApplicationState.IN_REVIEW, reviewing=False) == "office"


def test_the_groups_of_states_follow_the_table() -> None:
    sent_from = {
        state for step in APPLICATION.steps if "submit" in step.name for state in step.sources
    }
    assert sent_from == EDITABLE
    assert TABLE.ends() == DECIDED | ENDED_EARLY
    assert {"submitted", "returned", "in_review", "listed"} == UNDER_WAY


class ApplicationWalk(Walk):
    workflow = APPLICATION
    table = TABLE
    pleased = PLEASED
    facts = st.builds(
        ApplicationFacts,
        call_open=st.booleans(),
        answers_complete=st.booleans(),
        time_to_correct_over=st.booleans(),
        terms_accepted=st.booleans(),
        another_under_way=st.booleans(),
        reviews_handed_in=st.integers(0, 3),
        reviews_outstanding=st.integers(0, 1),
        reached=st.frozensets(st.integers(1, 4)),
        granted=st.booleans(),
        proposed=st.frozensets(st.integers(1, 4)),
        required=st.just(frozenset({1, 2})),
        conditions=st.integers(0, 1),
        reasons_given=st.booleans(),
        accreditation_suspended=st.booleans(),
        issuance_paused=st.booleans(),
        actor_belongs=st.booleans(),
        actor_reviews=st.booleans(),
        actor_evaluated=st.booleans(),
        actor_sent=st.booleans(),
    )


TestApplicationWalk = ApplicationWalk.TestCase
TestApplicationWalk.settings = WALKS
