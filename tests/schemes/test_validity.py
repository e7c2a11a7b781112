from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from accreditation.schemes.model import Validity
from accreditation.schemes.validity import valid_until

Ends = Literal["day_before_anniversary", "fiscal_year_end", "fiscal_year_end_after_anniversary"]


@pytest.mark.parametrize(
    ("decided", "years", "ends", "last_day"),
    [
        # Kanazawa: a fixed time
        (date(2026, 12, 1), 1, "day_before_anniversary", date(2027, 11, 30)),
        (date(2027, 1, 1), 1, "day_before_anniversary", date(2027, 12, 31)),
        (date(2028, 2, 29), 1, "day_before_anniversary", date(2029, 2, 28)),
        (date(2028, 2, 29), 4, "day_before_anniversary", date(2032, 2, 28)),
        (date(2028, 3, 1), 1, "day_before_anniversary", date(2029, 2, 28)),
        (date(2027, 3, 1), 1, "day_before_anniversary", date(2028, 2, 29)),
        # Yokohama's own two examples, and the days around its turn of the year
        (date(2024, 4, 1), 4, "fiscal_year_end", date(2028, 3, 31)),
        (date(2024, 10, 1), 4, "fiscal_year_end", date(2029, 3, 31)),
        (date(2024, 3, 31), 4, "fiscal_year_end", date(2028, 3, 31)),
        (date(2024, 4, 2), 4, "fiscal_year_end", date(2029, 3, 31)),
        (date(2024, 2, 29), 1, "fiscal_year_end", date(2025, 3, 31)),
        # Nara's wording: the day after the years ran out
        (date(2024, 4, 1), 3, "fiscal_year_end_after_anniversary", date(2028, 3, 31)),
        (date(2024, 3, 31), 3, "fiscal_year_end_after_anniversary", date(2027, 3, 31)),
        (date(2024, 10, 1), 3, "fiscal_year_end_after_anniversary", date(2028, 3, 31)),
    ],
)
def test_the_last_day_of_validity(decided: date, years: int, ends: Ends, last_day: date) -> None:
    assert valid_until(decided, Validity(years=years, ends=ends)) == last_day
