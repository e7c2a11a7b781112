"""Random walks through a workflow, with the written-out table as the model."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.workflows.tables import Table
from workflows.engine import Party, Refusal, StepRefused, Workflow

WALKS = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # says more about the machine than about us
)
PARTIES = st.frozensets(st.sampled_from(Party))
NOTES = st.sampled_from(["", " ", "見本の理由"])


class Walk(RuleBasedStateMachine):
    """One case on its way; a subclass names the workflow, its table and its facts."""

    workflow: ClassVar[Workflow[Any]]
    table: ClassVar[Table]
    facts: ClassVar[st.SearchStrategy[Any]]
    pleased: ClassVar[Mapping[str, Any]]
    state: StrEnum

    @initialize()
    def begin(self) -> None:
        self.state = self.workflow.initial

    @rule(data=st.data())
    def take_what_is_next(self, data: st.DataObject) -> None:
        """Go on as cases do: a step of this state, by its party, with all guards content."""
        offered = self.table.offered(self.state, frozenset(Party))
        if offered:
            name = data.draw(st.sampled_from(offered))
            party = self.table.row(name).by
            assert self._try(name, frozenset({party}), "見本の理由", self.pleased[name]) is None

    @rule(data=st.data(), parties=PARTIES, note=NOTES)
    def try_anything(self, data: st.DataObject, parties: frozenset[Party], note: str) -> None:
        names = [*(row.step for row in self.table.rows), "nonsense"]
        self._try(data.draw(st.sampled_from(names)), parties, note, data.draw(self.facts))

    @rule(data=st.data(), parties=PARTIES)
    def look_first(self, data: st.DataObject, parties: frozenset[Party]) -> None:
        """The page offers the steps of the table, each with the sentence of its refusal."""
        facts = data.draw(self.facts)
        offers = self.workflow.open_steps(self.state, parties, facts)
        assert [o.step.name for o in offers] == self.table.offered(self.state, parties)
        if offers:
            offer = data.draw(st.sampled_from(offers))
            assert self._try(offer.step.name, parties, "見本の理由", facts) == offer.why_not

    def _try(self, name: str, parties: frozenset[Party], note: str, facts: object) -> str | None:
        refused, reached = None, self.state
        try:
            reached = self.workflow.take(name, self.state, parties, facts, note)
        except StepRefused as refusal:
            refused = refusal
        if refused is not None:
            assert refused.refusal in self._reasons(name, parties)
            return refused.why
        row = self.table.row(name)
        assert row.by in parties
        assert self.state not in self.table.ends()
        assert reached == row.leads[self.state]
        self.state = reached
        return None

    def _reasons(self, name: str, parties: frozenset[Party]) -> set[Refusal]:
        if name == "nonsense":
            return {Refusal.UNKNOWN}
        row = self.table.row(name)
        if row.by not in parties:
            return {Refusal.NOT_YOURS}
        if self.state not in row.leads:
            return {Refusal.WRONG_STATE}
        return {Refusal.GUARD, Refusal.NOTE}
