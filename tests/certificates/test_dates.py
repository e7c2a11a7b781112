from __future__ import annotations

from datetime import date

import pytest

from certificates import dates


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 22), "令和8年11月22日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 12, 31), "令和元年12月31日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
    ],
)
def test_a_day_is_written_in_its_era(day: date, written: str) -> None:
    assert dates.wareki(day) == written


def test_the_first_year_of_an_era_counts_as_one() -> None:
    assert dates.era_year(date(2019, 5, 1)) == ("令和", 1)
    assert dates.era_year(date(2026, 1, 1)) == ("令和", 8)


def test_a_day_before_showa_is_refused() -> None:
    with pytest.raises(ValueError, match="1926-12-24"):
        dates.era_year(date(1926, 12, 24))


@pytest.mark.parametrize(
    ("day", "year", "era", "written"),
    [
        (date(2026, 3, 31), 2025, ("R", 7), "令和7年度"),
        (date(2026, 4, 1), 2026, ("R", 8), "令和8年度"),
        (date(2027, 3, 31), 2026, ("R", 8), "令和8年度"),
        (date(2019, 4, 30), 2019, ("R", 1), "令和元年度"),
        (date(2019, 3, 31), 2018, ("H", 30), "平成30年度"),
        (date(1989, 4, 1), 1989, ("H", 1), "平成元年度"),
        (date(1989, 3, 31), 1988, ("S", 63), "昭和63年度"),
    ],
)
def test_a_fiscal_year_begins_in_april(
    day: date, year: int, era: tuple[str, int], written: str
) -> None:
    assert dates.fiscal_year(day) == year
    assert dates.era_fiscal_year(year) == era
    assert dates.nendo(year) == written


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2026", 2026),
        ("２０２６年度", 2026),
        ("FY2026", 2026),
        ("ＦＹ　2026", 2026),
        ("FY8", None),
        ("FYR8", None),
        ("令和8年度", 2026),
        (" 令和 ８ ", 2026),
        ("R8", 2026),
        ("ｒ０８年", 2026),
        ("令和元年度", 2019),
        ("平成31年度", 2019),
        ("S63", 1988),
        ("平成32", None),
        ("令和0", None),
        ("明治8", None),
        ("8", None),
        ("R", None),
        ("20260", None),
    ],
)
def test_a_fiscal_year_is_read_as_people_write_it(written: str, year: int | None) -> None:
    assert dates.read_fiscal_year(written) == year


def test_a_fiscal_year_before_showa_is_refused() -> None:
    with pytest.raises(ValueError, match="1925"):
        dates.era_fiscal_year(1925)


@pytest.mark.parametrize(
    ("day", "japanese", "english"),
    [
        (date(2026, 11, 22), "2026年11月22日", "22 November 2026"),
        (date(2027, 1, 1), "2027年1月1日", "1 January 2027"),
        (date(2024, 2, 29), "2024年2月29日", "29 February 2024"),
    ],
)
def test_western_dates(day: date, japanese: str, english: str) -> None:
    assert dates.western_ja(day) == japanese
    assert dates.english(day) == english
