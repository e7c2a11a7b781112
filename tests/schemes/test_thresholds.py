from __future__ import annotations

from fractions import Fraction

import pytest

from accreditation.schemes.thresholds import parse_threshold


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/2", Fraction(1, 2)),
        (" 2 / 3 ", Fraction(2, 3)),
        ("50%", Fraction(1, 2)),
        ("33.3 %", Fraction(333, 1000)),
        ("0%", Fraction(0)),
        ("100%", Fraction(1)),
        ("0/5", Fraction(0)),
    ],
)
def test_a_share_is_read_exactly(written: str, meant: Fraction) -> None:
    assert parse_threshold(written).at(0) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "half",
        "0.5",
        "5",
        "101%",
        "3/2",
        "1/0",
        "-1/2",
        "-5%",
        "1/2/3",
        0.5,
        1,
        True,
        None,
        (),
        ("1/2", 3),
        {"earth": "1/2"},
    ],
    ids=repr,
)
def test_what_is_no_share_between_0_and_1_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="not a share"):
        parse_threshold(written)


def test_a_list_gives_one_share_per_completed_cycle_and_the_last_one_stays() -> None:
    threshold = parse_threshold(("0%", "5%", "10%"))

    assert [threshold.at(cycle) for cycle in range(5)] == [
        Fraction(share, 100) for share in (0, 5, 10, 10, 10)
    ]
