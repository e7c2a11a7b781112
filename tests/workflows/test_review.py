"""The steps of a review: who, from where, to where, and every guard both ways."""

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
from workflows.review import REVIEW, ReviewFacts

TABLE = Table.read("""
                          invited   open      handed_in recused released
declare_none     reviewer open      .         .         .       .
declare_conflict reviewer recused   recused   .         .       .
hand_in          reviewer .         handed_in .         .       .
send_back        office   .         .         open      .       .
release          office   released  released  .         .       .
""")
FINE = ReviewFacts(application_in_review=True, findings_complete=True)
PLEASED = {row.step: FINE for row in TABLE.rows}

OVER = ({"application_in_review": False}, "in_review", "The application is not under review now.")
CONFLICT = (
    {"actor_belongs": True},
    "impartial",
    "You belong to this operator: declare the conflict.",
)
OWN = ({"actor_belongs": True}, "not_of_the_operator", "You belong to this operator.")
REVIEWS = (
    {"actor_reviews": True},
    "not_a_reviewer",
    "You were asked to review this case, so a colleague must do this.",
)
GAPS = (
    {"findings_complete": False},
    "judged",
    "Some items have no finding, or a finding without its reason.",
)
# Step -> what is wrong, which guard objects, and its words; in the order in which they are asked.
GUARDS: dict[str, list[tuple[dict[str, bool], str, str]]] = {
    "declare_none": [OVER, CONFLICT],
    "declare_conflict": [],
    "hand_in": [OVER, CONFLICT, GAPS],
    "send_back": [OWN, REVIEWS, OVER],
    "release": [OWN, REVIEWS],
}
CASES = [(step, *case) for step, cases in GUARDS.items() for case in cases]


def test_every_step_in_every_state_by_every_party() -> None:
    check_every_combination(REVIEW, TABLE, PLEASED)


@pytest.mark.parametrize(("step", "wrong", "guard", "sentence"), CASES)
def test_a_guard_objects_in_its_words(
    step: str, wrong: dict[str, bool], guard: str, sentence: str
) -> None:
    refused = check_objection(REVIEW, step, FINE, wrong)
    assert (refused.guard, refused.why) == (guard, sentence)


def test_no_guard_is_left_out_and_their_order_stays() -> None:
    written = {step: [case[1] for case in GUARDS[step]] for step in GUARDS}
    assert {s.name: [g.__name__ for g in s.guards] for s in REVIEW.steps} == written


def test_a_conflict_may_be_declared_whatever_the_case() -> None:
    worst = ReviewFacts(actor_belongs=True)
    assert REVIEW.step("declare_conflict").objection(worst) is None


def test_a_reviewer_may_be_released_after_the_case_has_moved_on() -> None:
    assert REVIEW.step("release").objection(ReviewFacts()) is None


def test_reasons_are_asked_for_where_they_are_owed() -> None:
    check_notes(REVIEW, PLEASED, {"declare_conflict", "send_back", "release"})


def test_evidence_opens_only_after_the_declaration() -> None:
    assert REVIEW.initial == "invited"
    into_open = {row.step for row in TABLE.rows if row.leads.get("invited") == "open"}
    assert into_open == {"declare_none"}
    assert TABLE.ends() == {"recused", "released"}


def test_the_diagram_shows_this_table() -> None:
    check_diagram(REVIEW, TABLE, "invited")


class ReviewWalk(Walk):
    workflow = REVIEW
    table = TABLE
    pleased = PLEASED
    facts = st.builds(
        ReviewFacts,
        application_in_review=st.booleans(),
        findings_complete=st.booleans(),
        actor_belongs=st.booleans(),
        actor_reviews=st.booleans(),
    )


TestReviewWalk = ReviewWalk.TestCase
TestReviewWalk.settings = WALKS
