"""The clock: days are days in Japan, wherever the server stands."""

from datetime import UTC, date, datetime, timedelta, timezone
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accreditation import clock

HAWAII = timezone(timedelta(hours=-10))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 31, 14, 59, 59, 999999, UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 15, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2026, 11, 21, 20, 0, tzinfo=HAWAII), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 0, 0, tzinfo=clock.ZONE), date(2026, 11, 22)),
    ],
)
def test_a_day_begins_at_midnight_in_japan(moment: datetime, day: date) -> None:
    assert clock.day_of(moment) == day
    with clock.at(moment):
        assert clock.today() == day


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_is_from_its_start_to_its_end(day: date) -> None:
    start, end = clock.start_of(day), clock.end_of(day)
    tick = timedelta(microseconds=1)
    assert start.utcoffset() == end.utcoffset() == timedelta(0)
    assert end - start == timedelta(hours=24)
    assert (clock.day_of(start), clock.day_of(end - tick)) == (day, day)
    assert clock.day_of(start - tick) == day - timedelta(days=1)
    assert clock.day_of(end) == day + timedelta(days=1)


def test_the_edges_of_a_day_written_out() -> None:
    assert clock.start_of(date(2026, 4, 1)) == datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
    assert clock.end_of(date(2026, 4, 1)) == datetime(2026, 4, 1, 15, 0, tzinfo=UTC)


def test_the_clock_stands_inside_the_block_only() -> None:
    outer, inner = datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, 9, tzinfo=clock.ZONE)

    def look_and_break_off() -> None:
        with clock.at(inner):
            assert clock.now() == inner
            assert clock.now().utcoffset() == timedelta(0)
            raise LookupError

    with clock.at(outer):
        with pytest.raises(LookupError):
            look_and_break_off()
        assert clock.now() == outer


def test_the_clock_of_one_thread_is_not_that_of_another() -> None:
    seen: list[datetime] = []
    before = datetime.now(UTC)
    with clock.at(datetime(2025, 1, 1, tzinfo=UTC)):
        other = Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert before <= seen[0] <= datetime.now(UTC)
