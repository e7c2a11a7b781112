"""Japanese eras and fiscal years: the one home of era arithmetic.

Data is stored in Western dates; eras appear only where a document or page is written
(GIF DS-441). First days of the eras as promulgated: Showa 25 December 1926, Heisei
8 January 1989, Reiwa 1 May 2019.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
)
_WRITTEN_FISCAL_YEAR = re.compile(
    "(?:(?P<era>令和|平成|昭和|[RHS])(?P<count>元|[0-9]{1,2})|(?:FY)?(?P<western>[0-9]{4}))(?:年度?)?"
)
_APRIL = 4
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def era_year(day: date) -> tuple[str, int]:
    """Return the era of a day and the year in it, counted from 1: ("令和", 8).

    Raises ValueError for a day before Showa.
    """
    for name, _, first in _ERAS:
        if day >= first:
            return name, day.year - first.year + 1
    raise ValueError(f"no era known for {day.isoformat()}: the first one begins {_ERAS[-1][2]}")


def wareki(day: date) -> str:
    """Return a day in its era, "令和8年11月22日"; the first year of an era is 元年."""
    era, year = era_year(day)
    return f"{era}{_written(year)}年{day.month}月{day.day}日"


def western_ja(day: date) -> str:
    """Return a day in Western years as Japanese writes it, "2026年11月22日"."""
    return f"{day.year}年{day.month}月{day.day}日"


def english(day: date) -> str:
    """Return a day as English writes it, "22 November 2026", whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def fiscal_year(day: date) -> int:
    """Return the fiscal year of a day, 1 April to 31 March, named by the year it begins in."""
    return day.year if day.month >= _APRIL else day.year - 1


def era_fiscal_year(year: int) -> tuple[str, int]:
    """Return the letter of the era and the year in it of a fiscal year: 2026 gives ("R", 8).

    A fiscal year belongs to the era in which most of it lies, as budgets are named: 2019 is R1
    although it began in the last month of Heisei. Raises ValueError before fiscal year 1926.
    """
    _, letter, count = _fiscal(year)
    return letter, count


def nendo(year: int) -> str:
    """Return a fiscal year in its era, "令和8年度". Raises ValueError before 1926."""
    name, _, count = _fiscal(year)
    return f"{name}{_written(count)}年度"


def read_fiscal_year(text: str) -> int | None:
    """Read a fiscal year as people write it; None when it is none.

    Eras as on budgets: "令和8年度", "令和８", "R8"; Western years also as English writes them,
    "FY2026". "平成32" is none: that year never was.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    found = _WRITTEN_FISCAL_YEAR.fullmatch(folded)
    if found is None:
        return None
    if found["western"]:
        return int(found["western"])
    count = 1 if found["count"] == "元" else int(found["count"])
    last = 9999
    for name, letter, first in _ERAS:
        if found["era"] in {name, letter}:
            year = first.year + count - 1
            return year if count and year <= last else None
        last = first.year
    return None


def _fiscal(year: int) -> tuple[str, str, int]:
    for name, letter, first in _ERAS:
        if year >= first.year:
            return name, letter, year - first.year + 1
    raise ValueError(f"no era known for fiscal year {year}")


def _written(year: int) -> str:
    return "元" if year == 1 else str(year)
