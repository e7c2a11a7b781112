from __future__ import annotations

import re

import pytest

from accreditation.schemes.loader import load_scheme
from accreditation.schemes.messages import MESSAGES
from accreditation.schemes.model import MOST_ITEMS
from accreditation.schemes.problems import Problem, SchemeError
from tests.schemes.small import SMALL, changed, problems

SYNTAX = "This line cannot be read ({}). Check indentation, colons and quotation marks."
SHARE = 'Write a share as "1/2" or "50%", from 0 to 1, or a list of those.'
ITEM_1 = "indicators → 1 → items → 1 → "
ITEM_2 = "indicators → 1 → items → 2 → "
VALIDITY = "rule → validity"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("sdgs: [7]", "sdgs: [7", 40, "expected ',' or ']', but got ':'"),
        ('phone: "000', "phone: '000", 66, "found unexpected end of stream"),
        ("years: 1", "years: 1: 2", 64, "mapping values are not allowed here"),
        ("  years: 1", "\tyears: 1", 64, "found character '\\t' that cannot start any token"),
        ("years: 1", "years: \x07", 64, "special characters are not allowed"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_with_the_line(
    old: str, new: str, line: int, words: str
) -> None:
    assert problems(changed(old, new)) == [Problem("small.yaml", line, "", SYNTAX.format(words))]


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "message"),
    [
        (
            "years: 1",
            "years: 1\n    years: 2",
            65,
            f"{VALIDITY} → years",
            "The key “years” is already used in line 64.",
        ),
        (
            "years: 1",
            "years: 1\n    2: 3",
            65,
            VALIDITY,
            "A key must be text. Put it in quotation marks.",
        ),
        (
            "sdgs: [7]",
            "sdgs: &seven [7]",
            39,
            f"{ITEM_1}sdgs",
            "References (& and *) are not allowed. Write the content out.",
        ),
        (
            "sdgs: [7]",
            "sdgs: !!python/object:os.system [7]",
            39,
            f"{ITEM_1}sdgs",
            "Type marks such as tag:yaml.org,2002:python/object:os.system are not allowed.",
        ),
        (
            "sdgs: [7]",
            "sdgs: !!set {7}",
            39,
            f"{ITEM_1}sdgs",
            "Type marks such as tag:yaml.org,2002:set are not allowed.",
        ),
        ('  phone: "000-0000"\n', "", 13, "office → phone", "This entry is missing."),
        (
            "years: 1",
            "years: 1\n    months: 3",
            65,
            f"{VALIDITY} → months",
            "This key is not known here.",
        ),
        (
            '"1"\nname',
            "1.0\nname",
            2,
            "version",
            "Text is expected. Put the value in quotation marks.",
        ),
        (
            '"1"\nname',
            '"1 a"\nname',
            2,
            "version",
            "Only letters, digits and single dots or hyphens between them are allowed.",
        ),
        (
            "scheme: small",
            "scheme: small_town",
            1,
            "scheme",
            "Only the letters a to z, digits and single hyphens between them are allowed.",
        ),
        ("scheme: small", f"scheme: {'x' * 41}", 1, "scheme", "At most 40 characters are allowed."),
        ("office@example.jp", "office", 17, "office → email", "This is not an e-mail address."),
        (
            "{ja: 町長, en: Mayor}",
            "Mayor",
            11,
            "issuer → title",
            "A text needs both languages: ja and en.",
        ),
        (
            "{ja: 町長, en: Mayor}",
            "{ja: 町長}",
            11,
            "issuer → title → en",
            "This entry is missing.",
        ),
        (
            "{ja: 町長, en: Mayor}",
            "{ja: ' ', en: Mayor}",
            11,
            "issuer → title → ja",
            "The text is empty.",
        ),
        ("weight: 2", "weight: two", 49, f"{ITEM_2}weight", "A whole number is expected."),
        ("weight: 2", "weight: 0x2", 49, f"{ITEM_2}weight", "A whole number is expected."),
        ("weight: 2", "weight: 0", 49, f"{ITEM_2}weight", "The least value is 1."),
        ("apply: true", "apply: perhaps", 50, f"{ITEM_2}may_not_apply", "Write true or false."),
        ("[6, 12]", "[6, 18]", 47, f"{ITEM_2}sdgs → 2", "The greatest value is 17."),
        ("[6, 12]", "6", 47, f"{ITEM_2}sdgs", "A list is expected."),
        ("[6, 12]", "[]", 47, f"{ITEM_2}sdgs", "At least 1 is needed."),
        (
            "choice: applicant",
            "choice: anybody",
            53,
            "rule → indicators → choice",
            "One of these is expected: 'applicant' or 'all'.",
        ),
        ('share: "1/2"', "share: 0.5", 55, "rule → indicators → share", SHARE),
        ('["25%", "1/2"]', '["25%", "3/2"]', 58, "rule → total", SHARE),
        ('pillars: "50%"', "pillars: -1", 57, "rule → pillars", SHARE),
        ('{earth: "50%"}', '{earth: "150%"}', 62, "rule → levels → 1 → pillars → earth", SHARE),
        (
            "  inn: {",
            "  the inn: {",
            7,
            "kinds → the inn",
            "Only the letters a to z, digits and single hyphens between them are allowed.",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_line(
    old: str, new: str, line: int, path: str, message: str
) -> None:
    assert Problem("small.yaml", line, path, message) in problems(changed(old, new))


def test_a_wrong_entry_of_a_list_is_the_only_problem_named() -> None:
    assert len(problems(changed("weight: 2", "weight: 0"))) == 1
    assert len(problems(changed("sdgs: [7]", "sdgs: &seven [7]"))) == 1


def test_a_part_that_is_a_plain_text_is_refused() -> None:
    start, end = SMALL.index("issuer:"), SMALL.index("office:")

    assert problems(f"{SMALL[:start]}issuer: Sample Town\n{SMALL[end:]}") == [
        Problem(
            "small.yaml",
            9,
            "issuer",
            "Keys with values are expected here, one “key: value” a line.",
        )
    ]


def test_all_mistakes_are_named_at_once_one_a_line_in_the_order_of_the_file() -> None:
    text = (
        SMALL.replace("scheme: small", "scheme: x x")
        .replace("weight: 2", "weight: 0")
        .replace("pillar: earth", "pillar: sea")
        .replace("years: 1", "years: 1\n    years: 2")
    )

    with pytest.raises(SchemeError) as caught:
        load_scheme(text, "small.yaml")

    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "small.yaml:1",
        "small.yaml:32",
        "small.yaml:49",
        "small.yaml:65",
    ]


def test_messages_are_in_japanese_too() -> None:
    text = SMALL.replace("weight: 2", "weight: 0").replace("pillar: earth", "pillar: sea")

    assert [str(problem) for problem in problems(text, "ja")] == [
        "small.yaml:32: indicators → 1 → pillar: 「sea」はpillarsに定義されていません。",
        "small.yaml:49: indicators → 1 → items → 2 → weight: 1以上にしてください。",
    ]


def test_every_message_has_its_own_japanese_with_the_same_facts() -> None:
    for english, japanese in MESSAGES.values():
        assert re.search("[ぁ-ん]", japanese)
        assert not re.search("[ぁ-ん]", english)
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", japanese))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "small.yaml: The file is empty."),
        ("# nothing\n", "small.yaml: The file is empty."),
        ("[" * 5000, "small.yaml: The file is nested too deeply."),
        ("a: " + "x" * 1_000_000, "small.yaml: The file is larger than 1 MB."),
        ("- 1\n", "small.yaml:1: Keys with values are expected here, one “key: value” a line."),
        ("a: 1\n---\nb: 2\n", f"small.yaml:2: {SYNTAX.format('but found another document')}"),
    ],
    ids=["empty", "comment", "deep", "large", "list", "two documents"],
)
def test_a_text_that_is_no_scheme_is_refused(text: str, found: str) -> None:
    assert [str(problem) for problem in problems(text)] == [found]


def test_an_indicator_has_no_more_items_than_one_form_can_carry() -> None:
    last = '      - id: "1-2"' + SMALL.partition('      - id: "1-2"')[2].partition("rule:")[0]

    def with_items(count: int) -> str:
        more = "".join(last.replace('"1-2"', f'"1-{number}"') for number in range(3, count + 1))
        return changed("rule:\n", f"{more}rule:\n")

    load_scheme(with_items(MOST_ITEMS), "small.yaml")
    found = problems(with_items(MOST_ITEMS + 1))
    assert [one.message for one in found] == [f"At most {MOST_ITEMS} fit here."]
