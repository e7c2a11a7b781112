"""The council's form: shape only, the rules stand in the table of steps."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from accreditation.schemes.model import Scheme
from accreditation.schemes.rules import Result
from accreditation.services.accreditations import OUTCOMES
from accreditation.services.idempotency import new_key
from accreditation.services.identifiers import paragraphs
from accreditation.web.texts import at_most
from workflows.engine import LONGEST_NOTE

LONGEST_CONDITIONS = 4000
# Which field a guard of the decision speaks about.
PLACES = {
    "never_more": "indicators",
    "fewer_with_reasons": "reasons",
    "with_conditions": "conditions",
    "without_conditions": "conditions",
}


class DecisionForm(FlaskForm):
    """What the council decides: indicators, conditions, reasons."""

    indicators = SelectMultipleField(
        _l("Indicators to accredit"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,  # the step itself refuses what was not reached
    )
    conditions = TextAreaField(
        _l("Conditions"),
        [
            Optional(),
            at_most(LONGEST_CONDITIONS),
        ],
        filters=[paragraphs],
        render_kw={"rows": 4},
    )
    reasons = TextAreaField(
        _l("Reasons"),
        [
            Optional(),
            at_most(LONGEST_NOTE),
        ],
        filters=[paragraphs],
        render_kw={"rows": 6},
    )
    version = HiddenField()
    form_key = HiddenField(default=new_key)

    def offer(self, scheme: Scheme, result: Result, language: str) -> None:
        """Offer the indicators that the agreed findings reach, all of them ticked at first."""
        reached = [one for one in scheme.indicators if one.id in result.reached]
        self.indicators.choices = [
            SelectChoice(str(one.id), f"{one.id}. {one.title.in_language(language)}")
            for one in reached
        ]
        if not self.is_submitted():
            self.indicators.data = [str(one.id) for one in reached]

    def chose(self, step: str) -> bool:
        """Say whether one of the three buttons was pressed; the Enter key presses none of them."""
        if step in OUTCOMES:
            return True
        self.form_errors.append(_("Please press one of the buttons: a decision is final."))
        return False

    def details(self) -> dict[str, Any]:
        """Give indicators and conditions as the step takes them; a condition stands on a line."""
        ticked = self.indicators.data or []
        return {
            "indicators": sorted({int(one) for one in ticked if re.fullmatch("[0-9]{1,3}", one)}),
            "conditions": [
                line.strip() for line in self.conditions.data.splitlines() if line.strip()
            ],
        }

    def seen(self) -> int | None:
        """Give the version of the case that the page showed."""
        shown = self.version.data or ""
        return int(shown) if re.fullmatch("[0-9]{1,9}", shown) else None
