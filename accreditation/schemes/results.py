"""What the award rule says about one application: plain frozen data that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accreditation.schemes.model import Indicator, Item, Level


class Verdict(StrEnum):
    """What was found for one item."""

    CARRIED_OUT = "carried_out"
    NOT_CARRIED_OUT = "not_carried_out"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    """Why an indicator is not reached."""

    OBLIGATORY_MISSING = "obligatory_missing"
    SHARE_TOO_SMALL = "share_too_small"
    NOTHING_APPLICABLE = "nothing_applicable"


class Cause(StrEnum):
    """What keeps the whole accreditation from being granted."""

    INDICATOR = "indicator"  # a required indicator is not reached; `subject` is its number
    PILLAR = "pillar"  # a pillar lies under its share; `subject` is its id
    TOTAL = "total"  # the total lies under its share; `subject` is empty
    LEVEL = "level"  # not even the lowest level is reached; `subject` is its id
    NOTHING_REACHED = "nothing_reached"  # no indicator is reached; `subject` is empty


@dataclass(frozen=True, slots=True)
class Blocking:
    """One thing that keeps the accreditation from being granted, and where it lies."""

    cause: Cause
    subject: str = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item that was asked; `verdict` is None while nothing was found for it."""

    item: Item
    verdict: Verdict | None
    obligatory: bool

    @property
    def carried_out(self) -> bool:
        """Whether the item counts as carried out."""
        return self.verdict is Verdict.CARRIED_OUT

    @property
    def applicable(self) -> bool:
        """Whether the item stays in the denominator; a permitted "not applicable" leaves it."""
        return not (self.verdict is Verdict.NOT_APPLICABLE and self.item.may_not_apply)


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator that was asked; counts are sums of weights (numbers of items at weight 1).

    `needed` is the least that suffices. `missing` is what was asked and does not count as carried
    out. `closing` is a smallest set of it that reaches the indicator, obligatory items first; it
    is empty when the indicator is reached, and when nothing is applicable.
    """

    indicator: Indicator
    items: tuple[ItemResult, ...]
    carried_out: int
    applicable: int
    needed: int
    reached: bool
    missing: tuple[Item, ...]
    missing_obligatory: tuple[Item, ...]
    closing: tuple[Item, ...]
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ShareResult:
    """A pillar (`subject` is its id) or the total (`subject` is empty), in sums of weights."""

    subject: str
    carried_out: int
    applicable: int
    needed: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The whole result; `total` and `level` are None where the scheme does not use them."""

    indicators: tuple[IndicatorResult, ...]
    pillars: tuple[ShareResult, ...]
    total: ShareResult | None
    level: Level | None
    granted: bool
    reached: frozenset[int]
    blocking: tuple[Blocking, ...]
