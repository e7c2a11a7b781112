"""A scheme as frozen data: what a scheme file says, after the loader has checked it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag
from pydantic.types import StringConstraints
from pydantic_core import PydanticCustomError

from accreditation.schemes.thresholds import Threshold, parse_threshold

KEY_FORM = r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$"
VERSION_FORM = r"^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$"
MOST_ITEMS = 40  # of an indicator: they are answered on one page and sent as one form
EMAIL_FORM = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[str, StringConstraints(pattern=KEY_FORM, max_length=40)]
Version = Annotated[str, StringConstraints(pattern=VERSION_FORM, max_length=40)]
Email = Annotated[str, StringConstraints(pattern=EMAIL_FORM)]
Number = Annotated[int, Field(ge=1, le=999)]
Sdg = Annotated[int, Field(ge=1, le=17)]

# Names of the two shapes of PillarShares; the loader leaves them out of the paths it shows.
ONE_SHARE = "<one share>"
SHARE_EACH = "<a share each>"


def _threshold(value: object) -> Threshold:
    try:
        return parse_threshold(value)
    except ValueError:
        raise PydanticCustomError("threshold", "not a share between 0 and 1") from None


def _shape(value: object) -> str:
    return SHARE_EACH if isinstance(value, dict) else ONE_SHARE


Share = Annotated[Threshold, PlainValidator(_threshold)]
PillarShares = Annotated[
    Annotated[Share, Tag(ONE_SHARE)] | Annotated[Mapping[Key, Share], Tag(SHARE_EACH)],
    Discriminator(_shape),
]


class Part(BaseModel):
    """Common ground of every part: frozen, exact types, no unknown keys."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=True
    )


class Text(Part):
    """One text in Japanese and in English."""

    ja: Words
    en: Words

    def in_language(self, language: str) -> str:
        """Return the Japanese text for `ja` and its regional forms, the English one otherwise."""
        return self.ja if language.lower().startswith("ja") else self.en


class Issuer(Part):
    """The body that signs the certificate."""

    name: Text
    title: Text
    address: Text


class Office(Part):
    """The office that answers questions about the scheme."""

    name: Text
    address: Text
    phone: Words
    email: Email


class Terms(Part):
    """The terms an applicant accepts; paragraphs are separated by an empty line."""

    version: Version
    text: Text


class Direction(Part):
    """One of the city's own directions that items contribute to."""

    id: Number
    name: Text


class Pillar(Part):
    """A group of indicators that can have a least share of its own."""

    id: Key
    name: Text


class Item(Part):
    """One thing to do: asked, evidenced, reviewed and counted with its weight."""

    id: Key
    title: Text
    question: Text
    methods: Text
    evidence: Text
    sdgs: Annotated[tuple[Sdg, ...], Field(min_length=1)]
    directions: tuple[Number, ...] = ()
    kinds: Annotated[tuple[Key, ...], Field(min_length=1)]
    weight: Number = 1
    may_not_apply: bool = False


class Indicator(Part):
    """A group of items that is reached, and certified, on its own."""

    id: Number
    title: Text
    summary: Text
    pillar: Key | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_ITEMS)]

    def items_of(self, kind: str) -> tuple[Item, ...]:
        """Return the items that apply to this kind of site, in order."""
        return tuple(item for item in self.items if kind in item.kinds)


class IndicatorRule(Part):
    """Who chooses the indicators, which ones everybody must reach, and from which share on."""

    choice: Literal["applicant", "all"]
    required: tuple[Number, ...] = ()
    share: Share


class Level(Part):
    """A level and what it demands beyond the levels below it."""

    id: Key
    name: Text
    total: Share | None = None
    pillars: PillarShares | None = None
    indicators: Annotated[int, Field(ge=0)] = 0


class Validity(Part):
    """How long an accreditation lasts; see `rules.valid_until`."""

    years: Annotated[int, Field(ge=1, le=20)]
    ends: Literal[
        "day_before_anniversary", "fiscal_year_end", "fiscal_year_end_after_anniversary"
    ] = "day_before_anniversary"


class Rule(Part):
    """The award rule."""

    indicators: IndicatorRule
    obligatory: tuple[Key, ...] = ()
    pillars: PillarShares | None = None
    total: Share | None = None
    levels: tuple[Level, ...] = ()
    validity: Validity


class Scheme(Part):
    """A published version of a scheme; it never changes."""

    scheme: Key
    version: Version
    name: Text
    summary: Text
    note: Text
    kinds: Annotated[Mapping[Key, Text], Field(min_length=1)]
    issuer: Issuer
    office: Office
    grounds: Text
    directions: tuple[Direction, ...] = ()
    terms: Terms
    pillars: tuple[Pillar, ...] = ()
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    rule: Rule

    def indicator(self, number: int) -> Indicator:
        """Return the indicator with this number; KeyError when there is none."""
        for indicator in self.indicators:
            if indicator.id == number:
                return indicator
        raise KeyError(number)

    def item(self, item_id: str) -> Item:
        """Return the item with this id; KeyError when there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of every indicator, in order."""
        return tuple(item for indicator in self.indicators for item in indicator.items)

    def items_of(self, kind: str) -> tuple[Item, ...]:
        """Return every item that applies to this kind of site, in order."""
        return tuple(item for item in self.items if kind in item.kinds)
