"""The steps of an incentive: who, from where, to where, and every guard both ways."""

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
from workflows.incentive import INCENTIVE, IncentiveFacts

TABLE = Table.read("""
              granted   unfunded  cancelled
fund   office .         granted   .
cancel office cancelled cancelled .
""")
FINE = IncentiveFacts(budget_left=True, accreditation_valid=True)
PLEASED = {row.step: FINE for row in TABLE.rows}

OWN = ({"actor_belongs": True}, "not_of_the_operator", "You belong to this operator.")
SENT = "You sent this application, so somebody else must do this."
JUDGED = "You reviewed this case or decided on it, so a colleague must do this."
# Step -> what is wrong, which guard objects, and its words; in the order in which they are asked.
GUARDS: dict[str, list[tuple[dict[str, bool], str, str]]] = {
    "fund": [
        OWN,
        ({"actor_sent": True}, "not_the_sender", SENT),
        ({"actor_judged": True}, "not_a_judge", JUDGED),
        ({"accreditation_valid": False}, "accredited", "The accreditation is not valid now."),
        ({"budget_left": False}, "within_budget", "The budget of the programme is used up."),
    ],
    "cancel": [OWN],
}
CASES = [(step, *case) for step, cases in GUARDS.items() for case in cases]


def test_every_step_in_every_state_by_every_party() -> None:
    check_every_combination(INCENTIVE, TABLE, PLEASED)


@pytest.mark.parametrize(("step", "wrong", "guard", "sentence"), CASES)
def test_a_guard_objects_in_its_words(
    step: str, wrong: dict[str, bool], guard: str, sentence: str
) -> None:
    refused = check_objection(INCENTIVE, step, FINE, wrong)
    assert (refused.guard, refused.why) == (guard, sentence)


def test_no_guard_is_left_out_and_their_order_stays() -> None:
    written = {step: [case[1] for case in GUARDS[step]] for step in GUARDS}
    assert {s.name: [g.__name__ for g in s.guards] for s in INCENTIVE.steps} == written


def test_cancelling_asks_neither_for_budget_nor_for_validity() -> None:
    assert INCENTIVE.step("cancel").objection(IncentiveFacts()) is None


def test_reasons_are_asked_for_where_they_are_owed() -> None:
    check_notes(INCENTIVE, PLEASED, {"cancel"})


def test_the_diagram_shows_this_table() -> None:
    check_diagram(INCENTIVE, TABLE, "granted")


class IncentiveWalk(Walk):
    workflow = INCENTIVE
    table = TABLE
    pleased = PLEASED
    facts = st.builds(
        IncentiveFacts,
        budget_left=st.booleans(),
        accreditation_valid=st.booleans(),
        actor_belongs=st.booleans(),
        actor_sent=st.booleans(),
        actor_judged=st.booleans(),
    )


TestIncentiveWalk = IncentiveWalk.TestCase
TestIncentiveWalk.settings = WALKS
