"""Truth tables written out as text, and what a workflow is asked with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from workflows.engine import Party, Refusal, StepRefused, Workflow


@dataclass(frozen=True)
class Row:
    """One line of a table: who may take the step, and where it leads from each state."""

    step: str
    by: Party
    leads: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A written-out table: the states in its head, a row for each step."""

    states: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, text: str) -> "Table":
        """Read lines of `step party target target ...`; a dot says that the step is refused."""
        head, *lines = (line.split() for line in text.strip().splitlines())
        states = tuple(head)
        return cls(states, tuple(cls._row(states, *line) for line in lines))

    @staticmethod
    def _row(states: tuple[str, ...], step: str, party: str, *targets: str) -> Row:
        reached = zip(states, targets, strict=True)
        return Row(step, Party(party), {state: to for state, to in reached if to != "."})

    def row(self, step: str) -> Row:
        """Give the row of a step."""
        return next(row for row in self.rows if row.step == step)

    def offered(self, state: str, parties: frozenset[Party]) -> list[str]:
        """List the steps that these parties see in a state, in the order of the table."""
        return [row.step for row in self.rows if state in row.leads and row.by in parties]

    def ends(self) -> set[str]:
        """Give the states that nothing leads out of."""
        return {state for state in self.states if not any(state in row.leads for row in self.rows)}

    def edges(self) -> set[str]:
        """Give the lines that a diagram of this table has."""
        return {
            f"{source} --> {target}: {row.step} ({row.by})"
            for row in self.rows
            for source, target in row.leads.items()
        }


def answer(workflow: Workflow[Any], step: str, state: StrEnum, party: Party, facts: object) -> str:
    """Take a step with a reason; give the state that follows, or the kind of refusal."""
    try:
        return str(workflow.take(step, state, {party}, facts, "見本の理由"))
    except StepRefused as refused:
        return str(refused.refusal)


def check_every_combination(
    workflow: Workflow[Any], table: Table, pleased: Mapping[str, object]
) -> None:
    """Ask every step in every state of every party; `pleased`: facts no guard objects to."""
    assert [str(state) for state in workflow.states] == list(table.states)
    assert [step.name for step in workflow.steps] == [row.step for row in table.rows]
    for row, state, party in product(table.rows, workflow.states, Party):
        expected = row.leads.get(state, "wrong_state") if party == row.by else "not_yours"
        found = answer(workflow, row.step, state, party, pleased[row.step])
        assert found == expected, f"{row.step} in {state} by {party}"


def check_diagram(workflow: Workflow[Any], table: Table, first: str) -> None:
    """Compare the drawing with the table: every arrow, where it begins and where it ends."""
    title, *lines = (line.strip() for line in workflow.diagram().splitlines())
    begins, ends = f"[*] --> {first}", {f"{end} --> [*]" for end in table.ends()}
    assert title == "stateDiagram-v2"
    assert lines[0] == begins
    assert sorted(lines) == sorted([begins, *table.edges(), *ends])


def check_objection(
    workflow: Workflow[Any], step: str, pleased: Any, wrong: Mapping[str, object]
) -> StepRefused:
    """Take a step that is fine, then with something wrong; give the refusal of the second."""
    row = workflow.step(step)
    state, party = row.sources[0], {row.by}
    assert workflow.take(step, state, party, pleased, "見本の理由") == row.target
    bad = replace(pleased, **wrong)
    with pytest.raises(StepRefused) as caught:
        workflow.take(step, state, party, bad, "見本の理由")
    shown = {offer.step.name: offer.why_not for offer in workflow.open_steps(state, party, bad)}
    assert caught.value.refusal == Refusal.GUARD
    assert shown[step] == caught.value.why, "the button must say what the refusal says"
    return caught.value


def check_notes(workflow: Workflow[Any], pleased: Mapping[str, object], needed: set[str]) -> None:
    """Take every step without a reason: those in `needed` ask for one, the others do not."""
    for step in workflow.steps:
        for note in ("", " \n　"):
            taken = (step.name, step.sources[0], {step.by}, pleased[step.name], note)
            if step.name in needed:
                with pytest.raises(StepRefused, match="Please give the reason") as caught:
                    workflow.take(*taken)
                assert caught.value.refusal == Refusal.NOTE
            else:
                assert workflow.take(*taken) == step.target
