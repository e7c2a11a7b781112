"""A case as those who judge it read it: what was sent, what was found, what can be done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from accreditation.models import Application, Finding, Person, Review
from accreditation.schemes.model import Indicator, Item, Scheme
from accreditation.schemes.rules import Verdict
from accreditation.services import results, steps
from accreditation.services.facts import Subject
from accreditation.services.schemes import scheme_of
from workflows.engine import Party, StepRefused

NO_ANSWER: Mapping[str, Any] = {"verdict": None, "text": "", "evidence": []}


@dataclass(frozen=True)
class Answered:
    """One item with the answer that was sent to it: `verdict`, `text`, `evidence`."""

    item: Item
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class Answers:
    """The answers to one indicator."""

    indicator: Indicator
    rows: list[Answered]

    @property
    def carried_out(self) -> int:
        """How many items are said to be carried out."""
        return sum(row.answer["verdict"] == Verdict.CARRIED_OUT for row in self.rows)


@dataclass(frozen=True)
class Found:
    """One item with every reviewer's finding, and what counts."""

    agreed: results.AgreedItem
    findings: tuple[Finding | None, ...]

    @property
    def item(self) -> Item:
        """The item."""
        return self.agreed.item


@dataclass(frozen=True)
class Findings:
    """The findings on one indicator."""

    indicator: Indicator
    rows: list[Found]

    @property
    def differing(self) -> list[Found]:
        """The items on which the reviewers differ, settled or not."""
        return [row for row in self.rows if row.agreed.differs]


@dataclass(frozen=True)
class Sheet:
    """The findings handed in, side by side, indicator by indicator."""

    reviews: Sequence[Review]
    sections: list[Findings]

    @property
    def differing(self) -> list[Found]:
        """The items on which the reviewers differ, settled or not."""
        return [row for section in self.sections for row in section.differing]


def indicator_names(scheme: Scheme, numbers: Sequence[int], language: str) -> list[str]:
    """Write indicators with their numbers."""
    return [f"{one.id}. {one.title.in_language(language)}" for one in _chosen(scheme, numbers)]


def answers(application: Application) -> list[Answers]:
    """Lay out what was sent last, indicator by indicator."""
    scheme, sent = scheme_of(application.scheme_version), application.submissions[-1].content
    given = sent["answers"]
    return [
        Answers(
            indicator,
            [
                Answered(item, given.get(item.id, NO_ANSWER))
                for item in indicator.items_of(sent["site"]["kind"])
            ],
        )
        for indicator in _chosen(scheme, sent["indicators"])
    ]


def sheet(application: Application) -> Sheet:
    """Lay out the findings of the reviews handed in."""
    handed_in = results.handed_in(application)
    findings = [{one.item: one for one in review.findings} for review in handed_in]
    agreed = {one.item.id: one for one in results.agreed_items(application)}
    sections = [
        Findings(
            indicator,
            [
                Found(agreed[item.id], tuple(found.get(item.id) for found in findings))
                for item in indicator.items_of(application.site.kind)
            ],
        )
        for indicator in _chosen(scheme_of(application.scheme_version), application.indicators)
    ]
    return Sheet(handed_in, sections)


def offers(  # noqa: PLR0913 - what was tried comes back by its names
    subject: Subject,
    person: Person,
    party: Party,
    url: Callable[[str], str],
    *,
    hints: Mapping[str, str] | None = None,
    refused: StepRefused | None = None,
    note: str = "",
) -> list[dict[str, Any]]:
    """List a party's open steps as the macro `case.steps` wants them.

    `refused` is the try that lacked its reason; what was typed comes back with it.
    """
    suffix = getattr(subject, "key", "")  # several cases of a kind may stand on one page
    shown = []
    for offer in steps.open_steps(subject, person):
        step = offer.step
        if step.by != party:
            continue
        tried = refused is not None and refused.step == step.name
        shown.append(
            {
                "name": f"{step.name}-{suffix}",
                "label": _(step.label),
                "tone": step.tone,
                "url": url(step.name),
                "needs_note": step.needs_note,
                "why_not": _(offer.why_not) if offer.why_not else None,
                "note_hint": (hints or {}).get(step.name, ""),
                "note": note if tried else "",
                "error": _(refused.why) if tried and refused else "",
            }
        )
    return shown


def _chosen(scheme: Scheme, numbers: Sequence[int]) -> list[Indicator]:
    return [indicator for indicator in scheme.indicators if indicator.id in numbers]
