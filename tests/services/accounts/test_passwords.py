import unicodedata

import pytest

from accreditation.services.accounts import entering, people
from accreditation.services.accounts.passwords import normal_password, objection

OWNER = ("taro.mihon@example.jp", "見本 太郎 Mihon Taro")


@pytest.mark.parametrize(
    "good",
    [
        "umbrellas drip quietly by the door",
        "雨の日は傘をさして兼六園へ行きたい",
        "correct horse battery staple",
        "vK7#qpz!RmW2xT9",
        "é" * 3 + "ñandú come alfalfa",
    ],
)
def test_a_sentence_of_ones_own_is_good(good: str) -> None:
    assert objection(good, OWNER) is None


@pytest.mark.parametrize("short", ["", "a", "vK7#qpz!RmW2xT", "十四文字では短すぎるのです"])
def test_less_than_15_characters_are_too_few(short: str) -> None:
    assert objection(short) == "Please use at least %(shortest)s characters; a sentence is fine."


def test_256_characters_are_the_most() -> None:
    long = "umbrellas drip quietly by the door " * 8
    assert objection(long[:256]) is None
    assert objection(long[:257]) == "Please use at most %(longest)s characters."


@pytest.mark.parametrize(
    "weak",
    [
        "passwordpassword",
        "qwertyuiopasdfgh",
        "123456789012345",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "kanazawa kanazawa",
        "Kanazawa SDGs Tourism 2026",
        "金沢 金沢 金沢 金沢 金沢 認定",
        "taro.mihon@example.jp",
        "Mihon Taro Mihon Taro 1",
        "見本太郎見本太郎見本太郎見本太郎",
    ],
)
def test_what_anybody_would_try_first_is_too_easy(weak: str) -> None:
    assert objection(weak, OWNER) is not None


def test_full_width_letters_are_the_same_password() -> None:
    assert objection("ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ") is not None
    wide = "ｕmbrellas ｄrip quietly"
    assert normal_password(wide) == normal_password(unicodedata.normalize("NFD", wide))


@pytest.mark.usefixtures("context")
def test_a_password_fits_from_every_keyboard() -> None:
    composed = "ガレージの前で待つ金曜日の朝です"
    people.create("taro@example.jp", "見本 太郎", composed, "ja")
    assert entering.check_password("taro@example.jp", unicodedata.normalize("NFD", composed))
    assert entering.check_password("taro@example.jp", composed.replace("ガ", "ｶﾞ"))
    assert entering.check_password("taro@example.jp", composed[:-1]) is None
