"""What a document can print: the characters of our fonts, and how long its texts may be.

Apart from the renderer, for this is asked of every name that somebody enters.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no type hints

LONGEST_TEXT = 500
"""Characters in any one text; the time to lay out a paragraph grows with its square."""
LONGEST_LIST = 20
"""Indicators or conditions of one certificate."""
ASSETS = Path(__file__).parent / "assets"
"""The folder of the fonts and style sheets."""

_FONTS = ("NotoSansJP_400Regular.ttf", "NotoSansJP_700Bold.ttf")
# A character with the variation selector behind it, which chooses the old-style shape of a name.
_CHARACTER = re.compile("[^\t\n\r][\ufe00-\ufe0f\U000e0100-\U000e01ef]?")


def missing_glyphs(text: str) -> set[str]:
    """Return the characters of a text that our font cannot print, each with its variation."""
    return set(_CHARACTER.findall(text)) - _printable()


@cache
def _printable() -> frozenset[str]:
    """Return what both fonts hold: characters, and characters with a variation selector."""
    return frozenset.intersection(*(_characters(ASSETS / name) for name in _FONTS))


def _characters(font: Path) -> frozenset[str]:
    with TTFont(font, lazy=True) as opened:
        cmap = opened["cmap"]
        single = {chr(code) for code in cmap.getBestCmap()}
        variations = cmap.getcmap(0, 5).uvsDict
        varied = {chr(c) + chr(s) for s, pairs in variations.items() for c, _ in pairs}
    return frozenset(single | varied)
