"""A case as those who judge it read it: what was sent and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accreditation.models import Application, Finding, Review
from accreditation.schemes.model import Indicator, Item, Scheme
from accreditation.schemes.rules import Verdict
from accreditation.services import results
from accreditation.services.schemes import scheme_of

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


def _chosen(scheme: Scheme, numbers: Sequence[int]) -> list[Indicator]:
    return [indicator for indicator in scheme.indicators if indicator.id in numbers]
