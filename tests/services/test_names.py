"""What a search finds: the same name in whatever way it is typed."""

import pytest

from accreditation.services.names import folded, search_text, words


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ホテル", "ほてる"),
        ("ﾎﾃﾙ", "ホテル"),
        ("ｶﾞｰﾃﾞﾝ", "がーでん"),
        ("ＨＯＴＥＬ", "hotel"),
        ("Korinbo", "Kōrinbō"),
        ("korinbo", "Kōrinbō"),
        ("CAFE", "Café"),
        ("高橋", "髙橋"),
        ("山崎", "山﨑"),
        ("吉野", "𠮷野"),
        ("金沢　旅館", "金沢旅館"),
        ("ザ・ホテル", "ザ ホテル"),
        ("ｻﾞ･ﾎﾃﾙ", "ザホテル"),
        ("Mid·Town", "midtown"),
        ("渡辺", "渡邊"),
        ("渡辺", "渡邉"),
        ("金沢", "金澤"),
        ("国学館", "國學舘"),
        ("斎藤", "齋藤"),
        ("浜田屋", "濵田屋"),
        ("神福", "\ufa19\ufa1b"),
        ("葛城", "葛\U000e0100城"),
        ("尾ケ崎", "尾ヶ﨑"),
        ("straße", "STRASSE"),
    ],
)
def test_one_name_typed_in_two_ways_is_the_same(typed: str, written: str) -> None:
    assert folded(typed) == folded(written)
    assert folded(folded(written)) == folded(written)


@pytest.mark.parametrize(
    ("one", "other"), [("かき", "がき"), ("はす", "ばす"), ("宿", "寺"), ("斎", "斉")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_query_is_split_at_spaces_of_every_width() -> None:
    assert words("  ホテル　Kanazawa\tさくら ") == ["ほてる", "kanazawa", "さくら"]


def test_control_characters_never_reach_the_database() -> None:
    assert words("a\x00b \x00 \x1f") == ["a", "b"]


def test_a_dot_alone_is_no_word() -> None:
    assert words("ザ・ホテル ・ \u200b") == ["ざほてる"]


def test_everything_by_which_a_holder_is_found_is_written_down() -> None:
    holder = {
        "site": {"ja": "香林坊の宿", "en": "Inn Kōrinbō"},
        "operator": {"ja": "株式会社髙橋", "en": "Takahashi"},
        "address": {"ja": "金沢市香林坊1-1", "en": ""},
        "kana": "コウリンボウノヤド",
    }

    text = search_text(holder)

    for typed in ("香林坊", "korinbo", "高橋", "TAKAHASHI", "こうりんぼう", "金沢市"):
        assert folded(typed) in text
