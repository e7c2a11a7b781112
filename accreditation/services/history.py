"""The history of every case: who, what, when and why, in a chain that shows every change.

An entry's hash covers the hash before it and a salted commitment to the details (names and free
text). The details lie in a table of their own and can be erased; the chain still verifies.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import HistoryDetail, HistoryEntry, HistoryHead, Person
from accreditation.services import chain
from accreditation.services.canonical import canonical, sha256_of
from accreditation.services.errors import ServiceError
from workflows.engine import N_

GENESIS = "0" * 64
_NEXT = text(
    "INSERT INTO history_head (id, sequence, hash) VALUES (1, 0, :genesis)"
    " ON CONFLICT (id) DO UPDATE SET sequence = history_head.sequence RETURNING sequence, hash"
)


@dataclass(frozen=True)
class Event:
    """What is to be remembered: the act on a subject, by whom as what, with its details."""

    subject_type: str
    subject_id: int
    act: str
    actor: Person | None
    party: str
    application_id: int | None = None
    from_state: str | None = None
    to_state: str | None = None
    note: str = ""
    details: dict[str, Any] | None = None


@dataclass(frozen=True)
class Break:
    """The first entry of the chain that does not hold, and what is wrong with it."""

    sequence: int
    problem: str


def lock(*people: Person | None) -> tuple[int, str]:
    """Lock the chain's head until the transaction ends; give its sequence and hash.

    Whoever changes several rows locks the head first: then no two changes wait for each other.
    `people` are those who act or are appointed: they are read anew, for who waited here may have
    been forgotten meanwhile. ServiceError when an account is closed.
    """
    row = db.session.execute(_NEXT, {"genesis": GENESIS}).one()
    for person in people:
        _require_open(person)
    return row.sequence, row.hash


def record(event: Event) -> HistoryEntry:
    """Append one entry to the chain, in the caller's transaction; nobody closed acts any more."""
    sequence, previous = lock(event.actor)
    content = {
        "person": event.actor.id if event.actor else None,
        "name": event.actor.name if event.actor else "",
        "note": event.note,
        "details": event.details or {},
    }
    content = json.loads(canonical(content))  # in the order in which it is hashed
    salt = secrets.token_hex(32)
    entry = HistoryEntry(
        sequence=sequence + 1,
        at=clock.now(),
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        application_id=event.application_id,
        act=event.act,
        party=event.party,
        from_state=event.from_state,
        to_state=event.to_state,
        commitment=_commitment(salt, content),
        previous_hash=previous,
    )
    entry.hash = _hash(entry)
    entry.detail = HistoryDetail(salt=salt, content=content)
    db.session.add(entry)
    db.session.execute(
        update(HistoryHead)
        .where(HistoryHead.id == 1)
        .values(sequence=entry.sequence, hash=entry.hash)
    )
    db.session.flush()
    return entry


def of_application(application_id: int) -> list[HistoryEntry]:
    """List the entries of a case, oldest first."""
    chosen = select(HistoryEntry).where(HistoryEntry.application_id == application_id)
    return list(db.session.scalars(chosen.order_by(HistoryEntry.sequence)))


def of_subject(subject_type: str, subject_id: int) -> list[HistoryEntry]:
    """List the entries of one row, such as an accreditation through all its renewals."""
    return of_subjects(subject_type, [subject_id])[subject_id]


def of_subjects(subject_type: str, ids: Collection[int]) -> dict[int, list[HistoryEntry]]:
    """Group the entries of some rows of a kind by the row's id, oldest first; one query."""
    chosen = select(HistoryEntry).where(
        HistoryEntry.subject_type == subject_type, HistoryEntry.subject_id.in_(ids)
    )
    found: dict[int, list[HistoryEntry]] = {row_id: [] for row_id in ids}
    for entry in db.session.scalars(chosen.order_by(HistoryEntry.sequence)):
        found[entry.subject_id].append(entry)
    return found


def verify() -> Break | None:
    """Check the whole chain and its details; None when all holds, else the first break."""
    last, previous = chain.held_up_to(GENESIS)
    chosen = select(HistoryEntry).order_by(HistoryEntry.sequence)
    if last:  # else also what was slipped in before the first
        chosen = chosen.where(HistoryEntry.sequence > last)
    # One by one: of several read at once, it would not be known which one can't be read.
    with db.session.scalars(chosen.execution_options(yield_per=1)) as entries:
        return _first_break(iter(entries), last, previous)


def _require_open(person: Person | None) -> None:
    if person is None:
        return
    db.session.refresh(person)
    if person.disabled_at is not None:
        raise ServiceError(N_("This account was closed."))


def _first_break(entries: Iterator[HistoryEntry], last: int, previous: str) -> Break | None:
    while True:
        try:
            entry = next(entries, None)
        except (TypeError, ValueError):
            return Break(last + 1, "the entry can't be read")
        if entry is None:
            return _break_at_the_end(last, previous)
        if problem := _problem(entry, last, previous):
            return Break(min(entry.sequence, last + 1), problem)
        last, previous = entry.sequence, entry.hash


def _break_at_the_end(last: int, previous: str) -> Break | None:
    head = db.session.get(HistoryHead, 1)
    known = (head.sequence, head.hash) if head else (0, GENESIS)
    if known == (last, previous):
        return None
    first = last if known[0] == last else min(known[0], last) + 1
    return Break(first, "the end of the chain does not match its head")


def _problem(entry: HistoryEntry, last: int, previous: str) -> str | None:
    if entry.sequence <= 0:
        return "the entry does not belong to the chain"
    if entry.sequence != last + 1:
        return "the entry is missing"
    if entry.previous_hash != previous:
        return "the link to the entry before is broken"
    if entry.hash != _hash(entry):
        return "the entry was changed"
    if entry.detail and entry.commitment != _commitment(entry.detail.salt, entry.detail.content):
        return "the details were changed"
    return None


def _commitment(salt: str, content: dict[str, Any]) -> str:
    return hashlib.sha256(salt.encode() + canonical(content)).hexdigest()


def _hash(entry: HistoryEntry) -> str:
    return sha256_of(
        [
            entry.sequence,
            entry.at.isoformat(),
            entry.subject_type,
            entry.subject_id,
            entry.application_id,
            entry.act,
            entry.party,
            entry.from_state,
            entry.to_state,
            entry.commitment,
            entry.previous_hash,
        ]
    )
