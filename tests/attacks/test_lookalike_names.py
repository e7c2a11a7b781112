"""Names that look like another's: how many of them are noticed, and that nobody is refused."""

import pytest

from accreditation.services.skeletons import foreign_letters, skeleton
from tests import factories
from tests.attacks.corpus.lookalikes import JAPANESE, LATIN, ORIGINAL, REAL


def test_english_imitations_are_noticed() -> None:
    noticed = [name for name in LATIN if skeleton(name) == skeleton(ORIGINAL)]
    assert (len(LATIN), len(noticed)) == (25, 25)


def test_japanese_imitations_are_noticed() -> None:
    noticed = [pair for pair in JAPANESE if skeleton(pair[0]) == skeleton(pair[1])]
    assert (len(JAPANESE), len(noticed)) == (12, 12)


@pytest.mark.usefixtures("context")
def test_real_names_are_entered_without_a_word_and_are_like_no_other() -> None:
    for name in REAL:
        assert factories.operator(name_ja=name, name_en="").name_ja == name
    assert not any(foreign_letters(name) for name in REAL)
    # 北陸鉄道 and 北陸鉄道株式会社 are the brand and the company of the same operator.
    assert len({skeleton(name) for name in REAL}) == len(REAL) - 1 == 10


@pytest.mark.parametrize(
    ("name", "letter"),
    [("Kаnаzawa", "\u0430"), ("Kanazawa Τours", "\u03a4"), ("Εco Kanazawa", "\u0395")],
)
def test_letters_of_several_alphabets_are_noticed(name: str, letter: str) -> None:
    assert foreign_letters(name) == [letter]


@pytest.mark.parametrize(
    "name", ["SDGsツアー金沢", "Hôtel Kanazawa 21", "カフェ・ルーヴル", "Кафе"]
)
def test_ordinary_mixtures_are_none(name: str) -> None:
    assert not foreign_letters(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("見本の宿1", "見本の宿2"),
        ("東山の宿", "西山の宿"),
        ("Mihon Inn", "Mihon Tours"),
        ("ホテル", "ホテール"),
        ("さくら亭", "ざくろ亭"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_a_name_that_is_nothing_but_a_legal_form_still_is_one() -> None:
    assert skeleton("株式会社")
    assert skeleton("Company Ltd.")
    assert not skeleton("・・・")
