"""Names made comparable: width, case, kana, accents and spaces no longer matter."""

import re
import unicodedata
from typing import Any

_KATAKANA = range(0x30A1, 0x30F7)
_TO_HIRAGANA = {code: code - 0x60 for code in _KATAKANA}
_ACCENTS = re.compile("[\u0300-\u036f]")  # the voicing marks of kana lie elsewhere and stay
_HIDDEN = re.compile(r"[\x00-\x1f\x7f]")  # NUL, for one, is more than PostgreSQL can be asked for

# Two shapes of one character: a family writes the one, a keyboard gives the other.
_SHAPES = str.maketrans("髙﨑𠮷濵濱邊邉澤德", "高崎吉浜浜辺辺沢徳")


def folded(text: str) -> str:
    """Fold a text for searching: no width, case, accents or spaces, katakana as hiragana."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", _HIDDEN.sub(" ", text)))
    plain = unicodedata.normalize("NFKC", bare).casefold()
    return "".join(plain.translate(_TO_HIRAGANA).translate(_SHAPES).split())


def words(query: str) -> list[str]:
    """Split a query into folded words; a word of nothing but spaces and marks is none."""
    parts = unicodedata.normalize("NFKC", _HIDDEN.sub(" ", query)).split()
    return [word for part in parts if (word := folded(part))]


def search_text(holder: dict[str, Any]) -> str:
    """Write down everything by which a holder is found: names and place, Japanese and Latin."""
    parts = [
        holder[field][language]
        for field in ("site", "operator", "address")
        for language in holder[field]
    ]
    return " ".join(folded(part) for part in [*parts, holder["kana"]] if part)
