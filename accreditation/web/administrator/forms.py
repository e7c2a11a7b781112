"""Forms of the administrators."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import DataRequired

from accreditation.models import Office
from accreditation.web.fields import AddressForm
from accreditation.web.offices import OFFICES


class InvitationForm(AddressForm):
    """Whom to invite, and to which office."""

    office = RadioField(
        _l("Office held"),
        choices=[SelectChoice(office.value, OFFICES[office]) for office in Office],
        validators=[DataRequired(_l("Please choose an office."))],
    )
    language = RadioField(
        _l("Language of the mail"),
        choices=[SelectChoice("ja", "日本語"), SelectChoice("en", "English")],
        default="ja",
        validators=[DataRequired(_l("Please choose a language."))],
    )
