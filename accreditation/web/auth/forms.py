"""Forms of accounts: shape only, what makes a password good is the services' to say."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    PasswordField,
    RadioField,
    SelectChoice,
    StringField,
)
from wtforms.validators import DataRequired

from accreditation.services.accounts.passkeys import LONGEST_NAME as LONGEST_KEY_NAME
from accreditation.services.accounts.people import LONGEST_NAME, normal_address
from accreditation.services.identifiers import tidy
from accreditation.web.fields import AddressForm
from accreditation.web.texts import at_most, given

LONGEST_CODE = 60  # a recovery code with all its spaces

__all__ = ["AddressForm"]


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


def _code(label: str) -> StringField:
    return StringField(
        label,
        validators=[at_most(LONGEST_CODE)],
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
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


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(
        _l("E-mail address"),
        filters=[given(normal_address)],
        validators=[DataRequired(_l("Please enter your e-mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = _old_password(_l("Password"))


class SecondFactorForm(FlaskForm):
    """A code of the authenticator, or a recovery code."""

    code = _code(_l("Code"))


class ConfirmForm(FlaskForm):
    """The password, unless a passkey answers instead."""

    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})


class AuthenticatorForm(FlaskForm):
    """The first code of a new authenticator."""

    code = _code(_l("Code that the app shows"))


class PasskeyForm(FlaskForm):
    """What its owner calls a new passkey; the answer of the device comes beside it."""

    name = StringField(
        _l("Name of the passkey"),
        filters=[given(tidy)],
        validators=[DataRequired(_l("Please give the passkey a name.")), at_most(LONGEST_KEY_NAME)],
    )


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
