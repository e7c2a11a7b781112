"""The document for other cities says what is true: its examples are read and reckoned again."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from accreditation.schemes import model
from accreditation.schemes.loader import load_file, load_scheme
from accreditation.schemes.model import Scheme
from accreditation.schemes.rules import Result, Verdict, evaluate, valid_until

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "scheme-format.md").read_text("utf-8")
EXAMPLE, *RULES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
ROW = re.compile(r"\| ([\d, -]*) \|([\d -]*)\| (\d) \| ((?:granted|refused): .*) \|")
CHAPTERS = DOCUMENT.split("\n### ")[1:]


def with_rule(rule: str) -> Scheme:
    return load_scheme(EXAMPLE[: EXAMPLE.index("rule:")] + rule, "example.yaml")


class Row(NamedTuple):
    """One line of a table of worked examples."""

    chapter: int
    carried_out: str
    not_applicable: str
    cycles: str
    said: str


ROWS = [
    Row(chapter, *found) for chapter, text in enumerate(CHAPTERS) for found in ROW.findall(text)
]


def in_words(result: Result) -> str:
    if not result.granted:
        blocking = (f"{block.cause} {block.subject}".strip() for block in result.blocking)
        return f"refused: {', '.join(blocking)}"
    reached = " ".join(str(number) for number in sorted(result.reached))
    return f"granted: {reached}" + (f", {result.level.id}" if result.level else "")


@pytest.fixture(scope="module")
def schemes() -> list[Scheme]:
    kanazawa = load_file(ROOT / "accreditation" / "schemes" / "kanazawa-2026.yaml").scheme
    return [kanazawa, *map(with_rule, RULES)]


@pytest.mark.parametrize("row", ROWS)
def test_the_worked_examples_are_right(schemes: list[Scheme], row: Row) -> None:
    verdicts = dict.fromkeys(re.findall(r"\d-\d+", row.carried_out), Verdict.CARRIED_OUT)
    verdicts |= dict.fromkeys(row.not_applicable.split(), Verdict.NOT_APPLICABLE)
    scheme = schemes[row.chapter]
    kind = "tour" if "tour" in scheme.kinds else "inn"
    chosen = {int(item_id.split("-")[0]) for item_id in verdicts}

    assert in_words(evaluate(scheme, kind, chosen, verdicts, int(row.cycles))) == row.said


def test_no_row_is_passed_over() -> None:
    assert [len(ROW.findall(text)) for text in CHAPTERS] == [
        len(re.findall(r"\| (?:granted|refused)", text)) for text in CHAPTERS
    ]
    assert all(ROW.search(text) for text in CHAPTERS)


def test_the_complete_example_can_be_loaded() -> None:
    assert load_scheme(EXAMPLE, "example.yaml").scheme == "hoshimachi"


def test_the_last_days_are_right() -> None:
    table = re.findall(r"\| `(\w+)` \| .* \| (\S+) \| (\S+) \|\n", DOCUMENT)

    assert [row[0] for row in table] == [
        "day_before_anniversary",
        "fiscal_year_end",
        "fiscal_year_end_after_anniversary",
    ]
    for ends, *last_days in table:
        validity = model.Validity(years=3, ends=ends)
        decided = (date(2024, 4, 1), date(2024, 10, 1))
        assert [valid_until(day, validity).isoformat() for day in decided] == last_days


@pytest.mark.parametrize("part", [model.Scheme, model.Indicator, model.Item], ids=str)
def test_every_key_is_described(part: type[model.Part]) -> None:
    described = set(re.findall(r"`(\w+)`", DOCUMENT))

    assert set(part.model_fields) <= described


def test_the_numbers_about_kanazawa_are_right(schemes: list[Scheme]) -> None:
    first, second = evaluate(schemes[0], "tour", (), {}).indicators[:2]

    assert (first.applicable, first.needed, second.applicable, second.needed) == (12, 6, 7, 4)
    assert "has 12 items for a tour and needs 6, indicator 2 has 7 and needs 4" in DOCUMENT
