"""Accreditation numbers: allotted without gaps, read as people type them."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from accreditation.extensions import db
from accreditation.services.numbers import next_number, read_number


@pytest.mark.parametrize(
    "typed",
    [
        "R08-0001",
        "r08-0001",
        " R08-0001\n",
        "Ｒ０８－０００１",
        "ｒ０８ー０００１",
        "R08−0001",
        "R08 – 0001",
        "R8-1",
        "R080001",
        "R08─0001",
        "R08﹣0001",
        "R08\u00ad-0001",
        "\ufeffR08-0001\u200b",
        "\u3000R08-0001\u00a0",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number(typed) == "R08-0001"


@pytest.mark.parametrize(
    "typed",
    ["", "R08", "R08-", "0001", "R08-0001.xml", "R081", "令和8-1", "R08-00O1", "R08-0001\x00"],
)
def test_what_is_no_number_is_not_guessed(typed: str) -> None:
    assert read_number(typed) is None


@given(st.text())
def test_reading_never_fails(typed: str) -> None:
    assert read_number(typed) is None or read_number(typed) == read_number(str(read_number(typed)))


@given(st.integers(1, 99), st.integers(1, 123_456))
def test_a_printed_number_reads_as_itself(year: int, last: int) -> None:
    printed = f"R{year:02d}-{last:04d}"
    assert read_number(printed) == printed


def test_numbers_of_a_year_follow_each_other(context: Flask) -> None:
    del context
    assert [next_number("certificate", 2026) for _ in range(3)] == [
        "R08-0001",
        "R08-0002",
        "R08-0003",
    ]


def test_every_series_and_year_counts_on_its_own(context: Flask) -> None:
    del context
    next_number("certificate", 2026)
    assert next_number("certificate", 2027) == "R09-0001"
    assert next_number("notice", 2026) == "R08-0001"


def test_a_rollback_leaves_no_gap(context: Flask) -> None:
    del context
    next_number("certificate", 2026)
    db.session.commit()
    next_number("certificate", 2026)
    db.session.rollback()
    assert next_number("certificate", 2026) == "R08-0002"
