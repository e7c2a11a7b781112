"""What a scheme file must hold together: ids that are unique, references that lead somewhere.

The checks walk the plain data and pass over whatever has the wrong shape (the model reports
that), so that every problem of a file is found at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accreditation.schemes.problems import Finding, Path

EACH = object()  # every entry of a list, every value of a mapping
KEYS = object()  # every key of a mapping

_ITEMS = ("indicators", EACH, "items", EACH)
_UNIQUE = (
    ("directions", EACH, "id"),
    ("pillars", EACH, "id"),
    ("indicators", EACH, "id"),
    (*_ITEMS, "id"),
    ("rule", "levels", EACH, "id"),
)
_REFERENCES = (
    (("indicators", EACH, "pillar"), ("pillars", EACH, "id")),
    ((*_ITEMS, "directions", EACH), ("directions", EACH, "id")),
    ((*_ITEMS, "kinds", EACH), ("kinds", KEYS)),
    (("rule", "indicators", "required", EACH), ("indicators", EACH, "id")),
    (("rule", "obligatory", EACH), (*_ITEMS, "id")),
    (("rule", "pillars", KEYS), ("pillars", EACH, "id")),
    (("rule", "levels", EACH, "pillars", KEYS), ("pillars", EACH, "id")),
)


def find(data: object, *steps: object) -> Iterator[tuple[Path, Any]]:
    """Yield path and value of everything that the steps lead to; nothing where they do not."""
    if not steps:
        yield (), data
        return
    step, rest = steps[0], steps[1:]
    for key, value in _entries(data, step):
        for path, found in find(value, *rest):
            yield (key, *path), found


def _entries(data: object, step: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(data, tuple) and step is EACH:
        yield from enumerate(data)
    elif isinstance(data, dict) and step is EACH:
        yield from data.items()
    elif isinstance(data, dict) and step is KEYS:
        yield from ((key, key) for key in data)
    elif isinstance(data, dict) and step in data:
        yield str(step), data[step]


def check(data: object, lines: Mapping[Path, int]) -> Iterator[Finding]:
    """Yield everything that does not hold together in the plain data of a scheme file."""
    for steps in _UNIQUE:
        yield from _duplicates(data, steps, lines)
    for source, target in _REFERENCES:
        yield from _unknown(data, source, target)
    yield from _obligatory(data)
    yield from _kinds(data)
    yield from _shares_without_pillars(data)


def _duplicates(
    data: object, steps: tuple[object, ...], lines: Mapping[Path, int]
) -> Iterator[Finding]:
    first: dict[object, Path] = {}
    for path, value in find(data, *steps):
        if isinstance(value, str | int) and first.setdefault(value, path) != path:
            facts = {"value": value, "first": lines[first[value]]}
            yield Finding("duplicate_id", path, facts=facts)


def _unknown(
    data: object, source: tuple[object, ...], target: tuple[object, ...]
) -> Iterator[Finding]:
    known = _values(data, *target)
    for path, value in find(data, *source):
        if isinstance(value, str | int) and value not in known:
            yield Finding("unknown_reference", path, facts={"value": value, "where": target[0]})


def _values(data: object, *steps: object) -> set[str | int]:
    return {value for _, value in find(data, *steps) if isinstance(value, str | int)}


def _obligatory(data: object) -> Iterator[Finding]:
    """Obligatory means obligatory for everybody: always asked, and never "not applicable"."""
    obligatory = _values(data, "rule", "obligatory", EACH)
    for path, item in find(data, *_ITEMS):
        applies = next(find(item, "may_not_apply"), ((), False))[1] is not True
        if not applies and _values(item, "id") & obligatory:
            yield Finding("obligatory_may_not_apply", (*path, "may_not_apply"))
    required = _values(data, "rule", "indicators", "required", EACH)
    optional = {
        item_id: number
        for number, indicator in _indicators(data)
        for item_id in _values(indicator, "items", EACH, "id")
        if number not in required
    }
    for path, value in find(data, "rule", "obligatory", EACH):
        if isinstance(value, str) and value in optional:
            facts = {"value": value, "indicator": optional[value]}
            yield Finding("obligatory_not_required", path, facts=facts)


def _kinds(data: object) -> Iterator[Finding]:
    """Every kind of site can reach what everybody must reach."""
    required = _values(data, "rule", "indicators", "required", EACH)
    kinds_of = {
        number: _values(indicator, "items", EACH, "kinds", EACH)
        for number, indicator in _indicators(data)
    }
    for path, kind in find(data, "kinds", KEYS):
        if kinds_of and not any(kind in kinds for kinds in kinds_of.values()):
            yield Finding("kind_unused", path, facts={"kind": kind})
            continue
        for number, kinds in kinds_of.items():
            if number in required and kind not in kinds:
                facts = {"kind": kind, "indicator": number}
                yield Finding("kind_without_items", path, facts=facts)


def _shares_without_pillars(data: object) -> Iterator[Finding]:
    pillars = _values(data, "pillars", EACH, "id")
    for steps in (("rule", "pillars"), ("rule", "levels", EACH, "pillars")):
        for path, share in find(data, *steps):
            if not pillars and isinstance(share, str | tuple):
                yield Finding("no_pillars", path)


def _indicators(data: object) -> Iterator[tuple[str | int, object]]:
    for _, indicator in find(data, "indicators", EACH):
        for number in _values(indicator, "id"):
            yield number, indicator
