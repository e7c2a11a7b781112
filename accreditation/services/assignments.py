"""A reviewer's assignments: how far each is, what it lacks, and saving a page of findings."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application, Finding, Person, Review
from accreditation.schemes.model import Indicator, Item
from accreditation.services import history, queues, results, reviews
from accreditation.services.errors import NotFoundError, ServiceError
from accreditation.services.schemes import scheme_of
from workflows.application import ApplicationState
from workflows.review import OUTSTANDING, ReviewState


@dataclass(frozen=True)
class Progress:
    """How many of the items asked are judged with a reason."""

    done: int
    asked: int


@dataclass(frozen=True)
class Assignment:
    """A review in a reviewer's list: how far it is, and for how many whole days it waits.

    Once it is finished it waits no more and counts no days.
    """

    review: Review
    progress: Progress
    days: int | None


@dataclass(frozen=True)
class Part:
    """One indicator of a review with the items asked of this kind of site."""

    indicator: Indicator
    items: tuple[Item, ...]
    progress: Progress


@dataclass(frozen=True)
class Entered:
    """A judgement as it came from a page, and the version of the finding that the page showed."""

    judgement: reviews.Judgement
    version: int


def of_person(person: Person) -> list[Assignment]:
    """List a person's assignments, those to be done first, in a fixed number of queries."""
    listed = queues.reviewer(person)
    case = selectinload(Review.application)
    chosen = select(Review).where(Review.id.in_([review.id for review in listed]))
    db.session.scalars(
        chosen.options(
            selectinload(Review.findings),
            case.lazyload(Application.call),
            case.selectinload(Application.scheme_version),  # each version once: its text is long
        )
    ).all()
    return [_assignment(review) for review in listed]


def parts(review: Review) -> list[Part]:
    """List the indicators to be reviewed, with how far each is."""
    application = review.application
    scheme, kind = scheme_of(application.scheme_version), application.site.kind
    asked = {item.id for item in results.asked(application)}
    return [
        Part(indicator, items, _progress(review, items))
        for indicator in scheme.indicators
        if (items := tuple(item for item in indicator.items_of(kind) if item.id in asked))
    ]


def part(review: Review, number: int) -> Part:
    """Give one indicator of a review; NotFoundError when it is not asked."""
    found = next((one for one in parts(review) if one.indicator.id == number), None)
    if found is None:
        raise NotFoundError
    return found


def item_of(review: Review, item: str) -> Item:
    """Give an item by its id; NotFoundError when it is not asked."""
    asked = results.asked(review.application)
    found = next((one for one in asked if one.id == item), None)
    if found is None:
        raise NotFoundError
    return found


def missing(review: Review) -> list[Item]:
    """List the items that have no finding yet, or a finding without its reason."""
    judged = results.judged(review)
    return [item for item in results.asked(review.application) if item.id not in judged]


def finding_of(review: Review, item: str) -> Finding | None:
    """Give what the reviewer found on an item so far, if anything."""
    return next((one for one in review.findings if one.item == item), None)


def save(review: Review, page: Iterable[Entered]) -> dict[str, ServiceError]:
    """Save a page of findings; give what speaks against single items, by the item's id.

    When something does, the caller rolls back: the page comes back whole, with everything typed.
    What concerns the whole review is raised.
    """
    history.lock()
    db.session.expire_all()  # what was read before the lock may be old: there may be two windows
    refused = {}
    for entered in page:
        try:
            _save(review, entered)
        except ServiceError as error:
            if error.field is None:
                raise
            refused[entered.judgement.item] = error
    return refused


def differing(review: Review) -> list[results.AgreedItem]:
    """List the items to reconsider: where the reviews differ, after all have handed in."""
    application = review.application
    if review.state != ReviewState.HANDED_IN or application.state != ApplicationState.IN_REVIEW:
        return []
    return reviews.differences(application) if reviews.all_handed_in(application) else []


def differing_item(review: Review, item: str) -> results.AgreedItem:
    """Give one item to reconsider; NotFoundError when the reviews do not differ on it."""
    found = next((one for one in differing(review) if one.item.id == item), None)
    if found is None:
        raise NotFoundError
    return found


def of_others(review: Review, item: str) -> list[Finding]:
    """Give the other reviewers' findings on a differing item; without names, in no known order."""
    differing_item(review, item)
    others = [one for one in results.handed_in(review.application) if one.id != review.id]
    found = [finding for other in others if (finding := finding_of(other, item))]
    return sorted(found, key=lambda finding: (finding.verdict or "", finding.reason))


def _save(review: Review, entered: Entered) -> None:
    judgement = entered.judgement
    empty = judgement.verdict is None and not judgement.reason
    if not empty or finding_of(review, judgement.item):
        reviews.find(review, judgement, version=entered.version)


def _assignment(review: Review) -> Assignment:
    asked = results.asked(review.application)
    waits = review.state in OUTSTANDING
    days = (clock.now() - review.state_since).days if waits else None
    return Assignment(review, _progress(review, asked), days)


def _progress(review: Review, items: tuple[Item, ...]) -> Progress:
    judged = results.judged(review)
    return Progress(sum(item.id in judged for item in items), len(items))
