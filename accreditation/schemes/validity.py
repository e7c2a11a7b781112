"""How long an accreditation lasts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accreditation.schemes.model import Validity

_MARCH = 3  # the fiscal year ends with it


def valid_until(decided: date, validity: Validity) -> date:
    """Return the last day of validity of an accreditation decided on that day.

    - `day_before_anniversary`: 1 Dec 2026 + 1 year -> 30 Nov 2027 (Kanazawa).
    - `fiscal_year_end`: the first 31 March on or after that day (Yokohama, 経過する日).
    - `fiscal_year_end_after_anniversary`: the first 31 March on or after the anniversary itself
      (Nara, 経過した日), so that a start on 1 April lasts almost a year longer.

    A start on 29 February has its anniversary on 1 March of a common year and so ends on
    28 February, as the Civil Code (art. 143) counts.
    """
    anniversary = _anniversary(decided, validity.years)
    if validity.ends == "fiscal_year_end_after_anniversary":
        return _fiscal_year_end(anniversary)
    last_day = anniversary - timedelta(days=1)
    return _fiscal_year_end(last_day) if validity.ends == "fiscal_year_end" else last_day


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February in a common year
        return date(day.year + years, _MARCH, 1)


def _fiscal_year_end(day: date) -> date:
    return date(day.year + (day.month > _MARCH), _MARCH, 31)
