"""Japanese identifiers: read forgivingly, checked strictly, stored in one form."""

import re
import unicodedata
from urllib.parse import urlsplit

_BASE_DIGITS = 12
# A host's name with a dot in it, then perhaps a port, then perhaps a path: "javascript:" is none.
_BARE_ADDRESS = re.compile(r"[^\s.:/?#@]+(\.[^\s.:/?#@]+)+(:[0-9]+)?([/?#]\S*)?")
HYPHENS = r"\-‐‑‒–—―−⁃─━ー"  # what people type for a hyphen, after NFKC
# Control characters, which no database takes gladly, and overrides of the reading direction,
# which make a name look like another.
_POSTAL_MARKS = "〒〶"
# Katakana with their marks of repetition, long vowels, middle dots and spaces: at least one sound.
_READING = re.compile(r"[ ・]*[ァ-ヺヽヾ][ァ-ヺヽヾー・ ]*")
# What nobody sees though Unicode calls it a letter, a mark or a symbol: fillers, the empty Braille
# cell, the joiner of graphemes, selectors of a shape; all else of the kind is "format" (Cf).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc")
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Selectors choose among the shapes of a kanji (葛󠄀 of 葛城市); elsewhere they choose nothing.
_KANJI_OR_ANY = re.compile(
    "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff][\ufe00-\ufe02\U000e0100-\U000e01ef]|.",
    re.DOTALL,
)
_UNSEEN = "\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"


def plain_digits(text: str) -> str:
    """Fold full-width digits and take away spaces and hyphens of every kind."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(rf"[\s{HYPHENS}]", "", folded)


def is_corporate_number(text: str) -> bool:
    """Check the 13 digits of a corporate number (法人番号) in their plain form.

    Source: ordinance of the Ministry of Finance on corporate numbers: the check digit is 9 minus
    the remainder by 9 of the sum of the 12 base digits, from the right weighted 1, 2, 1, 2 …
    """
    if not re.fullmatch(r"[1-9]\d{12}", text, re.ASCII):
        return False
    base = reversed(text[-_BASE_DIGITS:])
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(base, 1))
    return int(text[0]) == 9 - total % 9


def plain_postal_code(text: str) -> str:
    """Fold the digits of a postal code and take away the mark that is written before it."""
    return plain_digits(text).lstrip(_POSTAL_MARKS)


def is_postal_code(text: str) -> bool:
    """Check the 7 digits of a Japanese postal code in their plain form."""
    return re.fullmatch(r"\d{7}", text, re.ASCII) is not None


def plain_phone(text: str) -> str:
    """Fold full-width digits, hyphens of every kind and spaces of a telephone number."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(rf"[{HYPHENS}]", "-", " ".join(folded.split()))


def is_phone(text: str) -> bool:
    """Check a telephone number: digits, hyphens, parentheses, a leading plus; 9 to 15 digits."""
    digits = re.sub(r"[^0-9]", "", text)
    return re.fullmatch(r"\+?[0-9()\- ]+", text) is not None and 9 <= len(digits) <= 15  # noqa: PLR2004 - E.164


def plain_web_address(text: str) -> str:
    """Fold full-width characters of the address of a website; without a scheme it is https."""
    folded = tidy(unicodedata.normalize("NFKC", text))
    return f"https://{folded}" if _BARE_ADDRESS.fullmatch(folded) else folded


def is_web_address(text: str) -> bool:
    """Check the address of a website: http or https, a host's name, perhaps a port; no user."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # a port that is no number up to 65535, or half an IPv6 address
        return False
    return (
        parts.scheme in {"http", "https"}
        and "@" not in parts.netloc
        and _is_host(parts.hostname or "")
        and port != 0
        and not re.search(r"[\s<>\"\\]", text)
    )


def _is_host(name: str) -> bool:
    parts = name.removesuffix(".").split(".")
    return len(parts) > 1 and all(parts)


def tidy(text: str) -> str:
    """Normalise a line of text: NFC keeps 髙, 﨑 and 𠮷 as they are; spaces become one."""
    return " ".join(_visible(text).split())


def unseen(text: str) -> list[str]:
    """List the characters of a name that nobody sees or that turn the reading direction, once each.

    Control characters are not among them: `tidy` takes those away without a word.
    """
    return list(dict.fromkeys(c for c in _KANJI_OR_ANY.findall(text) if _is_unseen(c)))


def without_unseen(text: str) -> str:
    """Take away what `unseen` lists."""
    return "".join(c for c in _KANJI_OR_ANY.findall(text) if not _is_unseen(c))


def _is_unseen(character: str) -> bool:
    return len(character) == 1 and (
        unicodedata.category(character) == "Cf"
        or character in _BLANK
        or _SELECTOR.fullmatch(character) is not None
    )


def paragraphs(text: str | None) -> str:
    """Normalise a longer text as `tidy` does, but keep its lines; nothing typed is no text."""
    return "\n".join(line.rstrip() for line in _visible(text or "").splitlines()).strip()


def katakana(text: str) -> str:
    """Turn a reading into full-width katakana, whatever kana it came in."""
    folded = unicodedata.normalize("NFKC", text)
    turned = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in folded)
    return tidy(turned)


def is_reading(text: str) -> bool:
    """Check a reading in the form that `katakana` gives it: katakana and nothing else.

    A reading says how a name sounds, and lists are searched by it. A brand in Latin letters or
    digits sounds too (ABC: エービーシー), so it is written as everybody reads it aloud.
    """
    return _READING.fullmatch(text) is not None


def _visible(text: str) -> str:
    return re.sub(f"[{_UNSEEN}]", "", unicodedata.normalize("NFC", text))
