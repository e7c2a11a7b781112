"""Sums of weights and least shares: of an indicator, a pillar or everything that was asked."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from accreditation.schemes.results import IndicatorResult, ItemResult, ShareResult
from accreditation.schemes.thresholds import Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from accreditation.schemes.model import Scheme


def weights(items: Iterable[ItemResult]) -> tuple[int, int]:
    """Return the weight carried out and the weight applicable."""
    applicable = [entry for entry in items if entry.applicable]
    carried_out = sum(entry.item.weight for entry in applicable if entry.carried_out)
    return carried_out, sum(entry.item.weight for entry in applicable)


def least_weight(share: Fraction, applicable: int) -> int:
    """Return the least whole weight that makes up the share."""
    return ceil(share * applicable)


def total_share(indicators: Sequence[IndicatorResult], share: Fraction) -> ShareResult:
    """Return how far everything that was asked reaches the share."""
    return _share_result("", [item for entry in indicators for item in entry.items], share)


def pillar_shares(
    scheme: Scheme,
    shares: Threshold | Mapping[str, Threshold] | None,
    indicators: Sequence[IndicatorResult],
    cycle: int,
) -> tuple[ShareResult, ...]:
    """Return how far each pillar with a threshold reaches it; one threshold is for all pillars."""
    if isinstance(shares, Threshold):
        shares = dict.fromkeys((pillar.id for pillar in scheme.pillars), shares)
    return tuple(
        _share_result(pillar, _items_of_pillar(indicators, pillar), threshold.at(cycle))
        for pillar, threshold in (shares or {}).items()
    )


def _items_of_pillar(indicators: Sequence[IndicatorResult], pillar: str) -> list[ItemResult]:
    return [
        item for entry in indicators if entry.indicator.pillar == pillar for item in entry.items
    ]


def _share_result(subject: str, items: Iterable[ItemResult], share: Fraction) -> ShareResult:
    carried_out, applicable = weights(items)
    needed = least_weight(share, applicable)
    # A share of nothing is no share, unless none is asked for.
    reached = carried_out >= needed and (applicable > 0 or share == 0)
    return ShareResult(subject, carried_out, applicable, needed, reached)
