"""Forms of operators and their sites: shape only; what may be done is the services' to say."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from accreditation.models import EntityType, MemberRole
from accreditation.schemes.model import Scheme
from accreditation.schemes.rules import Verdict, always_chosen
from accreditation.services import identifiers
from accreditation.services.idempotency import new_key
from accreditation.web.fields import AddressForm
from accreditation.web.offices import ROLES_IN_FULL
from accreditation.web.outdated import Marked
from accreditation.web.texts import LONGEST_OF_ITEM, Check, Filter, at_most, given, seen

LINE, ADDRESS, TEXT, PRACTICE = 200, 400, 2000, 1000  # characters, as the tables have room
REASON = 2000


def line(
    label: str,
    longest: int = LINE,
    required: str = "",
    change: Filter = identifiers.tidy,
    checks: Sequence[Check] = (),
) -> StringField:
    """Make a field of one line; `required` is the sentence when it is left empty."""
    first = DataRequired(required) if required else Optional()
    return StringField(
        label, filters=[given(change)], validators=[first, seen, *checks, at_most(longest)]
    )


def text(label: str, longest: int, rows: int = 5) -> TextAreaField:
    """Make a field of several lines that may stay empty."""
    return TextAreaField(
        label,
        filters=[given(identifiers.paragraphs)],
        validators=[Optional(), at_most(longest)],
        render_kw={"rows": rows},
    )


def fits(check: Callable[[str], bool], why: str) -> Check:
    """Make a validator of a check over text."""

    def validate(form: FlaskForm, field: StringField) -> None:
        del form
        if not check(field.data):
            raise ValidationError(why)

    return validate


def reading(required: str = "") -> StringField:
    """Make the field for the reading of a name."""
    why = _l("Please write the name as it is read aloud, in katakana only, such as ミホンリョカン.")
    return line(
        _l("Reading of the name in katakana"),
        required=required,
        change=identifiers.katakana,
        checks=[fits(identifiers.is_reading, why)],
    )


def website() -> StringField:
    """Make the field for the address of a website."""
    why = _l("Please enter the address of a website, such as https://example.jp/inn.")
    checks = [fits(identifiers.is_web_address, why)]
    return line(_l("Website"), ADDRESS, change=identifiers.plain_web_address, checks=checks)


class OperatorForm(FlaskForm):
    """Who runs the sites."""

    version = HiddenField()
    name_ja = line(_l("Name in Japanese"), required=_l("Please enter the name in Japanese."))
    name_kana = reading(required=_l("Please enter the reading of the name."))
    name_en = line(_l("Name in English"))
    entity_type = RadioField(
        _l("Legal form"),
        choices=[
            SelectChoice(EntityType.CORPORATION.value, _l("Corporation")),
            SelectChoice(EntityType.SOLE_PROPRIETOR.value, _l("Sole proprietor")),
            SelectChoice(EntityType.ASSOCIATION.value, _l("Association without legal personality")),
        ],
        coerce=EntityType,
        validate_choice=False,
        invalid_value_message=_l("Please choose the legal form."),
        validators=[DataRequired(_l("Please choose the legal form."))],
    )
    corporate_number = StringField(
        _l("Corporate number (corporations only)"),
        filters=[given(identifiers.plain_digits)],
        render_kw={"inputmode": "numeric"},
    )
    representative = line(
        _l("Representative"),
        required=_l("Please enter the name of the representative."),
    )
    postal_code = line(
        _l("Postal code"),
        required=_l("Please enter the postal code."),
        change=identifiers.plain_postal_code,
        checks=[fits(identifiers.is_postal_code, _l("A postal code has 7 digits."))],
    )
    address = line(_l("Address"), ADDRESS, required=_l("Please enter the address."))
    phone = line(
        _l("Telephone"),
        30,
        required=_l("Please enter the telephone number."),
        change=identifiers.plain_phone,
        checks=[
            fits(identifiers.is_phone, _l("Please enter a telephone number such as 076-000-0000."))
        ],
    )
    website = website()

    def validate_corporate_number(self, field: StringField) -> None:
        """Ask corporations for the number; check the digits of anybody who gives one."""
        if field.data and not identifiers.is_corporate_number(field.data):
            why = _l("This is not a corporate number: please check its 13 digits.")
            raise ValidationError(why)
        if not field.data and self.entity_type.data == EntityType.CORPORATION:
            raise ValidationError(
                _l("Please enter the corporate number: every corporation has one.")
            )

    def values(self) -> dict[str, Any]:
        """Give what was entered, as the service takes it."""
        entered = {
            name: self[name].data for name in self.data if name not in {"version", "csrf_token"}
        }
        return entered | {"corporate_number": self.corporate_number.data or None}


class SiteForm(FlaskForm):
    """One accommodation or tour."""

    version = HiddenField()
    kind = RadioField(
        _l("What is it?"),
        invalid_choice_message=_l("Please choose what it is."),
    )
    name_ja = line(_l("Name in Japanese"), required=_l("Please enter the name in Japanese."))
    name_kana = reading()
    name_en = line(_l("Name in English"))
    address_ja = line(
        _l("Address or place in Japanese"),
        ADDRESS,
        required=_l("Please enter the address or the place."),
    )
    address_en = line(_l("Address or place in English"), ADDRESS)
    description_ja = text(_l("Description in Japanese"), TEXT)
    description_en = text(_l("Description in English"), TEXT)
    website = website()

    def values(self) -> dict[str, Any]:
        """Give what was entered, as the service takes it."""
        without = {"version", "kind", "csrf_token"}
        return {name: self[name].data for name in self.data if name not in without}


class PracticeForm(FlaskForm):
    """What a site does for one indicator; one of several on a page."""

    shown = HiddenField()
    japanese = text(_l("In Japanese"), PRACTICE, rows=3)
    english = text(_l("In English"), PRACTICE, rows=3)

    def texts(self) -> tuple[str, str]:
        """Give what was typed."""
        return self.japanese.data, self.english.data


class AnswerForm(Marked, FlaskForm):
    """The answer to one item; one of several on a page, so each has its own prefix."""

    ENTRY = ("verdict", "text")
    verdict = RadioField(
        coerce=Verdict,
        validate_choice=False,  # a draft demands nothing
        invalid_value_message=_l("Please choose one of these."),
    )
    text = text(_l("Description"), LONGEST_OF_ITEM)
    files = MultipleFileField(_l("Add evidence"), validators=[Optional()])


class StartForm(FlaskForm):
    """In which of the open calls."""

    call = RadioField(_l("Call"), invalid_choice_message=_l("Please choose a call that is open."))

    def offer(self, choices: list[SelectChoice]) -> None:
        """Offer the calls that are open; a single one is chosen already."""
        self.call.choices = choices
        if len(choices) == 1 and not self.is_submitted():
            self.call.data = choices[0].value


class IndicatorsForm(FlaskForm):
    """The indicators applied for besides the required ones."""

    indicators = SelectMultipleField(
        _l("Further indicators"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        invalid_value_message=_l("There is no such indicator."),
        invalid_choice_message=_l("There is no such indicator."),
    )

    def offer(self, scheme: Scheme) -> None:
        """Offer the indicators that an operator may leave out."""
        free = [one for one in scheme.indicators if one.id not in always_chosen(scheme)]
        self.indicators.choices = [SelectChoice(one.id) for one in free]


class SendForm(FlaskForm):
    """The terms, before the application is sent; `shown` is the mark of what the page showed."""

    shown = HiddenField()
    form_key = HiddenField(default=new_key)
    accepted = BooleanField(
        _l("I have read the terms and accept them."),
        validators=[DataRequired(_l("Please accept the terms first."))],
    )


class ReasonForm(FlaskForm):
    """A reason that nobody has to give."""

    note = text(_l("Reason"), REASON)


class MemberForm(AddressForm):
    """Whom to invite to act for an operator, and as what."""

    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(role.value, ROLES_IN_FULL[role]) for role in MemberRole],
        default=MemberRole.EDITOR.value,
        validators=[DataRequired(_l("Please choose a role."))],
    )
