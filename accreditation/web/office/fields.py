"""Numbers, days and hours as people type them."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, IntegerField, StringField, TimeField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from accreditation import clock
from accreditation.services.calls import read_fiscal_year

YEARS = (2000, 2099)  # in which a call can lie


def _stop_when_unreadable(field: StringField) -> None:
    if field.process_errors:
        raise StopValidation  # one error is enough: what can't be read can't be checked


class WholeNumberField(IntegerField):  # type: ignore[misc] # the library comes without types
    """A whole number as people write it: full width, with separators or the word yen."""

    widget = TextInput()

    def __init__(self, label: str, *, wrong: str, most: int, **given: Any) -> None:  # noqa: ANN401 - as the library takes it
        """Keep the sentence for what is not a whole number, and the largest that fits."""
        super().__init__(label, **given)
        self.wrong = wrong
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; an empty field is no number."""
        self.data = None
        text = re.sub(r"[\s,、円¥]", "", unicodedata.normalize("NFKC", "".join(valuelist)))
        if not text:
            return
        if not re.fullmatch(r"[0-9]+", text):
            raise ValueError(self.wrong)
        digits = text.lstrip("0") or "0"  # compared by their length first: Python reads 4,300
        if len(digits) > len(str(self.most)) or int(digits) > self.most:
            raise ValueError(_("This is too large: at most %(most)s fit.", most=f"{self.most:,}"))
        self.data = int(digits)

    def pre_validate(self, form: object) -> None:
        """Check nothing more when there is no number."""
        del form
        _stop_when_unreadable(self)


class FiscalYearField(IntegerField):  # type: ignore[misc] # the library comes without types
    """A fiscal year: 2026, or as budgets name it, 令和8年度 or R8."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the year; an empty field is no year."""
        self.data = None
        text = "".join(valuelist).strip()
        if not text:
            return
        self.data = read_fiscal_year(text)
        if self.data is None:
            raise ValueError(_("Please give the year as 2026 or 令和8年度."))

    def pre_validate(self, form: object) -> None:
        """Check nothing more when there is no year."""
        del form
        _stop_when_unreadable(self)


class DayField(DateField):  # type: ignore[misc] # the library comes without types
    """A day, also typed by hand with slashes or in full width."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day and keep it within the years in which a call can lie."""
        self.data = None
        text = unicodedata.normalize("NFKC", "".join(valuelist)).strip().replace("/", "-")
        if not text:
            return
        try:
            year, month, number = map(int, text.split("-"))
            day = date(year, month, number)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(_("Please give a day such as 2026-11-30.")) from None
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise ValueError(_("Please check the year."))
        self.data = day

    def pre_validate(self, form: object) -> None:
        """Check nothing more when there is no day."""
        del form
        _stop_when_unreadable(self)


class HourField(TimeField):  # type: ignore[misc] # the library comes without types
    """A time of day in Japanese time."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read hours and minutes."""
        self.data = None
        text = unicodedata.normalize("NFKC", "".join(valuelist)).strip()
        if not text:
            return
        try:
            hour, minute = text.split(":")[:2]
            self.data = time(int(hour), int(minute))
        except (TypeError, ValueError, OverflowError):
            raise ValueError(_("Please give a time such as 17:00.")) from None


def instant(day: date, hour: time) -> datetime:
    """Give the instant of a day and an hour in the scheme's zone."""
    return datetime.combine(day, hour, clock.ZONE)


def day_and_hour(moment: datetime) -> tuple[date, time | None]:
    """Take an instant apart; no hour stands for the beginning of the day."""
    local = moment.astimezone(clock.ZONE)
    return local.date(), local.time() if local.time() != time() else None


def last_day_and_hour(moment: datetime) -> tuple[date, time | None]:
    """Take a closing instant apart; no hour stands for the end of the day (`clock.end_of`)."""
    day, hour = day_and_hour(moment)
    return (day, hour) if hour else (day - timedelta(days=1), None)
