"""A small scheme to bend into every shape, as data and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from accreditation.schemes.loader import load_scheme
from accreditation.schemes.model import Scheme
from accreditation.schemes.problems import Problem, SchemeError

Data = dict[str, Any]

SMALL = """\
scheme: small
version: "1"
name: {ja: 小さな制度, en: Small scheme}
summary: {ja: 要約, en: Summary}
note: {ja: 注記, en: Note}
kinds:
  inn: {ja: 宿, en: Inn}
  walk: {ja: 散歩, en: Walk}
issuer:
  name: {ja: 見本町, en: Sample Town}
  title: {ja: 町長, en: Mayor}
  address: {ja: 見本町1, en: 1 Sample Town}
office:
  name: {ja: 事務局, en: Office}
  address: {ja: 見本町1, en: 1 Sample Town}
  phone: "000-0000"
  email: "office@example.jp"
grounds: {ja: 認定します。, en: It is accredited.}
directions:
  - id: 1
    name: {ja: 方向, en: Direction}
terms:
  version: "1"
  text: {ja: 規約, en: Terms}
pillars:
  - id: earth
    name: {ja: 地球, en: Earth}
indicators:
  - id: 1
    title: {ja: 資源, en: Resources}
    summary: {ja: 要約, en: Summary}
    pillar: earth
    items:
      - id: "1-1"
        title: {ja: 電気, en: Power}
        question: {ja: 節電していますか。, en: Do you save power?}
        methods: {ja: 方法, en: Methods}
        evidence: {ja: 証拠, en: Evidence}
        sdgs: [7]
        directions: [1]
        kinds: [inn, walk]
      - id: "1-2"
        title: {ja: 水, en: Water}
        question: {ja: 節水していますか。, en: Do you save water?}
        methods: {ja: 方法, en: Methods}
        evidence: {ja: 証拠, en: Evidence}
        sdgs: [6, 12]
        kinds: [inn]
        weight: 2
        may_not_apply: true
rule:
  indicators:
    choice: applicant
    required: [1]
    share: "1/2"
  obligatory: ["1-1"]
  pillars: "50%"
  total: ["25%", "1/2"]
  levels:
    - id: star
      name: {ja: 星, en: Star}
      pillars: {earth: "50%"}
  validity:
    years: 1
    ends: day_before_anniversary
"""


def text(words: str) -> Data:
    return {"ja": f"{words}です", "en": words}


def item(item_id: str, *kinds: str, **changes: object) -> Data:
    words = {key: text(key) for key in ("title", "question", "methods", "evidence")}
    return {"id": item_id, **words, "sdgs": (12,), "kinds": kinds or ("inn",), **changes}


def indicator(number: int, items: Iterable[Data], **changes: object) -> Data:
    words = {key: text(key) for key in ("title", "summary")}
    return {"id": number, **words, "items": tuple(items), **changes}


def numbered(
    number: int, count: int, *, may_not_apply: bool = False, pillar: str | None = None
) -> Data:
    """An indicator with `count` items of weight 1."""
    items = (item(f"{number}-{n}", may_not_apply=may_not_apply) for n in range(1, count + 1))
    return indicator(number, items, pillar=pillar)


def rule(**changes: object) -> Data:
    """Kanazawa's rule without obligatory items; keys of the indicators' part are recognised."""
    indicators: Data = {"choice": "applicant", "required": (), "share": "1/2"}
    for key in indicators.keys() & changes.keys():
        indicators[key] = changes.pop(key)
    return {"indicators": indicators, "validity": {"years": 1}, **changes}


def scheme(indicators: Iterable[Data], award: Data, pillars: Iterable[str] = ()) -> Scheme:
    words = {key: text(key) for key in ("name", "summary", "note", "grounds")}
    place = {"name": text("name"), "address": text("address")}
    return Scheme.model_validate(
        {
            "scheme": "small",
            "version": "1",
            **words,
            "kinds": {"inn": text("inn"), "walk": text("walk")},
            "issuer": {**place, "title": text("title")},
            "office": {**place, "phone": "000", "email": "office@example.jp"},
            "terms": {"version": "1", "text": text("terms")},
            "pillars": tuple({"id": pillar, "name": text(pillar)} for pillar in pillars),
            "indicators": tuple(indicators),
            "rule": award,
        }
    )


def problems(text: str, language: str = "en") -> list[Problem]:
    """What is wrong with a scheme file named small.yaml."""
    with pytest.raises(SchemeError) as caught:
        load_scheme(text, "small.yaml", language)
    return list(caught.value.problems)


def changed(old: str, new: str) -> str:
    """The small scheme with one place changed."""
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)
