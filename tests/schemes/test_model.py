from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.schemes.small import numbered, rule, scheme


def test_a_scheme_finds_its_parts() -> None:
    small = scheme((numbered(1, 2), numbered(2, 3)), rule())

    assert small.indicator(2).items[0] is small.item("2-1")
    assert len(small.items_of("inn")) == 5
    assert small.items_of("walk") == ()
    with pytest.raises(KeyError):
        small.indicator(9)
    with pytest.raises(KeyError):
        small.item("9-9")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "nameです"),
        ("ja-JP", "nameです"),
        ("ja_JP", "nameです"),
        ("en", "name"),
        ("ko", "name"),
    ],
)
def test_a_text_speaks_japanese_or_english(language: str, words: str) -> None:
    assert scheme((numbered(1, 1),), rule()).name.in_language(language) == words


def test_a_scheme_cannot_be_changed() -> None:
    small = scheme((numbered(1, 1),), rule())

    with pytest.raises(ValidationError, match="frozen"):
        small.version = "2"  # type: ignore[misc]
