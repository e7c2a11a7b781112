"""Forms of accounts: shape only, what makes a password good is the services' to say."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Email

from accreditation.services.identifiers import tidy
from accreditation.services.people import LONGEST_NAME, normal_address
from accreditation.web.texts import at_most, given

LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets


def _old_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        validators=[DataRequired(_l("Please enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        validators=[DataRequired(_l("Please choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )


def _name() -> StringField:
    return StringField(
        _l("Your name"),
        filters=[given(tidy)],
        validators=[
            DataRequired(_l("Please enter your name.")),
            at_most(LONGEST_NAME),
        ],
        render_kw={"autocomplete": "name"},
    )


class AddressForm(FlaskForm):
    """Whom to mail a link to."""

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


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(
        _l("E-mail address"),
        filters=[given(normal_address)],
        validators=[DataRequired(_l("Please enter your e-mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = _old_password(_l("Password"))


class SignUpForm(FlaskForm):
    """The rest of a new account; its address is known from the link."""

    name = _name()
    password = _new_password(_l("Password"))


class NewPasswordForm(FlaskForm):
    """A new password for an account known from the link."""

    password = _new_password(_l("New password"))


class PasswordForm(FlaskForm):
    """The old password and a new one."""

    old_password = _old_password(_l("Your password until now"))
    password = _new_password(_l("New password"))


class AccountForm(FlaskForm):
    """What a person may change about themselves."""

    name = _name()
    language = RadioField(
        _l("Language of this site and of our mails"),
        choices=[SelectChoice("ja", "日本語"), SelectChoice("en", "English")],
        validators=[DataRequired(_l("Please choose a language."))],
    )
