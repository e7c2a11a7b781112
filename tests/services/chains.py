"""A short history to be looked at and to be tampered with."""

from datetime import timedelta

from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import HistoryEntry
from accreditation.services import history
from accreditation.services.canonical import sha256_of
from tests import factories

WORDS = "髙橋 﨑子 𠮷野家の「確認」— \\ \" ' \n改行 \u2028 🏯"
LAST = 6


def make() -> list[HistoryEntry]:
    """Make six entries about several subjects; the first is that of their author's account."""
    author = factories.person(name=WORDS)
    for number in range(2, LAST + 1):
        with clock.at(clock.now() + timedelta(microseconds=number)):
            history.record(
                history.Event(
                    subject_type=("application", "site")[number % 2],
                    subject_id=number,
                    application_id=number * 10,
                    act=f"act{number}",
                    actor=author if number % 2 else None,
                    party="operator",
                    from_state="draft",
                    to_state="submitted",
                    note=WORDS,
                    details={"number": number, "項目": WORDS, "nested": {"b": None, "a": [1.5]}},
                )
            )
    db.session.commit()
    return list(db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.sequence)))


def hash_of(entry: HistoryEntry, sequence: int, act: str, previous: str) -> str:
    """Compute what somebody would who knows how the chain is made."""
    subject = [entry.subject_type, entry.subject_id, entry.application_id]
    states = [act, entry.party, entry.from_state, entry.to_state]
    return sha256_of(
        [sequence, entry.at.isoformat(), *subject, *states, entry.commitment, previous]
    )
