"""Forms of the reviewer's pages: shape only; what a finding needs is said by the services."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from accreditation.models import Finding
from accreditation.schemes.model import Item
from accreditation.schemes.rules import Verdict
from accreditation.services.assignments import Entered
from accreditation.services.identifiers import paragraphs
from accreditation.services.reviews import Judgement

REASON_LENGTH = 4000
TOO_LONG = _l("Please use %(max)d characters or fewer.")
VERDICTS = {
    Verdict.CARRIED_OUT: _l("Carried out"),
    Verdict.NOT_CARRIED_OUT: _l("Not carried out"),
    Verdict.NOT_APPLICABLE: _l("Does not apply here"),
}


class FindingForm(FlaskForm):
    """What a reviewer finds on one item; a draft may leave both empty."""

    class Meta:
        csrf = False  # several of these stand in one form, which carries the token

    verdict = RadioField(_l("Your finding"), coerce=Verdict, validators=[Optional()])
    reason = TextAreaField(
        _l("Your reason"),
        filters=[paragraphs],
        validators=[Optional(), Length(max=REASON_LENGTH, message=TOO_LONG)],
        render_kw={"rows": 5, "autocomplete": "off"},
    )
    version = IntegerField(widget=HiddenInput(), default=0, validators=[Optional()])

    def __init__(self, item: Item, finding: Finding | None = None) -> None:
        """Ask about an item; start from what was found so far."""
        super().__init__(obj=finding, prefix=f"item-{item.id}-")
        self.item = item
        self.stored: Finding | None = None
        self.verdict.choices = [
            SelectChoice(verdict.value, label)
            for verdict, label in VERDICTS.items()
            if verdict != Verdict.NOT_APPLICABLE or item.may_not_apply
        ]

    @property
    def judgement(self) -> Judgement:
        """What was entered."""
        return Judgement(self.item.id, self.verdict.data, self.reason.data)

    @property
    def entered(self) -> Entered:
        """What was entered, with the version that the page showed."""
        return Entered(self.judgement, self.version.data or 0)

    def show_beside(self, stored: Finding) -> None:
        """Show what another window stored beside what was typed; saving again takes this one."""
        self.stored = stored
        self.version.data, self.version.raw_data = stored.version, None


class ReconsiderationForm(FindingForm):
    """A finding thought over after all have handed in: complete, for it counts at once."""

    verdict = RadioField(
        _l("Your finding"),
        coerce=Verdict,
        validators=[InputRequired(_l("Please choose a finding."))],
    )
    reason = TextAreaField(
        _l("Your reason"),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Please give the reason.")),
            Length(max=REASON_LENGTH, message=TOO_LONG),
        ],
        render_kw={"rows": 5, "autocomplete": "off"},
    )
