"""The award rule: findings in, an explained result out. Pure, exact, no floating point.

Source: the call of Kanazawa's scheme. An indicator is certified on its own when at least half of
its applicable items are carried out; indicators 1 and 2 are required; some items are obligatory
for everybody. Weights, pillars, a total, levels and rising thresholds serve other cities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accreditation.schemes.results import (
    Blocking,
    Cause,
    IndicatorResult,
    ItemResult,
    Reason,
    Result,
    ShareResult,
    Verdict,
)
from accreditation.schemes.shares import least_weight, pillar_shares, total_share, weights
from accreditation.schemes.validity import valid_until

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from accreditation.schemes.model import Indicator, Item, Level, Scheme

__all__ = [
    "Blocking",
    "Cause",
    "IndicatorResult",
    "ItemResult",
    "Reason",
    "Result",
    "ShareResult",
    "Verdict",
    "always_chosen",
    "asked_items",
    "evaluate",
    "valid_until",
]


def always_chosen(scheme: Scheme) -> frozenset[int]:
    """Return the numbers of the indicators that every applicant is asked about."""
    rule = scheme.rule.indicators
    if rule.choice == "all":
        return frozenset(indicator.id for indicator in scheme.indicators)
    return frozenset(rule.required)


def asked_items(scheme: Scheme, kind: str, chosen: Collection[int]) -> tuple[Item, ...]:
    """Return the items to answer, in order: of the chosen and the always chosen indicators.

    ValueError for a kind of site or an indicator that the scheme does not know.
    """
    return tuple(
        item
        for indicator in _asked_indicators(scheme, kind, chosen)
        for item in indicator.items_of(kind)
    )


def evaluate(
    scheme: Scheme,
    kind: str,
    chosen: Collection[int],
    verdicts: Mapping[str, Verdict],
    cycle: int = 0,
) -> Result:
    """Apply the award rule to one site of this kind with `cycle` completed cycles.

    Indicators that are always chosen are evaluated even when `chosen` leaves them out. Verdicts
    on items that are not asked are ignored; an item without a verdict counts as not carried out.
    ValueError for a kind, an indicator, an item or a verdict that does not exist, or a cycle
    below 0.
    """
    if cycle < 0:
        raise ValueError(cycle)
    if unknown := verdicts.keys() - {item.id for item in scheme.items}:
        raise ValueError(sorted(unknown))
    given = {item_id: Verdict(verdict) for item_id, verdict in verdicts.items()}
    indicators = [
        _indicator_result(scheme, indicator, indicator.items_of(kind), given, cycle)
        for indicator in _asked_indicators(scheme, kind, chosen)
    ]
    return _result(scheme, indicators, cycle)


def _asked_indicators(scheme: Scheme, kind: str, chosen: Collection[int]) -> tuple[Indicator, ...]:
    if kind not in scheme.kinds:
        raise ValueError(kind)
    asked = always_chosen(scheme) | frozenset(chosen)
    if unknown := asked - {indicator.id for indicator in scheme.indicators}:
        raise ValueError(sorted(unknown))
    return tuple(indicator for indicator in scheme.indicators if indicator.id in asked)


def _indicator_result(
    scheme: Scheme,
    indicator: Indicator,
    asked: Iterable[Item],
    verdicts: Mapping[str, Verdict],
    cycle: int,
) -> IndicatorResult:
    obligatory = scheme.rule.obligatory
    items = tuple(ItemResult(item, verdicts.get(item.id), item.id in obligatory) for item in asked)
    carried_out, applicable = weights(items)
    needed = least_weight(scheme.rule.indicators.share.at(cycle), applicable)
    missing = [entry for entry in items if entry.applicable and not entry.carried_out]
    why = tuple(_reasons(missing, carried_out, applicable, needed))
    return IndicatorResult(
        indicator=indicator,
        items=items,
        carried_out=carried_out,
        applicable=applicable,
        needed=needed,
        reached=not why,
        missing=tuple(entry.item for entry in missing),
        missing_obligatory=tuple(entry.item for entry in missing if entry.obligatory),
        closing=tuple(_closing(missing, needed - carried_out)),
        why=why,
    )


def _reasons(
    missing: Iterable[ItemResult], carried_out: int, applicable: int, needed: int
) -> Iterator[Reason]:
    if applicable == 0:
        yield Reason.NOTHING_APPLICABLE
    if any(entry.obligatory for entry in missing):
        yield Reason.OBLIGATORY_MISSING
    if carried_out < needed:
        yield Reason.SHARE_TOO_SMALL


def _closing(missing: Iterable[ItemResult], short: int) -> Iterator[Item]:
    """Yield a smallest set that closes the gap: what is obligatory, then the heaviest items."""
    for entry in sorted(missing, key=lambda entry: (not entry.obligatory, -entry.item.weight)):
        if entry.obligatory or short > 0:
            yield entry.item
            short -= entry.item.weight


def _result(scheme: Scheme, indicators: Sequence[IndicatorResult], cycle: int) -> Result:
    rule = scheme.rule
    reached = frozenset(entry.indicator.id for entry in indicators if entry.reached)
    pillars = pillar_shares(scheme, rule.pillars, indicators, cycle)
    total = total_share(indicators, rule.total.at(cycle)) if rule.total else None
    level = _level(scheme, indicators, cycle)
    blocking = tuple(_blocking(scheme, reached, [*pillars, *([total] if total else [])], level))
    return Result(
        indicators=tuple(indicators),
        pillars=pillars,
        total=total,
        level=None if blocking else level,
        granted=not blocking,
        reached=reached,
        blocking=blocking,
    )


def _blocking(
    scheme: Scheme, reached: frozenset[int], shares: Iterable[ShareResult], level: Level | None
) -> Iterator[Blocking]:
    for number in scheme.rule.indicators.required:
        if number not in reached:
            yield Blocking(Cause.INDICATOR, str(number))
    if not reached:
        yield Blocking(Cause.NOTHING_REACHED)
    for share in shares:
        if not share.reached:
            yield Blocking(Cause.PILLAR if share.subject else Cause.TOTAL, share.subject)
    if scheme.rule.levels and level is None:
        yield Blocking(Cause.LEVEL, scheme.rule.levels[0].id)


def _level(scheme: Scheme, indicators: Sequence[IndicatorResult], cycle: int) -> Level | None:
    """Return the highest level that is met together with every level below it."""
    met = None
    for level in scheme.rule.levels:
        if not _meets(scheme, level, indicators, cycle):
            break
        met = level
    return met


def _meets(scheme: Scheme, level: Level, indicators: Sequence[IndicatorResult], cycle: int) -> bool:
    shares = list(pillar_shares(scheme, level.pillars, indicators, cycle))
    if level.total:
        shares.append(total_share(indicators, level.total.at(cycle)))
    return sum(entry.reached for entry in indicators) >= level.indicators and all(
        share.reached for share in shares
    )
