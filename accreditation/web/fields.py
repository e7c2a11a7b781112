"""Forms that several audiences share."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import DataRequired, Email

from accreditation.services.accounts.people import normal_address
from accreditation.web.texts import at_most, given

LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets


class AddressForm(FlaskForm):
    """Whom to mail to."""

    email = EmailField(
        _l("E-mail address"),
        filters=[given(normal_address)],
        validators=[
            DataRequired(_l("Please enter your e-mail address.")),
            at_most(LONGEST_ADDRESS),
            Email(
                _l("Please enter an e-mail address such as name@example.jp."),
                allow_smtputf8=False,
            ),
        ],
        render_kw={"autocomplete": "email"},
    )
