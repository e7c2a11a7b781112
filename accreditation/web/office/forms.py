"""The office's forms: shape only, the rules are the services'."""

import re
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from accreditation import clock
from accreditation.models import Call, IncentiveKind, Person, Programme, SchemeVersion
from accreditation.schemes.model import Item
from accreditation.schemes.rules import Verdict
from accreditation.services.identifiers import paragraphs, tidy
from accreditation.services.lookalikes import Comparison
from accreditation.services.printable import LONGEST_OF_PROGRAMME
from accreditation.services.schemes import scheme_of
from accreditation.web.office.fields import (
    YEARS,
    DayField,
    FiscalYearField,
    HourField,
    WholeNumberField,
    day_and_hour,
    instant,
    last_day_and_hour,
)
from accreditation.web.texts import Check, at_most, given
from accreditation.web.verdicts import choices

MOST_YEN = 2_000_000_000
LONGEST_REASON = 4000
LONGEST_TITLE = 200


def _fits(field: str) -> Check:
    """Keep a programme's text as short as its notice needs it."""
    return at_most(LONGEST_OF_PROGRAMME[field])


def _version(value: str | int | None) -> int:
    return int(value) if re.fullmatch(r"[0-9]{1,9}", str(value)) else 0  # type: ignore[arg-type]


class AssignForm(FlaskForm):
    """Whom to ask for a review."""

    reviewer = SelectField(
        _l("Reviewer"),
        [DataRequired(_l("Please choose a reviewer."))],
        invalid_choice_message=_l("This person can't review this application."),
    )

    def offer(self, candidates: list[Person]) -> None:
        """Offer the people who may be asked."""
        self.reviewer.choices = [
            SelectChoice("", _("Choose a reviewer")),
            *(SelectChoice(person.key, person.name) for person in candidates),
        ]


class CompareForm(FlaskForm):
    """What the office found when it compared the names; `shown` are the marks of what it saw."""

    shown = HiddenField()
    note = TextAreaField(
        _l("What you found"),
        [DataRequired(_l("Please say what you found.")), at_most(LONGEST_REASON)],
        filters=[paragraphs],
        render_kw={"rows": 3},
    )

    def show(self, comparison: Comparison) -> None:
        """Keep the marks of what the page shows."""
        self.shown.data = " ".join(one.mark for one in comparison.alike)


class OriginalForm(FlaskForm):
    """Why the office opens the original of a file."""

    note = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Please give the reason.")), at_most(LONGEST_REASON)],
        filters=[paragraphs],
        render_kw={"rows": 3},
    )


class ReconcileForm(FlaskForm):
    """How the office settles an item on which the reviewers differ."""

    verdict = RadioField(
        _l("What counts"), [InputRequired(_l("Please choose what counts."))], validate_choice=False
    )
    reason = TextAreaField(
        _l("Reason"),
        [
            DataRequired(_l("Please give the reason.")),
            at_most(LONGEST_REASON),
        ],
        filters=[paragraphs],
        render_kw={"rows": 4},
    )
    seen = HiddenField()

    def offer(self, item: Item) -> None:
        """Offer the verdicts that the item allows."""
        self.verdict.choices = choices(item)

    def judged(self) -> Verdict | None:
        """Give the verdict that was chosen, or None for one that there is not."""
        return next((one for one in Verdict if one == self.verdict.data), None)


def version_in_words(version: SchemeVersion, lang: str) -> str:
    """Name a version of the standard as people know it: by the scheme's title."""
    name = scheme_of(version).name.in_language(lang)
    return str(_("%(name)s, version %(version)s", name=name, version=version.version))


class CallForm(FlaskForm):
    """A call: its titles, its time in Japanese time, its programmes."""

    title_ja = StringField(
        _l("Title in Japanese"),
        [
            DataRequired(_l("Please give the title in Japanese.")),
            at_most(LONGEST_TITLE),
        ],
        filters=[given(tidy)],
    )
    title_en = StringField(
        _l("Title in English"),
        [
            DataRequired(_l("Please give the title in English.")),
            at_most(LONGEST_TITLE),
        ],
        filters=[given(tidy)],
    )
    scheme_version = SelectField(
        _l("Version of the standard"),
        invalid_choice_message=_l("Please choose a version of the standard."),
    )
    fiscal_year = FiscalYearField(
        _l("Fiscal year"),
        [
            DataRequired(_l("Please give the fiscal year.")),
            NumberRange(*YEARS, message=_l("Please check the year.")),
        ],
    )
    opens_on = DayField(_l("Opens on"), [DataRequired(_l("Please give the first day."))])
    opens_at = HourField(_l("Opens at"), [Optional()])
    closes_on = DayField(_l("Closes on"), [DataRequired(_l("Please give the last day."))])
    closes_at = HourField(_l("Closes at"), [Optional()])
    programmes = SelectMultipleField(
        _l("Incentive programmes"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    version = HiddenField(filters=[_version])

    # Where the service's fields are on this form.
    PLACES = {"opens_at": "opens_on", "closes_at": "closes_on"}  # noqa: RUF012 - never changed

    def offer_versions(self, versions: list[SchemeVersion], lang: str) -> None:
        """Offer the published versions of the standard."""
        self.scheme_version.choices = [
            SelectChoice(str(one.id), version_in_words(one, lang)) for one in versions
        ]

    def offer_programmes(self, programmes: list[Programme], lang: str) -> None:
        """Offer the programmes there are."""
        self.programmes.choices = [
            SelectChoice(
                one.key,
                _(
                    "%(name)s (fiscal year %(year)s)",
                    name=one.name_ja if lang == "ja" else one.name_en,
                    year=one.fiscal_year,
                ),
            )
            for one in programmes
        ]

    def show(self, call: Call) -> None:
        """Fill in what is stored."""
        for name in ("title_ja", "title_en", "fiscal_year", "version"):
            self[name].data = getattr(call, name)
        self.programmes.data = [one.key for one in call.programmes]
        self.opens_on.data, self.opens_at.data = day_and_hour(call.opens_at)
        self.closes_on.data, self.closes_at.data = last_day_and_hour(call.closes_at)

    def values(self) -> dict[str, Any]:
        """Give the values as the service takes them, with instants for days and times."""
        opens_on, closes_on = self.opens_on.data, self.closes_on.data
        closing = self.closes_at.data
        assert opens_on is not None and closes_on is not None  # noqa: S101, PT018 - both are required
        return {
            "title_ja": self.title_ja.data,
            "title_en": self.title_en.data,
            "fiscal_year": self.fiscal_year.data,
            "opens_at": instant(opens_on, self.opens_at.data or time()),
            "closes_at": instant(closes_on, closing) if closing else clock.end_of(closes_on),
        }


class ProgrammeForm(FlaskForm):
    """An incentive programme; amounts in whole yen."""

    name_ja = StringField(
        _l("Name in Japanese"),
        [
            DataRequired(_l("Please give the name in Japanese.")),
            _fits("name_ja"),
        ],
        filters=[given(tidy)],
    )
    name_en = StringField(
        _l("Name in English"),
        [
            DataRequired(_l("Please give the name in English.")),
            _fits("name_en"),
        ],
        filters=[given(tidy)],
    )
    fiscal_year = FiscalYearField(
        _l("Fiscal year"),
        [
            DataRequired(_l("Please give the fiscal year.")),
            NumberRange(*YEARS, message=_l("Please check the year.")),
        ],
    )
    kind = RadioField(
        _l("Kind"),
        [InputRequired(_l("Please choose money or another benefit."))],
        choices=[
            SelectChoice(IncentiveKind.MONEY.value, _l("Money")),
            SelectChoice(IncentiveKind.BENEFIT.value, _l("Another benefit")),
        ],
    )
    amount_yen = WholeNumberField(
        label=_l("Amount for each accreditation, in yen"),
        wrong=_l("Please give the amount in whole yen."),
        most=MOST_YEN,
        validators=[Optional()],
        render_kw={"inputmode": "numeric"},
    )
    budget_yen = WholeNumberField(
        label=_l("Budget of the fiscal year, in yen"),
        wrong=_l("Please give the budget in whole yen."),
        most=MOST_YEN,
        validators=[Optional()],
        render_kw={"inputmode": "numeric"},
    )
    benefit_ja = TextAreaField(
        _l("The benefit in Japanese"),
        [Optional(), _fits("benefit_ja")],
        filters=[paragraphs],
        render_kw={"rows": 3},
    )
    benefit_en = TextAreaField(
        _l("The benefit in English"),
        [Optional(), _fits("benefit_en")],
        filters=[paragraphs],
        render_kw={"rows": 3},
    )
    version = HiddenField(filters=[_version])

    def values(self) -> dict[str, Any]:
        """Give the values as the service takes them."""
        money = self.kind.data == IncentiveKind.MONEY
        return {
            "name_ja": self.name_ja.data,
            "name_en": self.name_en.data,
            "fiscal_year": self.fiscal_year.data,
            "kind": IncentiveKind(self.kind.data),
            "amount_yen": self.amount_yen.data if money else self.amount_yen.data or 0,
            "budget_yen": self.budget_yen.data if money else self.budget_yen.data or 0,
            "benefit_ja": self.benefit_ja.data,
            "benefit_en": self.benefit_en.data,
        }
