"""The engine itself, shown on a small table: a door with a lock."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice

import pytest

from tests.workflows.tables import Table
from workflows.accreditation import ACCREDITATION
from workflows.application import APPLICATION, ApplicationState
from workflows.engine import N_, Party, Refusal, Step, StepRefused, Workflow
from workflows.incentive import INCENTIVE
from workflows.review import REVIEW


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"
    WALLED_UP = "walled_up"


@dataclass(frozen=True)
class DoorFacts:
    clear: bool = True
    key: bool = True


def clear(facts: DoorFacts) -> str | None:
    return None if facts.clear else N_("Something stands in the way.")


def key(facts: DoorFacts) -> str | None:
    return None if facts.key else N_("There is no key.")


def broken_guard(facts: DoorFacts) -> str | None:
    raise LookupError(facts)


DOOR: Workflow[DoorFacts] = Workflow(
    "door",
    Door,
    Door.OPEN,
    [
        Step("shut", (Door.OPEN,), Door.SHUT, Party.OPERATOR, "Shut", "Was shut", (clear,)),
        Step("open", (Door.SHUT,), Door.OPEN, Party.OPERATOR, "Open", "Was opened"),
        Step("lock", (Door.SHUT,), Door.LOCKED, Party.OFFICE, "Lock", "Was locked", (clear, key)),
        Step(
            "wall_up",
            (Door.SHUT, Door.LOCKED),
            Door.WALLED_UP,
            Party.OFFICE,
            "Wall up",
            "Was walled up",
            (clear,),
            needs_note=True,
        ),
        Step(
            "paint",
            (Door.LOCKED,),
            Door.LOCKED,
            Party.SYSTEM,
            "Paint",
            "Was painted",
            (broken_guard,),
        ),
    ],
)
FINE = DoorFacts()
OFFICE, OPERATOR = {Party.OFFICE}, {Party.OPERATOR}


def refusal(
    step: str, state: Door, parties: set[Party], facts: DoorFacts = FINE, note: str = "note"
) -> StepRefused:
    with pytest.raises(StepRefused) as caught:
        DOOR.take(step, state, parties, facts, note)
    return caught.value


def test_a_step_leads_to_its_target() -> None:
    assert DOOR.take("shut", Door.OPEN, OPERATOR, FINE) is Door.SHUT
    assert DOOR.take("lock", Door.SHUT, {*OFFICE, *OPERATOR}, FINE) is Door.LOCKED
    assert DOOR.take("wall_up", Door.LOCKED, OFFICE, FINE, "no more") is Door.WALLED_UP


def test_a_step_that_does_not_exist() -> None:
    refused = refusal("explode", Door.OPEN, OFFICE)
    assert (refused.refusal, refused.step) == (Refusal.UNKNOWN, "explode")
    assert refused.why == "There is no such step."


def test_a_name_of_the_machine_itself_is_no_step() -> None:
    for name in ("to_open", "trigger", "initial", ""):
        assert refusal(name, Door.SHUT, set(Party)).refusal == Refusal.UNKNOWN


def test_a_stranger_does_not_learn_how_far_a_case_is() -> None:
    answers = {str(refusal("lock", state, OPERATOR, DoorFacts(key=False))) for state in Door}
    assert answers == {"lock: not_yours: This step is not yours to take."}


def test_nobody_at_all_may_do_nothing() -> None:
    assert refusal("shut", Door.OPEN, set()).refusal == Refusal.NOT_YOURS


def test_the_state_is_asked_before_the_guards() -> None:
    refused = refusal("lock", Door.OPEN, OFFICE, DoorFacts(key=False), note="")
    assert refused.refusal == Refusal.WRONG_STATE
    assert "it was taken already, or something else happened first" in refused.why


def test_the_first_guard_that_objects_speaks() -> None:
    refused = refusal("lock", Door.SHUT, OFFICE, DoorFacts(clear=False, key=False))
    assert (refused.refusal, refused.guard) == (Refusal.GUARD, "clear")
    assert refused.why == "Something stands in the way."
    assert refusal("lock", Door.SHUT, OFFICE, DoorFacts(key=False)).guard == "key"


def test_the_note_is_asked_for_last() -> None:
    blocked = DoorFacts(clear=False)
    assert refusal("wall_up", Door.SHUT, OFFICE, blocked, note="").refusal == Refusal.GUARD
    refused = refusal("wall_up", Door.SHUT, OFFICE, note=" \t\n　")
    assert (refused.refusal, refused.guard) == (Refusal.NOTE, "")
    assert refused.why == "Please give the reason."


def test_a_reason_may_be_long_but_not_without_end() -> None:
    given = {Party.OFFICE}, DoorFacts()
    assert DOOR.take("wall_up", Door.SHUT, *given, "石" * 8000) == Door.WALLED_UP
    with pytest.raises(StepRefused, match="8,000 characters") as caught:
        DOOR.take("wall_up", Door.SHUT, *given, "石" * 8001)
    assert caught.value.refusal is Refusal.NOTE


def test_an_error_in_a_guard_is_no_permission() -> None:
    with pytest.raises(LookupError):
        DOOR.take("paint", Door.LOCKED, {Party.SYSTEM}, FINE)
    assert DOOR.take("wall_up", Door.LOCKED, OFFICE, FINE, "still works") is Door.WALLED_UP


def test_a_person_sees_the_steps_of_their_parties_with_what_speaks_against_them() -> None:
    both = {*OFFICE, *OPERATOR}
    seen = [
        (o.step.name, o.why_not) for o in DOOR.open_steps(Door.SHUT, both, DoorFacts(key=False))
    ]
    assert seen == [("open", None), ("lock", "There is no key."), ("wall_up", None)]
    assert [o.step.name for o in DOOR.open_steps(Door.SHUT, OPERATOR, FINE)] == ["open"]
    assert DOOR.open_steps(Door.WALLED_UP, set(Party), FINE) == []
    assert DOOR.open_steps(Door.OPEN, set(), FINE) == []


def test_looking_a_step_up() -> None:
    assert DOOR.step("lock").label == "Lock"
    with pytest.raises(StepRefused, match="no such step"):
        DOOR.step("unlock")


def test_the_diagram() -> None:
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> open",
        "    open --> shut: shut (operator)",
        "    shut --> open: open (operator)",
        "    shut --> locked: lock (office)",
        "    shut --> walled_up: wall_up (office)",
        "    locked --> walled_up: wall_up (office)",
        "    locked --> locked: paint (system)",
        "    walled_up --> [*]",
    ]


def test_eight_threads_on_the_one_machine_do_not_meet() -> None:
    path = ("shut", "lock", "wall_up")
    expected = [Door.SHUT, Door.LOCKED, Door.WALLED_UP]

    def go(start: int) -> int:
        wrong = 0
        for name in islice(cycle((*path, "lock")), start, start + 1500):
            state: StrEnum = Door.OPEN
            reached = [state := DOOR.take(one, state, set(Party), FINE, "note") for one in path]
            wrong += reached != expected
            try:
                DOOR.take(name, Door.WALLED_UP, set(Party), FINE, "note")
            except StepRefused as refused:
                wrong += refused.refusal != Refusal.WRONG_STATE or refused.step != name
            else:
                wrong += 1
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(go, range(8))) == [0] * 8


def test_eight_threads_on_eight_applications() -> None:
    from tests.workflows.test_application import PLEASED  # noqa: PLC0415

    path = ("submit", "return", "resubmit", "accept", "list", "unlist", "list", "accredit")

    def go(_: int) -> StrEnum:
        state: StrEnum = ApplicationState.DRAFT
        for name in path:
            state = APPLICATION.take(name, state, set(Party), PLEASED[name], "note")
        return state

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(go, range(400))) == {ApplicationState.ACCREDITED}


@pytest.mark.parametrize("workflow", [APPLICATION, REVIEW, ACCREDITATION, INCENTIVE])
def test_every_step_is_named_once_and_has_a_label(workflow: Workflow[object]) -> None:
    names = [step.name for step in workflow.steps]
    assert len(set(names)) == len(names)
    assert all(step.label and step.sources for step in workflow.steps)
    assert not [step.name for step in workflow.steps if step.leads_on and step.grave]
    leading = [source for step in workflow.steps if step.leads_on for source in step.sources]
    assert len(set(leading)) == len(leading), "one step at most leads on from a state"


def test_a_written_out_table_reads_as_it_is_meant() -> None:
    table = Table.read("""
               open shut locked
    shut office shut .    .
    lock office .    locked .
    """)
    assert table.offered("open", frozenset({Party.OFFICE})) == ["shut"]
    assert table.ends() == {"locked"}
    assert table.edges() == {"open --> shut: shut (office)", "shut --> locked: lock (office)"}
