from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from accreditation.schemes.loader import LoadedScheme, load_folder
from accreditation.schemes.model import Part, Scheme, Text
from accreditation.schemes.rules import Verdict, always_chosen, evaluate, valid_until

FOLDER = Path(__file__).parents[2] / "accreditation" / "schemes"
KINDS = ("accommodation", "tour")
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龥]")


@pytest.fixture(scope="module")
def loaded() -> LoadedScheme:
    [loaded] = load_folder(FOLDER)
    return loaded


@pytest.fixture(scope="module")
def scheme(loaded: LoadedScheme) -> Scheme:
    return loaded.scheme


def texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from texts(entry)
    elif isinstance(value, dict):
        yield from texts(tuple(value.values()))


def test_the_eight_indicators_and_the_five_directions_are_there(scheme: Scheme) -> None:
    assert [indicator.id for indicator in scheme.indicators] == list(range(1, 9))
    assert [direction.id for direction in scheme.directions] == [1, 2, 3, 4, 5]
    assert tuple(scheme.kinds) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_each_indicator_has_enough_items_for_each_kind_of_site(scheme: Scheme, kind: str) -> None:
    counts = [len(indicator.items_of(kind)) for indicator in scheme.indicators]

    assert counts[0] >= 9
    assert min(counts[1:]) >= 6


def test_items_are_numbered_through_within_their_indicator(scheme: Scheme) -> None:
    for indicator in scheme.indicators:
        numbers = [f"{indicator.id}-{n}" for n in range(1, len(indicator.items) + 1)]
        assert [item.id for item in indicator.items] == numbers


def test_items_5_to_9_of_the_first_indicator_are_obligatory_for_both_kinds(scheme: Scheme) -> None:
    assert scheme.rule.obligatory == ("1-5", "1-6", "1-7", "1-8", "1-9")
    for item_id in scheme.rule.obligatory:
        assert set(scheme.item(item_id).kinds) == set(KINDS)
        assert not scheme.item(item_id).may_not_apply
    for kind in KINDS:
        positions = [item.id for item in scheme.indicator(1).items_of(kind)]
        assert tuple(positions[4:9]) == scheme.rule.obligatory


def test_no_item_counts_more_than_another(scheme: Scheme) -> None:
    assert {item.weight for item in scheme.items} == {1}


def test_every_text_is_there_in_both_languages(scheme: Scheme) -> None:
    every = list(texts(scheme))

    assert len(every) > 4 * len(scheme.items)
    for text in every:
        assert JAPANESE.search(text.ja), text
        assert not JAPANESE.search(text.en), text


def test_japanese_lines_hold_no_stray_spaces(scheme: Scheme) -> None:
    for text in texts(scheme):
        assert not re.search(
            r"[ぁ-ん、。一-龥] +[ぁ-ん一-龥]", text.ja.replace("認定 事務局", "")
        ), text


def test_questions_ask_and_nothing_is_said_twice(scheme: Scheme) -> None:
    for item in scheme.items:
        assert item.question.ja.endswith("か。"), item.id
        assert item.question.en.endswith("?"), item.id
    for key in ("title", "question", "methods", "evidence"):
        for language in ("ja", "en"):
            words = [getattr(item, key).in_language(language) for item in scheme.items]
            assert len(set(words)) == len(words), (key, language)


def test_a_not_applicable_item_says_when(scheme: Scheme) -> None:
    for item in scheme.items:
        assert ("対象外" in item.methods.ja) is item.may_not_apply, item.id
        assert ("Not applicable" in item.methods.en) is item.may_not_apply, item.id


def test_every_indicator_serves_a_direction_and_all_goals_are_reachable(scheme: Scheme) -> None:
    goals = {goal for item in scheme.items for goal in item.sdgs}
    directions = {direction for item in scheme.items for direction in item.directions}

    assert goals >= {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}
    assert directions == {1, 2, 3, 4, 5}
    assert all(item.directions for item in scheme.items)


def test_the_terms_are_paragraphs_that_match_in_both_languages(scheme: Scheme) -> None:
    japanese, english = (getattr(scheme.terms.text, key).split("\n\n") for key in ("ja", "en"))

    assert len(japanese) == len(english) >= 7
    assert all(len(paragraph.splitlines()) == 1 for paragraph in [*japanese, *english])


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_rule_holds(scheme: Scheme, kind: str) -> None:
    assert always_chosen(scheme) == {1, 2}
    everything = {item.id: Verdict.CARRIED_OUT for item in scheme.items_of(kind)}
    full = evaluate(scheme, kind, range(1, 9), everything)
    assert full.granted
    assert full.reached == set(range(1, 9))

    for item_id in scheme.rule.obligatory:
        without = evaluate(
            scheme, kind, range(1, 9), everything | {item_id: Verdict.NOT_CARRIED_OUT}
        )
        assert not without.granted
        assert without.reached == set(range(2, 9))


def test_accreditation_lasts_one_year(scheme: Scheme) -> None:
    assert valid_until(date(2026, 12, 1), scheme.rule.validity) == date(2027, 11, 30)


def test_the_file_says_that_its_wording_is_not_the_official_one(scheme: Scheme) -> None:
    assert "公開されていない" in scheme.note.ja
    assert "not public" in scheme.note.en


def test_contacts_are_visibly_made_up(scheme: Scheme) -> None:
    assert scheme.office.email.endswith("@example.jp")
    assert "000" in scheme.office.phone
