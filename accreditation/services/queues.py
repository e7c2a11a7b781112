"""Work lists: what waits for the office, for a reviewer and for the council, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, and_, func, or_, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application, Person, Review
from workflows.application import DECIDED, ApplicationState, acts_next
from workflows.conditions import DAYS_TO_CORRECT
from workflows.engine import Party
from workflows.review import FINISHED, OUTSTANDING

PAGE = 50
LAST_PAGE = 100_000  # beyond it an offset would no longer fit the database's numbers
WAITING = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.LISTED)


@dataclass(frozen=True)
class Waiting:
    """A case in a list, for how many whole days it has been in its state, and who acts next."""

    application: Application
    days: int
    acts_next: Party | None


def office(state: ApplicationState | None, page: int) -> Pagination:
    """List a page of the cases in a state (by default those that wait); pages count from 1."""
    wanted = _waits() if state is None else Application.state == state
    chosen = select(Application).where(wanted, Application.submissions.any())
    ordered = chosen.order_by(Application.state_since, Application.id)
    return db.paginate(ordered, page=min(max(page, 1), LAST_PAGE), per_page=PAGE, error_out=False)


def waiting(applications: Sequence[Application]) -> list[Waiting]:
    """Add to cases since when they wait and for whom; one query, however many."""
    parties = next_in(applications)
    return [
        Waiting(one, (clock.now() - one.state_since).days, parties[one.id]) for one in applications
    ]


def next_in(applications: Sequence[Application]) -> dict[int, Party | None]:
    """Say by the id of each case who acts next in it; one query, however many."""
    open_ones = _with_open_reviews(applications)
    return {one.id: acts_next(one.state, reviewing=one.id in open_ones) for one in applications}


def counts() -> dict[ApplicationState, int]:
    """Count the cases in each state, drafts that were never sent left out."""
    chosen = select(Application.state, func.count()).where(Application.submissions.any())
    return dict(db.session.execute(chosen.group_by(Application.state)).all())


def overdue() -> int:
    """Count the cases that were returned and whose time to correct is over."""
    return db.session.scalar(select(func.count()).where(_not_corrected())) or 0


def _waits() -> ColumnElement[bool]:
    return or_(Application.state.in_(WAITING), _not_corrected())


def _not_corrected() -> ColumnElement[bool]:
    """Returned so long ago that the office may end it."""
    last = clock.start_of(clock.today() - timedelta(days=DAYS_TO_CORRECT))
    return and_(Application.state == ApplicationState.RETURNED, Application.state_since < last)


def council() -> list[Waiting]:
    """List the cases on the council's list."""
    chosen = select(Application).where(Application.state == ApplicationState.LISTED)
    return waiting(db.session.scalars(chosen.order_by(Application.state_since)).all())


def decided(limit: int = PAGE) -> list[Application]:
    """List the cases decided last."""
    chosen = select(Application).where(Application.state.in_(DECIDED))
    return list(db.session.scalars(chosen.order_by(Application.state_since.desc()).limit(limit)))


def reviewer(person: Person) -> list[Review]:
    """List a person's assignments: those to be done first, oldest first.

    What was still to be done when the application was withdrawn is not there any more.
    """
    todo = Review.state.in_(OUTSTANDING) & (Application.state == ApplicationState.IN_REVIEW)
    chosen = select(Review).join(Review.application).where(Review.reviewer_id == person.id)
    shown = chosen.where(or_(todo, Review.state.in_(FINISHED)))
    rows = db.session.scalars(shown.order_by(Review.assigned_at))
    return sorted(rows, key=lambda review: review.state not in OUTSTANDING)


def _with_open_reviews(applications: Sequence[Application]) -> set[int]:
    chosen = select(Review.application_id).where(
        Review.application_id.in_([application.id for application in applications]),
        Review.state.in_(OUTSTANDING),
    )
    return set(db.session.scalars(chosen))
