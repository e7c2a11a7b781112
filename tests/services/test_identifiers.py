import pytest
from hypothesis import given
from hypothesis import strategies as st

from accreditation.services import identifiers

PUBLISHED = (  # the city of Kanazawa, the National Tax Agency, and a formula's own example
    "4000020172014",
    "7000012050002",
    "2120901007402",
)
bases = st.text("0123456789", min_size=12, max_size=12)


def with_check_digit(base: str) -> str:
    return next(
        number
        for digit in range(1, 10)
        if identifiers.is_corporate_number(number := f"{digit}{base}")
    )


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_corporate_numbers_are_taken(number: str) -> None:
    assert identifiers.is_corporate_number(number)


@given(bases)
def test_every_base_has_exactly_one_check_digit(base: str) -> None:
    fitting = [digit for digit in range(10) if identifiers.is_corporate_number(f"{digit}{base}")]
    assert len(fitting) == 1


@given(bases, st.integers(0, 12), st.sampled_from("0123456789"))
def test_every_wrong_digit_is_noticed_but_for_zero_and_nine(
    base: str, place: int, digit: str
) -> None:
    number = with_check_digit(base)
    changed = number[:place] + digit + number[place + 1 :]
    blind = place > 0 and {number[place], digit} <= {"0", "9"}  # the same remainder by 9
    assert identifiers.is_corporate_number(changed) == (digit == number[place] or blind)


@given(bases, st.sampled_from(["-", "−", "ー", " ", "　", ""]))
def test_full_width_digits_and_separators_are_folded(base: str, separator: str) -> None:
    number = with_check_digit(base)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    typed = separator.join([wide[0], wide[1:5], wide[5:9], wide[9:]])
    assert identifiers.plain_digits(typed) == number


@pytest.mark.parametrize(
    "number",
    ["", "400002017201", "40000201720140", "0000020172014", "４０００020172014", "T00002017201x"],
)
def test_what_is_not_thirteen_plain_digits_is_refused(number: str) -> None:
    assert not identifiers.is_corporate_number(number)


@pytest.mark.parametrize("name", ["髙橋", "﨑", "𠮷野家", "山田 太郎"])
def test_tidy_keeps_the_characters_of_names(name: str) -> None:
    assert identifiers.tidy(f"  {name}　") == name


@given(st.text())
def test_tidy_leaves_nothing_unseen_and_is_done_once(text: str) -> None:
    tidied = identifiers.tidy(text)
    assert "\x00" not in tidied
    assert "\u202e" not in tidied
    assert identifiers.tidy(tidied) == tidied


@given(st.text())
def test_paragraphs_keep_lines_and_are_done_once(text: str) -> None:
    kept = identifiers.paragraphs(text)
    assert "\r" not in kept
    assert identifiers.paragraphs(kept) == kept


def test_paragraphs_write_the_browsers_line_ends_as_one() -> None:
    assert identifiers.paragraphs("one \r\n\r\ntwo\x00\r\n") == "one\n\ntwo"


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("みほんりょかん", "ミホンリョカン"),
        ("ﾐﾎﾝ ﾘｮｶﾝ", "ミホン リョカン"),
        ("ミホン　カンコウ", "ミホン カンコウ"),
    ],
)
def test_readings_become_full_width_katakana(typed: str, reading: str) -> None:
    assert identifiers.katakana(typed) == reading


@pytest.mark.parametrize(
    "typed",
    ["みほんりょかん", "ﾐﾎﾝ ﾘｮｶﾝ", "ミホン・カンコウ", "ヴィラ　エービーシー", "ｶﾞｰﾃﾞﾝ", "サヽキ"],
)
def test_what_is_written_in_kana_is_a_reading(typed: str) -> None:
    assert identifiers.is_reading(identifiers.katakana(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "見本旅館",
        "ミホン旅館",
        "<b>ミホン</b>",
        "ミホン2",
        "ABC",
        "ー",
        "・ ・",
        "ミホン\nリョカン!",
    ],
)
def test_what_cannot_be_read_aloud_as_written_is_no_reading(typed: str) -> None:
    assert not identifiers.is_reading(identifiers.katakana(typed))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("０７６－０００－００００", "076-000-0000"),
        ("076ー000‐0000", "076-000-0000"),
        ("(076)000-0000", "(076)000-0000"),
        ("+81 76 000 0000", "+81 76 000 0000"),
    ],
)
def test_telephone_numbers_are_folded_and_taken(typed: str, plain: str) -> None:
    assert identifiers.plain_phone(typed) == plain
    assert identifiers.is_phone(plain)


@pytest.mark.parametrize("phone", ["076-000", "call me", "076-000-0000 x 1", "1" * 16])
def test_what_is_no_telephone_number_is_refused(phone: str) -> None:
    assert not identifiers.is_phone(phone)


@pytest.mark.parametrize(
    "address",
    [
        "https://mihon.example.jp/",
        "http://example.jp",
        "https://例え.jp/宿",
        "HTTPS://example.jp:65535/?q=a@b#c",
        "https://example.jp:1",
    ],
)
def test_web_addresses_are_taken(address: str) -> None:
    assert identifiers.is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "mihon.example.jp",
        "javascript:alert(1)",
        "ftp://example.jp",
        "https://",
        "https://localhost",
        "https://example.jp/a b",
        "https://[",
        "data:text/html,x.y",
        "https://a@example.jp/",
        "https://example.jp@evil.example/",
        "https://a:b@example.jp",
        "https://@example.jp",
        "https://example.jp:0/",
        "https://example.jp:65536/",
        "https://example.jp:http/",
        "https://example.jp:-1/",
        "https://example..jp/",
        "https://.jp/",
        "https://example.jp\\@evil.example/",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    assert not identifiers.is_web_address(address)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("mihon.example.jp", "https://mihon.example.jp"),
        (" www.example.jp:8080/inn?x=1 ", "https://www.example.jp:8080/inn?x=1"),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｊｐ／ｉｎｎ", "https://www.example.jp/inn"),
        ("http://example.jp/", "http://example.jp/"),
        ("", ""),
    ],
)
def test_the_address_of_a_website_is_completed(typed: str, plain: str) -> None:
    assert identifiers.plain_web_address(typed) == plain


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "javascript:x.y", "mailto:a@example.jp", "a@example.jp", "inn"]
)
def test_what_is_no_website_is_not_made_one(typed: str) -> None:
    assert identifiers.plain_web_address(typed) == typed
    assert not identifiers.is_web_address(typed)


@pytest.mark.parametrize(
    "typed", ["９２０－００００", "〒920-0000", "〒 ９２０ー００００", "9200000"]
)
def test_postal_codes_are_read_with_their_mark(typed: str) -> None:
    assert identifiers.plain_postal_code(typed) == "9200000"


def test_postal_codes_have_seven_digits() -> None:
    assert identifiers.is_postal_code("9200000")
    assert not identifiers.is_postal_code("920000")
