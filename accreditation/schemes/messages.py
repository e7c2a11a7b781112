"""The words for everything that can be wrong with a scheme file, in English and in Japanese.

Keys are the loader's own kinds of problem and pydantic's error types; kinds that are not listed
bring pydantic's own words along.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accreditation.schemes.model import EMAIL_FORM, KEY_FORM, VERSION_FORM

_MAPPING = (
    "Keys with values are expected here, one “key: value” a line.",
    "ここには「キー: 値」の形で書いてください。",
)

MESSAGES: Mapping[str, tuple[str, str]] = {
    # the file
    "too_large": ("The file is larger than 1 MB.", "ファイルが1MBを超えています。"),
    "empty": ("The file is empty.", "ファイルが空です。"),
    "not_utf8": (
        "This line is not UTF-8 text. Save the file as UTF-8.",
        "この行はUTF-8の文字ではありません。UTF-8で保存してください。",
    ),
    "syntax": (
        "This line cannot be read ({problem}). Check indentation, colons and quotation marks.",
        "この行を読み取れません（{problem}）。字下げ、コロン、引用符を確認してください。",
    ),
    "nested": ("The file is nested too deeply.", "入れ子が深すぎます。"),
    "alias": (
        "References (& and *) are not allowed. Write the content out.",
        "参照（&と*）は使えません。内容をそのまま書いてください。",
    ),
    "tag": ("Type marks such as {tag} are not allowed.", "{tag}のような型指定は使えません。"),
    "key_not_text": (
        "A key must be text. Put it in quotation marks.",
        "キーは文字列にしてください。引用符で囲んでください。",
    ),
    "duplicate_key": (
        "The key “{key}” is already used in line {first}.",
        "キー「{key}」は{first}行目ですでに使われています。",
    ),
    # what hangs together
    "duplicate_id": (
        "The id “{value}” is already used in line {first}.",
        "ID「{value}」は{first}行目ですでに使われています。",
    ),
    "unknown_reference": (
        "“{value}” is not defined in {where}.",
        "「{value}」は{where}に定義されていません。",
    ),
    "obligatory_may_not_apply": (
        "An obligatory item must not have may_not_apply: true.",
        "必須の取組項目には may_not_apply: true を指定できません。",
    ),
    "obligatory_not_required": (
        "Item “{value}” is obligatory, so indicator {indicator} must be in required.",
        "取組項目「{value}」は必須のため、指標{indicator}を required に入れてください。",
    ),
    "kind_without_items": (
        "No item of required indicator {indicator} applies to “{kind}”.",
        "必須の指標{indicator}に「{kind}」を対象とする取組項目がありません。",
    ),
    "kind_unused": ("No item applies to “{kind}”.", "「{kind}」を対象とする取組項目がありません。"),
    "no_pillars": (
        "A share per pillar needs pillars in the file.",
        "分野別の割合を定めるには、pillars に分野を書いてください。",
    ),
    "same_version": (
        "This version of the scheme is in {other} too. Give it a new one.",
        "この制度の同じ版が{other}にもあります。新しい版を付けてください。",
    ),
    "no_files": (
        "There is no scheme file (*.yaml) in this folder.",
        "このフォルダーには制度ファイル（*.yaml）がありません。",
    ),
    # a single value
    "missing": ("This entry is missing.", "この項目がありません。"),
    "extra_forbidden": ("This key is not known here.", "このキーはここでは使えません。"),
    "string_type": (
        "Text is expected. Put the value in quotation marks.",
        "文字列にしてください。値を引用符で囲んでください。",
    ),
    "int_type": ("A whole number is expected.", "整数にしてください。"),
    "bool_type": ("Write true or false.", "true または false と書いてください。"),
    "tuple_type": ("A list is expected.", "リストにしてください。"),
    "model_type": _MAPPING,
    "mapping_type": _MAPPING,
    "dict_type": _MAPPING,
    "model_type Text": (
        "A text needs both languages: ja and en.",
        "ja と en の両方の文を書いてください。",
    ),
    "string_too_short": ("The text is empty.", "文が空です。"),
    "string_too_long": (
        "At most {max_length} characters are allowed.",
        "{max_length}文字以内にしてください。",
    ),
    "too_long": ("At most {max_length} fit here.", "{max_length}件までです。"),
    "too_short": ("At least {min_length} is needed.", "{min_length}件以上必要です。"),
    "greater_than_equal": ("The least value is {ge}.", "{ge}以上にしてください。"),
    "less_than_equal": ("The greatest value is {le}.", "{le}以下にしてください。"),
    "literal_error": (
        "One of these is expected: {expected}.",
        "次のいずれかにしてください：{expected}。",
    ),
    "threshold": (
        'Write a share as "1/2" or "50%", from 0 to 1, or a list of those.',
        "割合は「1/2」または「50%」のように0から1の範囲で書くか、そのリストにしてください。",
    ),
    # the form of a text; the key is its pattern
    KEY_FORM: (
        "Only the letters a to z, digits and single hyphens between them are allowed.",
        "半角の英数字と、その間のハイフンだけが使えます。",
    ),
    VERSION_FORM: (
        "Only letters, digits and single dots or hyphens between them are allowed.",
        "半角の英数字と、その間のピリオドかハイフンだけが使えます。",
    ),
    EMAIL_FORM: (
        "This is not an e-mail address.",
        "メールアドレスの形になっていません。",
    ),
}


def word(kind: str, facts: Mapping[str, Any], language: str) -> str:
    """Return the sentence for a kind of problem; unknown kinds use the fact `message`."""
    english, japanese = MESSAGES.get(kind, ("{message}", "{message}"))
    return (japanese if language.startswith("ja") else english).format_map(facts)
