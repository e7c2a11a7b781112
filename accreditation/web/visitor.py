"""Who is asking: the signed cookie holds a token, the server holds the session."""

from hashlib import sha256
from typing import Any

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import UserMixin, current_user, login_user, logout_user
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from accreditation.extensions import login
from accreditation.models import Person, SignIn
from accreditation.services.accounts import sessions
from accreditation.web import browsers
from accreditation.web.routes import UNASKED

AHEAD = 60 * 60  # seconds


class Visitor(UserMixin):  # type: ignore[misc] # the library comes without types
    """A signed-in visitor as the sign-in library wants to see one.

    `half` says that the second factor is still to be given: then the session opens nothing.
    """

    def __init__(self, token: str, sign_in: SignIn) -> None:
        """Keep the token of the cookie beside the session of the server."""
        self.token = token
        self.sign_in = sign_in
        self.half = sessions.is_half(sign_in)

    def get_id(self) -> str:
        """Give the token that goes into the cookie."""
        return self.token


def _load(token: str) -> Visitor | None:
    found = sessions.of_token(token)
    return Visitor(token, found) if found else None


def current_person() -> Person | None:
    """Give the person who is signed in, with every factor that they have set up."""
    found = current_sign_in()
    return found.person if found else None


def current_sign_in() -> SignIn | None:
    """Give the session of the person who is signed in, with every factor."""
    if not current_user.is_authenticated or current_user.half:
        return None
    found: SignIn = current_user.sign_in
    return found


def half_sign_in() -> SignIn | None:
    """Give the session that still waits for the second factor, if it does."""
    if not current_user.is_authenticated or not current_user.half:
        return None
    found: SignIn = current_user.sign_in
    return found


def begin(person: Person, *, second_factor: bool = False) -> None:
    """Sign a person in, in a session that knows nothing of the one before.

    The cookie is signed anew with every answer; after the idle time it is no longer believed.
    """
    _forget()
    session.permanent = True
    browser = browsers.described(request.user_agent.string)
    token = sessions.begin(person, second_factor=second_factor, browser=browser)
    found = sessions.of_token(token)
    if found is not None:
        login_user(Visitor(token, found))


def complete() -> None:
    """Make a half session whole: the second factor was given. The cookie gets another token."""
    found = half_sign_in()
    if found is not None:
        sessions.end(found)
        begin(found.person, second_factor=True)


def end() -> None:
    """Sign out: the session ends on the server, the cookie goes."""
    if current_user.is_authenticated:
        sessions.end(current_user.sign_in)
    logout_user()
    _forget()


def _forget() -> None:
    session.clear()
    g.pop("csrf_token", None)  # it belonged to the session before


class Signer(TimestampSigner):
    """Believes a signature that is ahead of the clock by an hour at most.

    A clock is set back, or that of another server goes behind: nobody is signed out for that.
    """

    def unsign(
        self,
        signed_value: str | bytes,
        max_age: int | None = None,
        return_timestamp: Any = False,  # noqa: ANN401, FBT002 - as the library has it
    ) -> Any:  # noqa: ANN401 - as above
        """Check a signature and its age as the library does, but for the hour."""
        try:
            return super().unsign(signed_value, max_age, return_timestamp)
        except SignatureExpired as error:
            signed = error.date_signed
            if signed is None or not 0 < signed.timestamp() - self.get_timestamp() <= AHEAD:
                raise
            return super().unsign(signed_value, None, return_timestamp)


class Cookies(SecureCookieSessionInterface):
    """Sends the cookie anew with every page, but never with a file that caches may keep."""

    digest_method = staticmethod(sha256)  # the library's own choice is SHA-1

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Sign as usual, and believe as `Signer` does."""
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = Signer
        return made

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Leave the cookie alone where it says nothing about who may read."""
        return request.endpoint not in UNASKED and super().should_set_cookie(app, session)


def register(app: Flask) -> None:
    """Tell the sign-in library how to find a session; anonymous visitors get no cookie."""
    app.session_interface = Cookies()
    login.user_loader(_load)
    login.session_protection = None  # sessions live on the server; addresses change on the road
