"""Reading operators.toml: real operators and what they were certified for, as published."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from certificates.dates import fiscal_year

PATH = Path(__file__).with_name("operators.toml")
DECISIONS = (12, 15)  # month and day on which the council decides, unless the entry says otherwise


class PublishedError(Exception):
    """The file of published operators has an entry that can't be read; the text names it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Certified(_Part):
    """One certification: fiscal year, indicators, the day decided, whether it was a renewal."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    indicators: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    renewal: bool = False
    decided: date | None = None

    @model_validator(mode="after")
    def _within_its_year(self) -> "Certified":
        if fiscal_year(self.decided_on) != self.year:
            message = f"decided on {self.decided}, which is not in fiscal year {self.year}"
            raise ValueError(message)
        return self

    @property
    def decided_on(self) -> date:
        """The day of the decision."""
        return self.decided or date(self.year, *DECISIONS)


class PracticeText(_Part):
    """What a site does for one indicator."""

    indicator: Annotated[int, Field(ge=1)]
    ja: str
    en: str


class Published(_Part):
    """One real operator as published."""

    name_ja: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    company_ja: str = ""
    kind: str
    source: str
    certified: Annotated[list[Certified], Field(min_length=1)]
    practices: list[PracticeText] = []

    @model_validator(mode="after")
    def _once_a_year(self) -> "Published":
        years = [certified.year for certified in self.certified]
        if len(set(years)) < len(years):
            message = "certified twice in the same fiscal year"
            raise ValueError(message)
        return self


def read(path: Path = PATH) -> list[Published]:
    """Read the file; PublishedError names the entry and what is wrong with it."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("operator")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path.name}: {error}"
        raise PublishedError(message) from None
    if not entries or not isinstance(entries, list):
        message = f"{path.name}: there is no [[operator]]"
        raise PublishedError(message)
    return [_entry(number, entry, path) for number, entry in enumerate(entries, 1)]


def _entry(number: int, entry: dict[str, object], path: Path) -> Published:
    try:
        return Published(**entry)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors(include_url=False)
        )
        message = f"{path.name}: operator {number} ({entry.get('name_ja', '?')}): {problems}"
        raise PublishedError(message) from None
