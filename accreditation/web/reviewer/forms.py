"""Forms of the reviewer's pages: shape only; what a finding needs is said by the services."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from accreditation.models import Finding
from accreditation.schemes.model import Item
from accreditation.schemes.rules import Verdict
from accreditation.services.assignments import Entered
from accreditation.services.identifiers import paragraphs
from accreditation.services.reviews import Judgement
from accreditation.web.outdated import Marked, marks, version_of
from accreditation.web.texts import LONGEST_OF_ITEM, at_most
from accreditation.web.verdicts import choices


class FindingForm(Marked, FlaskForm):
    """What a reviewer finds on one item; a draft may leave both empty."""

    ENTRY = ("verdict", "reason")

    class Meta:
        # nosemgrep: form-without-token - several stand in one form, which carries the token
        csrf = False

    verdict = RadioField(_l("Your finding"), coerce=Verdict, validators=[Optional()])
    reason = TextAreaField(
        _l("Your reason"),
        filters=[paragraphs],
        validators=[Optional(), at_most(LONGEST_OF_ITEM)],
        render_kw={"rows": 5, "autocomplete": "off"},
    )

    def __init__(self, item: Item, finding: Finding | None = None) -> None:
        """Ask about an item; start from what was found so far."""
        found = {name: getattr(finding, name, None) for name in self.ENTRY}
        known = marks(finding, *self.ENTRY)
        super().__init__(prefix=f"item-{item.id}-", data={**found, **known})
        self.item = item
        self.stored: Finding | None = None
        self.verdict.choices = choices(item)

    @property
    def judgement(self) -> Judgement:
        """What was entered."""
        return Judgement(self.item.id, self.verdict.data, self.reason.data)

    @property
    def entered(self) -> Entered:
        """What was entered, with the version that the page showed."""
        return Entered(self.judgement, version_of(self))

    def show_beside(self, stored: Finding | None) -> None:
        """Show what another window stored beside what was typed; saving again takes this one."""
        self.stored = stored
        self.mark(stored)


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
            at_most(LONGEST_OF_ITEM),
        ],
        render_kw={"rows": 5, "autocomplete": "off"},
    )
