"""The one clock: instants in UTC, days in the scheme's own time zone.

Everything that needs the time asks here, so that a year's steps can be taken with that year's
clock (demonstration data, tests) and no legal date ever depends on the server's zone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Tokyo")
_fixed: ContextVar[datetime | None] = ContextVar("fixed_moment", default=None)


def now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """Give the present day in the scheme's zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Give the day in the scheme's zone on which an aware instant falls."""
    return moment.astimezone(ZONE).date()


def start_of(day: date) -> datetime:
    """Give the instant (UTC) at which a day begins in the scheme's zone."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Give the first instant (UTC) that no longer belongs to a day in the scheme's zone."""
    return start_of(day + timedelta(days=1))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at an aware instant inside the block."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
