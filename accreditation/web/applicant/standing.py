"""How an accreditation stands today, as its operator reads it: since when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accreditation.models import HistoryEntry
from accreditation.services import history
from accreditation.services.entries import Entry
from accreditation.web import timeline
from workflows.accreditation import Standing

# How it came to stand so; that it expired follows from its dates alone.
_BROUGHT_ABOUT = {
    Standing.SUSPENDED: "suspend",
    Standing.WITHDRAWN: "withdraw",
    Standing.SURRENDERED: "surrender",
}


@dataclass(frozen=True)
class Today:
    """An accreditation as it stands, since when, and the reason that was given for it, if any."""

    entry: Entry
    reason: str

    @property
    def stands(self) -> bool:
        """Whether the site is accredited today."""
        return self.entry.standing == Standing.VALID

    @property
    def since(self) -> datetime:
        """The instant from which it has stood so."""
        return self.entry.since


def of(entry: Entry) -> Today:
    """Say how one accreditation stands."""
    return of_all([entry])[entry.accreditation.id]


def of_all(entries: Iterable[Entry]) -> dict[int, Today]:
    """Say how some accreditations stand, by their id; one query, however many."""
    by_id = {one.accreditation.id: one for one in entries}
    known = history.of_subjects("accreditation", by_id.keys())
    return {row_id: Today(one, _reason(one, known[row_id])) for row_id, one in by_id.items()}


def _reason(entry: Entry, known: Iterable[HistoryEntry]) -> str:
    act = _BROUGHT_ABOUT.get(entry.standing)
    told = timeline.told([one for one in known if one.act == act])
    return told[0].note if told else ""
