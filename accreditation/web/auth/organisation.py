"""Signing in with the account of one's organisation (OpenID Connect), for people with an office.

Optional: OIDC_ISSUER names the organisation's provider. It says who somebody is; what they may do
is said here alone, so it opens accounts that hold an office and makes none.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import abort, current_app, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Person
from accreditation.services.accounts import people
from accreditation.web import resend
from accreditation.web.auth.arrival import welcome
from accreditation.web.auth.blueprint import pages

log = structlog.get_logger()

NAME = "organisation"
WANTED = "wanted"  # in the cookie: where one goes on afterwards
TIMEOUT = 10  # seconds for each question to the provider


class _Session(OAuth2Session):  # type: ignore[misc] # the library comes without types
    """Asks the provider alone: a redirect would lead a secret to wherever it names."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.max_redirects = 0


class _Provider(FlaskOAuth2App):  # type: ignore[misc] # the same
    """The provider, asked in such sessions."""

    client_cls = _Session


@pages.record
def _connect(state: BlueprintSetupState) -> None:
    """Make the client of the provider, where one is named."""
    app = state.app
    settings: Settings = app.extensions["settings"]
    if settings.oidc_issuer:
        OAuth(app).register(
            NAME,
            client_cls=_Provider,
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT,
            },
        )


def _client() -> Any:  # noqa: ANN401 - the library comes without types
    found = current_app.extensions.get("authlib.integrations.flask_client")
    return found.create_client(NAME) if found else abort(404)


@pages.route("/sign-in/organisation", methods=["GET"])
def organisation() -> ResponseReturnValue:
    """Lead to the organisation's own page for signing in."""
    settings: Settings = current_app.extensions["settings"]
    session[WANTED] = resend.local_path(request.args.get("next", ""))
    back = f"{settings.site_address}{url_for('.organisation_back', lang=None)}"
    try:
        led: ResponseReturnValue = _client().authorize_redirect(back)
    except (AuthlibBaseError, RequestException, ValueError) as error:
        return _failed(error)
    return led


@pages.route("/sign-in/organisation/back", methods=["GET"])
def organisation_back() -> ResponseReturnValue:
    """Take the provider's word for who somebody is."""
    try:
        told = _client().authorize_access_token().get("userinfo") or {}
    except (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError) as error:
        return _failed(error)
    wanted = session.pop(WANTED, None)
    db.session.rollback()  # SQLite lets no transaction write that began as a reading one
    with writing():
        person = _known(told)
        if person is None:
            return render_template("auth/organisation_unknown.html"), 403
        return welcome(person, wanted, second_factor="mfa" in (told.get("amr") or ()))


def _known(told: Mapping[str, Any]) -> Person | None:
    """Find the account of a verified address that holds an office (RFC 8176 names `mfa`)."""
    settings: Settings = current_app.extensions["settings"]
    person = people.by_address(str(told.get("email", "")))
    if person is None or told.get("email_verified") is not True:
        return None
    if (
        str(told.get("iss")).rstrip("/") != settings.oidc_issuer
    ):  # its metadata could name another one
        return None
    return person if person.offices and people.may_enter(person) else None


def _failed(error: Exception) -> ResponseReturnValue:
    """Say that it did not work; the rest is for those who run the site."""
    log.warning("organisation_sign_in_failed", error=type(error).__name__)
    return render_template("auth/organisation_failed.html"), 502
