"""Whom a leak may concern: people whose data a table held in a period, as far as it is known.

Source: Act on the Protection of Personal Information, article 68 (report within days, and tell
the persons). Reading is not written down, so that what somebody could have read is told instead;
what was erased since then is not known, and that is said too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select, true

from accreditation.extensions import db
from accreditation.models import (
    Application,
    Base,
    Certificate,
    HistoryDetail,
    HistoryEntry,
    Membership,
    Office,
    Person,
    Review,
    Site,
)
from accreditation.services.privacy.map import TABLES

# By which column a row is known to have been there; a table without one is taken as it is now.
SINCE = {
    "answers": "updated_at",
    "applications": "created_at",
    "authenticators": "made_at",
    "decisions": "decided_at",
    "documents": "ordered_at",
    "evidence": "uploaded_at",
    "findings": "updated_at",
    "invitations": "invited_at",
    "mails": "written_at",
    "one_time_links": "made_at",
    "operators": "created_at",
    "passkeys": "made_at",
    "people": "created_at",
    "reconciliations": "settled_at",
    "recovery_codes": "made_at",
    "reviews": "assigned_at",
    "sign_ins": "started_at",
    "sites": "created_at",
    "submissions": "sent_at",
}
_ADDRESSES = {"invitations": "email", "mails": "recipient", "one_time_links": "email"}
_CHANGED_LATER = {"answers", "findings"}  # their instant is that of the last change, not the first
_READ_ALL = frozenset({Office.OFFICE, Office.COUNCIL, Office.ADMINISTRATOR})
_ERASED = ("forget", "erase_overdue")


class UnknownTableError(Exception):
    """No such table, or none with personal data; the text names those that there are."""


@dataclass(frozen=True)
class Affected:
    """Whom to tell, addresses without an account, and what can't be known."""

    people: list[Person]
    addresses: list[str]
    unknown: list[str]


def affected(name: str, since: datetime, until: datetime, actor: Person | None = None) -> Affected:
    """List whose data a table held between two instants; of an actor, what they could read of it.

    UnknownTableError.
    """
    personal = sorted(one for one, held in TABLES.items() if held.personal)
    if name not in personal:
        raise UnknownTableError(", ".join(personal))
    table = Base.metadata.tables[name]
    which = _there(table, until) & _readable(table, until, actor)
    ids: set[int] = set()
    for chosen in _sources(table, which):
        ids.update(one for one in db.session.scalars(chosen) if one is not None)
    addresses = set(db.session.scalars(_addressed(table, which))) if name in _ADDRESSES else set()
    people = list(db.session.scalars(select(Person).order_by(Person.email)))
    concerned = [one for one in people if one.id in ids or one.email in addresses]
    known = {one.email for one in people}
    return Affected(concerned, sorted(addresses - known), list(_unknown(name, since, actor)))


def _there(table: Table, until: datetime) -> ColumnElement[bool]:
    """Choose the rows that were there; a change later does not say that a row came later."""
    if table.name not in SINCE or table.name in _CHANGED_LATER:
        return true()
    return table.columns[SINCE[table.name]] < until


def _readable(table: Table, until: datetime, actor: Person | None) -> ColumnElement[bool]:
    """Choose the rows that an actor could read: all with an office, else those of their cases."""
    if actor is None or actor.offices & _READ_ALL:
        return true()
    reviewed = select(Review.application_id).where(
        Review.reviewer_id == actor.id, Review.assigned_at < until
    )
    theirs = select(Application.id).join(Site, Site.id == Application.site_id)
    theirs = theirs.join(Membership, Membership.operator_id == Site.operator_id)
    theirs = theirs.where(Membership.person_id == actor.id)
    acted = select(HistoryEntry.application_id).join(
        HistoryDetail, HistoryDetail.sequence == HistoryEntry.sequence
    )
    acted = acted.where(HistoryDetail.content["person"].as_integer() == actor.id)
    cases = reviewed.union(theirs, acted.where(HistoryEntry.application_id.is_not(None)))
    if (case := _case_of(table)) is not None:
        return case.in_(cases)
    if (pointing := _pointing(table)) is not None:
        return pointing == actor.id
    return true()


def _case_of(table: Table) -> ColumnElement[Any] | None:
    """Give the case that a row belongs to, as a value for a condition."""
    if "application_id" in table.columns:
        return table.columns["application_id"]
    if table.name == "applications":
        return table.columns["id"]
    if table.name == "findings":
        of_review = select(Review.application_id).where(Review.id == table.columns["review_id"])
        return of_review.correlate(table).scalar_subquery()
    if table.name == "documents":
        of_one = select(Certificate.application_id)
        of_one = of_one.where(Certificate.document_id == table.columns["id"])
        return of_one.correlate(table).scalar_subquery()
    if table.name == "history_details":
        entry = HistoryEntry.sequence == table.columns["sequence"]
        of_entry = select(HistoryEntry.application_id).where(entry)
        return of_entry.correlate(table).scalar_subquery()
    return None


def _pointing(table: Table) -> ColumnElement[Any] | None:
    return next(iter(_pointers(table)), None)


def _pointers(table: Table) -> list[ColumnElement[Any]]:
    """List the columns of a table that say which person it is."""
    if table.name == "people":
        return [table.columns["id"]]
    if table.name == "history_details":
        return [table.columns["content"]["person"].as_integer()]
    if table.name == "findings":
        reviewer = select(Review.reviewer_id).where(Review.id == table.columns["review_id"])
        return [reviewer.correlate(table).scalar_subquery()]
    return [
        column
        for column in table.columns
        if any(key.target_fullname == "people.id" for key in column.foreign_keys)
    ]


def _sources(table: Table, which: ColumnElement[bool]) -> Iterator[Select[Any]]:
    """Give the queries after the people of the rows: those named, and those of the operator."""
    for column in _pointers(table):
        yield select(column).select_from(table).where(which).distinct()
    operators = _operators(table, which)
    if operators is not None:
        members = select(Membership.person_id).where(Membership.operator_id.in_(operators))
        yield members.distinct()


def _operators(table: Table, which: ColumnElement[bool]) -> Select[Any] | None:
    if table.name == "operators":
        return select(table.columns["id"]).where(which)
    if "operator_id" in table.columns:
        return select(table.columns["operator_id"]).where(which)
    sites = select(Site.operator_id)
    if "site_id" in table.columns:
        return sites.where(Site.id.in_(select(table.columns["site_id"]).where(which)))
    case = _case_of(table)
    if case is None:
        return None
    theirs = select(case).select_from(table).where(which)
    cases = select(Application.site_id).where(Application.id.in_(theirs))
    return sites.where(Site.id.in_(cases))


def _addressed(table: Table, which: ColumnElement[bool]) -> Select[Any]:
    return select(table.columns[_ADDRESSES[table.name]]).where(which).distinct()


def _unknown(name: str, since: datetime, actor: Person | None) -> Iterator[str]:
    """Say what can't be known from what is kept."""
    erased = select(func.count()).select_from(HistoryEntry)
    erased = erased.where(HistoryEntry.at >= since, HistoryEntry.act.in_(_ERASED))
    if count := db.session.scalar(erased):
        yield f"whom it concerned of what was erased since: {count} erasures"
    yield "rows that were deleted since in the usual way, such as sessions and links after 30 days"
    if name not in SINCE or name in _CHANGED_LATER:
        yield "since when its rows are there: all that are there now are counted"
    if actor is not None:
        yield "what was really read: reading is not written down; told is what could be read"
    yield "people who are named in texts and files only"
