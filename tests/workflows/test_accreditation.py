"""The steps of an accreditation, every guard both ways, and how it stands on a day."""

from datetime import date

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
from workflows.accreditation import (
    ACCREDITATION,
    AccreditationFacts,
    AccreditationState,
    Standing,
    standing,
)

TABLE = Table.read("""
                   active      suspended   withdrawn surrendered
suspend   council  suspended   .           .         .
lift      council  .           active      .         .
withdraw  council  withdrawn   withdrawn   .         .
surrender operator surrendered surrendered .         .
renew     system   active      .           .         .
""")
FINE = AccreditationFacts()
PLEASED = {row.step: FINE for row in TABLE.rows}

OWN = ({"actor_belongs": True}, "not_of_the_operator", "You belong to this operator.")
EXPIRED = ({"expired": True}, "still_running", "The accreditation has expired already.")
# Step -> what is wrong, which guard objects, and its words; in the order in which they are asked.
GUARDS: dict[str, list[tuple[dict[str, bool], str, str]]] = {
    "suspend": [OWN, EXPIRED],
    "lift": [OWN],
    "withdraw": [OWN],
    "surrender": [EXPIRED],
    "renew": [],
}
CASES = [(step, *case) for step, cases in GUARDS.items() for case in cases]

LAST_DAY = date(2027, 2, 28)
BEFORE, AFTER = date(2027, 2, 27), date(2027, 3, 1)


def test_every_step_in_every_state_by_every_party() -> None:
    check_every_combination(ACCREDITATION, TABLE, PLEASED)


@pytest.mark.parametrize(("step", "wrong", "guard", "sentence"), CASES)
def test_a_guard_objects_in_its_words(
    step: str, wrong: dict[str, bool], guard: str, sentence: str
) -> None:
    refused = check_objection(ACCREDITATION, step, FINE, wrong)
    assert (refused.guard, refused.why) == (guard, sentence)


def test_no_guard_is_left_out_and_their_order_stays() -> None:
    written = {step: [case[1] for case in GUARDS[step]] for step in GUARDS}
    assert {s.name: [g.__name__ for g in s.guards] for s in ACCREDITATION.steps} == written


def test_what_has_expired_can_still_be_withdrawn() -> None:
    late = AccreditationFacts(expired=True)
    for step in ("lift", "withdraw", "renew"):
        assert ACCREDITATION.step(step).objection(late) is None


def test_reasons_are_asked_for_where_they_are_owed() -> None:
    check_notes(ACCREDITATION, PLEASED, {"suspend", "lift", "withdraw"})


def test_withdrawn_and_given_up_are_for_good() -> None:
    assert ACCREDITATION.initial == "active"
    assert TABLE.ends() == {"withdrawn", "surrendered"}


def test_the_diagram_shows_this_table() -> None:
    check_diagram(ACCREDITATION, TABLE, "active")


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("active", BEFORE, "valid"),
        ("active", LAST_DAY, "valid"),
        ("active", AFTER, "expired"),
        ("suspended", BEFORE, "suspended"),
        ("suspended", LAST_DAY, "suspended"),
        ("suspended", AFTER, "suspended"),
        ("withdrawn", BEFORE, "withdrawn"),
        ("withdrawn", LAST_DAY, "withdrawn"),
        ("withdrawn", AFTER, "withdrawn"),
        ("surrendered", BEFORE, "surrendered"),
        ("surrendered", LAST_DAY, "surrendered"),
        ("surrendered", AFTER, "surrendered"),
    ],
)
def test_how_it_stands_before_on_and_after_the_last_day(
    state: str, day: date, expected: str
) -> None:
    assert standing(AccreditationState(state), LAST_DAY, day) == Standing(expected)


def test_nothing_stands_in_a_way_that_the_check_page_does_not_know() -> None:
    shown = {"valid", "expired", "suspended", "withdrawn", "surrendered"}
    days = (BEFORE, LAST_DAY, AFTER)
    found = {standing(state, LAST_DAY, day) for state in AccreditationState for day in days}
    assert {str(one) for one in found} == shown == {str(one) for one in Standing}


class AccreditationWalk(Walk):
    workflow = ACCREDITATION
    table = TABLE
    pleased = PLEASED
    facts = st.builds(AccreditationFacts, expired=st.booleans(), actor_belongs=st.booleans())


TestAccreditationWalk = AccreditationWalk.TestCase
TestAccreditationWalk.settings = WALKS
