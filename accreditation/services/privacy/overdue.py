"""What is kept longer than it may be: cases and operators whose time is over.

The periods are those of the map; a year is counted in days of the scheme's zone, and kept whole.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from accreditation import clock
from accreditation.models import (
    Accreditation,
    Application,
    Call,
    Evidence,
    HistoryDetail,
    HistoryEntry,
    Mail,
    Membership,
    Operator,
    Person,
    Review,
    Site,
    Submission,
)
from workflows.accreditation import RUNNING
from workflows.application import DECIDED, ENDED_EARLY, ApplicationState

FORGOTTEN = "@forgotten.invalid"  # how the address of somebody erased ends
EVIDENCE_ACCREDITED = 3
EVIDENCE_OTHERWISE = 1
DRAFT = 1
LETTERS = 3
REVIEWERS = 3
CONTACT = 5
WORDS = 10
_ENDED = DECIDED | ENDED_EARLY


def years_ago(years: int) -> datetime:
    """Give the instant before which something ended whose years are over today."""
    today = clock.today()
    leap_day = (today.month, today.day) == (2, 29)
    day = today.replace(year=today.year - years, day=28 if leap_day else today.day)
    return clock.start_of(day)


def drafts() -> Select[Application]:
    """Choose what was begun and never sent, after its call."""
    sent = exists().where(Submission.application_id == Application.id)
    return (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(Call.closes_at < years_ago(DRAFT), Application.state == ApplicationState.DRAFT)
        .where(~sent)
    )


def with_evidence() -> Select[Application]:
    """Choose the ended cases whose files have served their time."""
    has = exists().where(Evidence.application_id == Application.id)
    accredited = Application.state == ApplicationState.ACCREDITED
    over = or_(
        and_(accredited, Application.state_since < years_ago(EVIDENCE_ACCREDITED)),
        and_(~accredited, _ended_before(EVIDENCE_OTHERWISE)),
    )
    return select(Application).where(has, over)


def with_letters() -> Select[Application]:
    """Choose the ended cases whose mails have served their time."""
    sent = exists().where(Mail.application_id == Application.id, Mail.sent_at.is_not(None))
    return select(Application).where(sent, _ended_before(LETTERS))


def with_reviewers() -> Select[Review]:
    """Choose the reviews of ended cases of which it may not be known any more whose they were."""
    known = ~Person.email.endswith(FORGOTTEN)
    chosen = select(Review).join(Application, Application.id == Review.application_id)
    return chosen.join(Person, Person.id == Review.reviewer_id).where(
        known, _ended_before(REVIEWERS)
    )


def with_words() -> Select[Application]:
    """Choose the ended cases whose history is to be without names and words."""
    chosen = select(HistoryEntry.application_id).join(
        HistoryDetail, HistoryDetail.sequence == HistoryEntry.sequence
    )
    return select(Application).where(Application.id.in_(chosen), _ended_before(WORDS))


def operators() -> Select[Operator]:
    """Choose the operators of which nothing is under way or was, for long enough."""
    long_ago = years_ago(CONTACT)
    of_theirs = Site.operator_id == Operator.id
    still = exists().where(of_theirs, Application.site_id == Site.id, ~_ended_before(CONTACT))
    stands = and_(
        Accreditation.state.in_(RUNNING), Accreditation.valid_until >= clock.day_of(long_ago)
    )
    stood = and_(Accreditation.state.not_in(RUNNING), Accreditation.state_since >= long_ago)
    holds = exists().where(of_theirs, Accreditation.site_id == Site.id, or_(stands, stood))
    told = [Operator.representative != "", Operator.postal_code != "", Operator.phone != ""]
    reached = exists().where(Membership.operator_id == Operator.id)
    return select(Operator).where(
        Operator.created_at < long_ago, ~still, ~holds, or_(*told, reached)
    )


def _ended_before(years: int) -> ColumnElement[bool]:
    """Ended, or returned and not sent again when its call had ended."""
    closed = Application.call_id.in_(select(Call.id).where(Call.closes_at < years_ago(years)))
    return or_(
        and_(Application.state.in_(_ENDED), Application.state_since < years_ago(years)),
        and_(
            Application.state == ApplicationState.RETURNED,
            Application.state_since < years_ago(years),
            closed,
        ),
    )
