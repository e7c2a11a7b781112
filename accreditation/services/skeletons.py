"""What a name looks like: names that a hasty reader takes for the same have the same skeleton.

Source of the general table: Unicode Technical Standard 39, confusables, as the library
confusable-homoglyphs brings it. It knows neither fonts nor haste: the rest is ours.
"""

import re
import unicodedata
from functools import lru_cache

from confusable_homoglyphs.categories import alias
from confusable_homoglyphs.confusables import confusables_data

from accreditation.services.names import folded

# Characters of a kind that are taken for each other: the first stands for the others. Kanji and
# kana, kana and kana, kanji and kanji. Hiragana go with their katakana, alike or not.
_JAPANESE = """
カ力 ロ口囗 ニ二 ー一丨 タ夕 エ工 ト卜 ハ八 チ千 オ才 ヌ又 ム厶 ヒ匕 ノ丿
アァ イィ ウゥ エェ オォ ツッシ ヅジ ヤャ ユュ ヨョ ワヮ ソン
あぁ いぃ うぅ えぇ おぉ つっし づじ やゃ ゆゅ よょ わゎ そん
日曰 土士 未末 己已巳 人入 鳥烏 社杜 金全 島嶌
"""
_SHAPES = str.maketrans({seen: one[0] for one in _JAPANESE.split() for seen in one[1:]})
# Latin letters, digits and pairs of letters. l stands for i, 1 and the bar.
_LETTERS = str.maketrans("i1|0528ĸ", "llloszbk")
_PAIRS = (("vv", "w"), ("rn", "m"), ("cl", "d"))
_HALF_VOICED, _VOICED = "\u309a", "\u3099"
_DASH_OF_KANA = re.compile(r"(?<=[ぁ-ヺー])[\-‐‑‒–—―−─━]")
_SHAPED = re.compile(r"LATIN (?:LETTER SMALL CAPITAL ([A-Z])|SMALL LETTER ([A-Z]) WITH .*)")
_LEGAL_EN = re.compile(
    r"\b(?:co(?:mpany)?|ltd|limited|inc(?:orporated)?|corp(?:oration)?|k\.?k|llc|g\.?k)\b\.?"
)
_LEGAL_JA = (
    *("株式会社", "有限会社", "合同会社", "合資会社", "合名会社"),
    *("一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人"),
    *("特定非営利活動法人", "npo法人", "(株)", "(有)", "(同)", "(資)", "(名)"),
)
# Scripts that stand beside each other in ordinary names here.
_USUAL = frozenset({"COMMON", "INHERITED", "HAN", "HIRAGANA", "KATAKANA", "UNKNOWN"})


@lru_cache(maxsize=50_000)
def skeleton(name: str) -> str:
    """Give the skeleton of a name; empty when nothing of it is a letter or digit.

    Width, case, accents, spaces, punctuation, legal forms and old forms of characters make no
    difference, katakana and hiragana neither, nor characters that look alike.
    """
    shaped = _shaped(name)
    latin = _LEGAL_EN.sub(" ", shaped)
    plain = _japanese(latin)
    for form in _FORMS:
        plain = plain.replace(form, "")
    bare = _bare(plain).translate(_LETTERS)
    for pair, one in _PAIRS:
        bare = bare.replace(pair, one)
    # Nothing but a legal form is a name too.
    return bare or _bare(_japanese(shaped))


def foreign_letters(name: str) -> list[str]:
    """List the letters that are not Latin where several alphabets stand in a name, once each.

    Empty for a name in one alphabet, be it Cyrillic; kana and kanji go with any.
    """
    scripts = {c: alias(c) or "UNKNOWN" for c in name if c.isalpha()}
    if len(set(scripts.values()) - _USUAL) < 2:  # noqa: PLR2004 - several are two at least
        return []
    return [c for c, script in scripts.items() if script not in _USUAL | {"LATIN"}]


def _shaped(text: str) -> str:
    """Replace every letter by the Latin one that it looks like, and take away accents."""
    wide = "".join(map(_prototype, unicodedata.normalize("NFKC", text))).casefold()
    parts = unicodedata.normalize("NFKD", "".join(map(_prototype, wide)))
    parts = parts.replace(_HALF_VOICED, _VOICED)
    kept = (c for c in parts if c == _VOICED or not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", "".join(kept))


def _japanese(text: str) -> str:
    shaped = folded(text.translate(_SHAPES)).translate(_SHAPES)
    return folded(_DASH_OF_KANA.sub("ー", shaped))


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@lru_cache(maxsize=20_000)
def _prototype(character: str) -> str:
    """Give what a character is taken for: Latin where it can be, else the first of its kind."""
    if character.isascii() or _is_japanese(character):
        return character
    alike = [one["c"] for one in confusables_data.get(character, ())]
    latin = next((one for one in alike if one.isascii() and one.isalnum()), None)
    first = latin or min([character, *(one for one in alike if len(one) == 1)])
    named = _SHAPED.fullmatch(unicodedata.name(first, "")) if len(first) == 1 else None
    return (named[1] or named[2]).lower() if named else first


def _is_japanese(character: str) -> bool:
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"


_FORMS = tuple(_japanese(form) for form in _LEGAL_JA)
