"""What the rule says on answers, on a review, and on the agreed findings, which alone count."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accreditation.extensions import db
from accreditation.models import Application, Reconciliation, Review
from accreditation.schemes.model import Item
from accreditation.schemes.rules import Result, Verdict, asked_items, evaluate
from accreditation.services.schemes import scheme_of
from workflows.review import ReviewState


@dataclass(frozen=True)
class AgreedItem:
    """One item with every reviewer's verdict, and the one that counts."""

    item: Item
    verdicts: tuple[Verdict | None, ...]
    settlement: Reconciliation | None

    @property
    def differs(self) -> bool:
        """Whether the reviewers still say different things about it."""
        return len(set(self.verdicts)) > 1

    @property
    def counts_as(self) -> Verdict:
        """The verdict that counts: settled, or common to all, or else not carried out."""
        if self.settlement and self.differs:
            return self.settlement.verdict
        if self.differs or not self.verdicts or self.verdicts[0] is None:
            return Verdict.NOT_CARRIED_OUT
        return self.verdicts[0]


def asked(application: Application) -> tuple[Item, ...]:
    """List the items asked of an application: its indicators, its kind of site."""
    scheme = scheme_of(application.scheme_version)
    return asked_items(scheme, application.site.kind, application.indicators)


def has_reason(verdict: Verdict | None, reason: str) -> bool:
    """Say whether a finding can count: it is one, and says why (ISO/IEC 17065, 7.4)."""
    return verdict is not None and bool(reason.strip())


def judged(review: Review) -> set[str]:
    """Give the items on which a reviewer found something and said why, by their ids."""
    return {one.item for one in review.findings if has_reason(one.verdict, one.reason)}


def preview(
    application: Application, unsaved: Mapping[str, Verdict | None] | None = None
) -> Result:
    """Run the rule on the operator's own answers; those not saved yet go before the saved ones."""
    found = {a.item: a.verdict for a in application.answers} | dict(unsaved or {})
    return _run(application, {item: verdict for item, verdict in found.items() if verdict})


def submitted(application: Application) -> Result:
    """Run the rule on the answers as they were sent last: the preview of those who read a case."""
    sent = application.submissions[-1].content
    answers = sent["answers"].items()
    verdicts = {item: Verdict(one["verdict"]) for item, one in answers if one["verdict"]}
    scheme = scheme_of(application.scheme_version)
    return evaluate(scheme, sent["site"]["kind"], sent["indicators"], verdicts, sent["cycle"])


def of_review(review: Review) -> Result:
    """Run the rule on one reviewer's findings."""
    return _run(review.application, {f.item: f.verdict for f in review.findings if f.verdict})


def handed_in(application: Application) -> list[Review]:
    """List the reviews of an application that were handed in, in the order of assignment."""
    chosen = select(Review).where(
        Review.application_id == application.id, Review.state == ReviewState.HANDED_IN
    )
    chosen = chosen.options(selectinload(Review.findings))
    return list(db.session.scalars(chosen.order_by(Review.id)))


def agreed_items(application: Application) -> list[AgreedItem]:
    """Lay the findings handed in beside each other, item by item."""
    reviews = handed_in(application)
    findings = [{f.item: f.verdict for f in review.findings} for review in reviews]
    settled = _settlements(application, reviews)
    return [
        AgreedItem(item, tuple(found.get(item.id) for found in findings), settled.get(item.id))
        for item in asked(application)
    ]


def _settlements(application: Application, reviews: Sequence[Review]) -> dict[str, Reconciliation]:
    """Give each item's newest settlement, unless a finding that it did not know came after it."""
    found = sorted((f.updated_at, f.item) for review in reviews for f in review.findings)
    newest = {item: moment for moment, item in found}
    chosen = select(Reconciliation).where(Reconciliation.application_id == application.id)
    rows = {row.item: row for row in db.session.scalars(chosen.order_by(Reconciliation.id))}
    return {
        item: row for item, row in rows.items() if item in newest and newest[item] <= row.settled_at
    }


def agreed(application: Application, indicators: Collection[int] | None = None) -> Result:
    """Run the rule on the agreed findings: the result that counts.

    `indicators` narrows it to some of those applied for.
    """
    found = {one.item.id: one.counts_as for one in agreed_items(application)}
    return _run(application, found, indicators)


def _run(
    application: Application,
    verdicts: Mapping[str, Verdict],
    indicators: Collection[int] | None = None,
) -> Result:
    scheme, kind = scheme_of(application.scheme_version), application.site.kind
    chosen = application.indicators if indicators is None else indicators
    asked_ids = {item.id for item in asked_items(scheme, kind, chosen)}
    known = {item: verdict for item, verdict in verdicts.items() if item in asked_ids}
    return evaluate(scheme, kind, chosen, known, application.cycle)
