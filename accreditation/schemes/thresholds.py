"""Thresholds: exact shares between nothing and all that may rise with every renewal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_FRACTION = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least share that suffices, by number of completed cycles; the last one stays."""

    shares: tuple[Fraction, ...]

    def at(self, cycle: int) -> Fraction:
        """Return the share after `cycle` completed cycles (0 = first application)."""
        return self.shares[min(cycle, len(self.shares) - 1)]


def parse_threshold(value: object) -> Threshold:
    """Read `"1/2"`, `"50%"` or a sequence of those; ValueError when one is malformed or over 1.

    Numbers without a unit are refused: 0.5 is not exact, and 5 could mean 5 % or 500 %.
    """
    parts = value if isinstance(value, tuple) else (value,)
    if not parts:
        raise ValueError(f"not a share: {value!r}")
    return Threshold(tuple(_share(part) for part in parts))


def _share(value: object) -> Fraction:
    text = value.strip() if isinstance(value, str) else ""
    if match := _FRACTION.fullmatch(text):
        numerator, denominator = Fraction(match[1]), int(match[2])
    elif match := _PERCENT.fullmatch(text):
        numerator, denominator = Fraction(match[1]), 100
    else:
        raise ValueError(f"not a share: {value!r}")
    if denominator == 0 or numerator > denominator:
        raise ValueError(f"not a share: {value!r}")
    return numerator / denominator
