"""Steps, and who may take them when: the only room that knows the library `transitions`.

A workflow is a table of steps that a lay person can check. One static machine serves all cases;
the table says from where to where, who may, and which guards must be content. A guard answers
with a sentence (a message id) when it objects: the same sentence explains the button on the page
and refuses the forged request.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Generic, TypeVar

from transitions import Machine, MachineError

Facts = TypeVar("Facts")
Guard = Callable[[Facts], str | None]

LONGEST_NOTE = 8000  # characters: a letter of some pages, and nothing that a page can't show


def N_(message: str) -> str:
    """Mark a message id for translation without translating it: rules know no language."""
    return message


class Party(StrEnum):
    """What a person is to one case; it follows from the case, not from the office alone."""

    OPERATOR = "operator"
    OFFICE = "office"
    REVIEWER = "reviewer"
    COUNCIL = "council"
    SYSTEM = "system"


class Refusal(StrEnum):
    """Why a step was refused."""

    UNKNOWN = "unknown"
    WRONG_STATE = "wrong_state"
    NOT_YOURS = "not_yours"
    GUARD = "guard"
    NOTE = "note"


class StepRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A step that may not be taken; `why` is a message id for the person who tried."""

    def __init__(self, refusal: Refusal, step: str, why: str, guard: str = "") -> None:
        """Keep the kind of refusal, the step, the sentence, and the guard that spoke, if any."""
        super().__init__(f"{step}: {refusal}: {why}")
        self.refusal = refusal
        self.step = step
        self.why = why
        self.guard = guard


@dataclass(frozen=True)
class Step(Generic[Facts]):
    """One line of a table: who may move a case from where to where, and what is asked first.

    `label` is the word on the button, `done` what the history and the mails say afterwards.
    One step of a state may lead on to where the case is meant to go; a grave one ends it otherwise.
    """

    name: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    by: Party
    label: str
    done: str
    guards: tuple[Guard[Facts], ...] = ()
    needs_note: bool = False
    leads_on: bool = False
    grave: bool = False

    def objection(self, facts: Facts) -> str | None:
        """Give the first guard's sentence that speaks against the step now, or None."""
        return next((why for guard in self.guards if (why := guard(facts))), None)


@dataclass(frozen=True)
class Offer(Generic[Facts]):
    """A step that a person sees on a case, with the reason when it cannot be taken yet."""

    step: Step[Facts]
    why_not: str | None


class _Token:
    """What the shared machine moves: only a state, so that nothing of a case is kept by it."""

    def __init__(self, state: Enum) -> None:
        self.state = state


class Workflow(Generic[Facts]):
    """A named table of steps over the states of one kind of case."""

    def __init__(
        self, name: str, states: type[StrEnum], initial: StrEnum, steps: Iterable[Step[Facts]]
    ) -> None:
        """Build the one machine of this workflow from its table."""
        self.name = name
        self.states = states
        self.initial = initial
        self.steps = tuple(steps)
        self._by_name = {step.name: step for step in self.steps}
        self._machine = Machine(
            model=None,
            states=states,
            initial=initial,
            auto_transitions=False,
            transitions=[
                {"trigger": step.name, "source": list(step.sources), "dest": step.target}
                for step in self.steps
            ],
        )

    def step(self, name: str) -> Step[Facts]:
        """Look a step up by its name; StepRefused when there is none."""
        if name not in self._by_name:
            raise StepRefused(Refusal.UNKNOWN, name, N_("There is no such step."))
        return self._by_name[name]

    def open_steps(
        self, state: StrEnum, parties: Collection[Party], facts: Facts
    ) -> list[Offer[Facts]]:
        """List the steps that one of these parties sees in this state, in table order."""
        return [
            Offer(step, step.objection(facts))
            for step in self.steps
            if state in step.sources and step.by in parties
        ]

    def take(
        self, name: str, state: StrEnum, parties: Collection[Party], facts: Facts, note: str = ""
    ) -> StrEnum:
        """Say the state that follows when the step is taken, or raise StepRefused with the reason.

        The party is asked before the state: a stranger does not learn how far a case is.
        """
        step = self.step(name)
        if step.by not in parties:
            why = N_("This step is not yours to take.")
            raise StepRefused(Refusal.NOT_YOURS, name, why)
        token = _Token(state)
        try:
            self._machine.events[name].trigger(token)
        except MachineError:
            why = N_(
                "This step is no longer possible: it was taken already, or something else"
                " happened first."
            )
            raise StepRefused(Refusal.WRONG_STATE, name, why) from None
        for guard in step.guards:
            if why_not := guard(facts):
                raise StepRefused(Refusal.GUARD, name, why_not, guard.__name__)
        if step.needs_note and not note.strip():
            raise StepRefused(Refusal.NOTE, name, N_("Please give the reason."))
        if len(note) > LONGEST_NOTE:
            raise StepRefused(Refusal.NOTE, name, N_("Only 8,000 characters fit as the reason."))
        return step.target

    def diagram(self) -> str:
        """Draw the table as a Mermaid state diagram, a line for each step and source."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        lines += [
            f"    {source.value} --> {step.target.value}: {step.name} ({step.by.value})"
            for step in self.steps
            for source in step.sources
        ]
        ends = [s for s in self.states if not any(s in step.sources for step in self.steps)]
        return "\n".join([*lines, *(f"    {end.value} --> [*]" for end in ends)])
