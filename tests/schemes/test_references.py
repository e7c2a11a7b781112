from __future__ import annotations

import pytest

from accreditation.schemes.loader import load_scheme
from accreditation.schemes.problems import Problem
from tests.schemes.small import SMALL, changed, problems

ITEM_1 = "indicators → 1 → items → 1 → "
ITEM_2 = "indicators → 1 → items → 2 → "


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "message"),
    [
        (
            "en: Direction}",
            "en: Direction}\n  - id: 1\n    name: {ja: 先, en: Ahead}",
            22,
            "directions → 2 → id",
            "The id “1” is already used in line 20.",
        ),
        (
            "pillar: earth",
            "pillar: sea",
            32,
            "indicators → 1 → pillar",
            "“sea” is not defined in pillars.",
        ),
        (
            "[1]\n        kinds",
            "[1, 2]\n        kinds",
            40,
            f"{ITEM_1}directions → 2",
            "“2” is not defined in directions.",
        ),
        (
            "kinds: [inn]",
            "kinds: [inn, boat]",
            48,
            f"{ITEM_2}kinds → 2",
            "“boat” is not defined in kinds.",
        ),
        (
            "required: [1]",
            "required: [1, 3]",
            54,
            "rule → indicators → required → 2",
            "“3” is not defined in indicators.",
        ),
        (
            'y: ["1-1"]',
            'y: ["1-1", "1-9"]',
            56,
            "rule → obligatory → 2",
            "“1-9” is not defined in indicators.",
        ),
        (
            '{earth: "50%"}',
            '{sky: "50%"}',
            62,
            "rule → levels → 1 → pillars → sky",
            "“sky” is not defined in pillars.",
        ),
        (
            'y: ["1-1"]',
            'y: ["1-2"]',
            50,
            f"{ITEM_2}may_not_apply",
            "An obligatory item must not have may_not_apply: true.",
        ),
        (
            "required: [1]",
            "required: []",
            56,
            "rule → obligatory → 1",
            "Item “1-1” is obligatory, so indicator 1 must be in required.",
        ),
        ("kinds: [inn, walk]", "kinds: [inn]", 8, "kinds → walk", "No item applies to “walk”."),
    ],
)
def test_what_does_not_hold_together_is_named_with_its_line(
    old: str, new: str, line: int, path: str, message: str
) -> None:
    assert problems(changed(old, new)) == [Problem("small.yaml", line, path, message)]


def test_an_item_id_is_unique_in_the_whole_file() -> None:
    second = _second_indicator().replace('"2-2"', '"1-2"')

    assert problems(SMALL.replace("rule:\n", f"{second}rule:\n")) == [
        Problem(
            "small.yaml",
            64,
            "indicators → 2 → items → 2 → id",
            "The id “1-2” is already used in line 42.",
        ),
    ]


def test_a_kind_without_items_in_a_required_indicator_is_named() -> None:
    second = _second_indicator().replace(", walk", "")
    text = SMALL.replace("rule:\n", f"{second}rule:\n").replace("required: [1]", "required: [1, 2]")

    assert problems(text) == [
        Problem(
            "small.yaml", 8, "kinds → walk", "No item of required indicator 2 applies to “walk”."
        ),
    ]


def test_an_indicator_that_is_not_required_may_be_for_one_kind_only() -> None:
    second = _second_indicator().replace(", walk", "")
    scheme = load_scheme(SMALL.replace("rule:\n", f"{second}rule:\n"), "small.yaml")

    assert scheme.indicator(2).items_of("walk") == ()


def test_a_share_per_pillar_needs_pillars() -> None:
    text = SMALL.replace("pillars:\n  - id: earth\n    name: {ja: 地球, en: Earth}\n", "")
    text = text.replace("    pillar: earth\n", "").replace('      pillars: {earth: "50%"}\n', "")

    assert problems(text) == [
        Problem(
            "small.yaml", 53, "rule → pillars", "A share per pillar needs pillars in the file."
        ),
    ]


def _second_indicator() -> str:
    first = SMALL[SMALL.index("  - id: 1\n    title") : SMALL.index("rule:")]
    return first.replace("id: 1\n", "id: 2\n").replace('"1-', '"2-')
