"""Who is asking: the signed cookie holds a token, the server holds the session."""

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import UserMixin, current_user, login_user, logout_user

from accreditation.extensions import login
from accreditation.models import Person, SignIn
from accreditation.services import people


class Visitor(UserMixin):  # type: ignore[misc] # the library comes without types
    """A signed-in visitor as the sign-in library wants to see one."""

    def __init__(self, token: str, sign_in: SignIn) -> None:
        """Keep the token of the cookie beside the session of the server."""
        self.token = token
        self.sign_in = sign_in

    def get_id(self) -> str:
        """Give the token that goes into the cookie."""
        return self.token


def _load(token: str) -> Visitor | None:
    found = people.session_of(token)
    return Visitor(token, found) if found else None


def current_person() -> Person | None:
    """Give the person who is signed in, if any."""
    return current_user.sign_in.person if current_user.is_authenticated else None


def current_sign_in() -> SignIn:
    """Give the session of the person who is signed in."""
    found: SignIn = current_user.sign_in
    return found


def begin(person: Person) -> None:
    """Sign a person in, in a session that knows nothing of the one before.

    The cookie is signed anew with every answer; after the idle time it is no longer believed.
    """
    _forget()
    session.permanent = True
    token = people.sign_in(person)
    found = people.session_of(token)
    if found is not None:
        login_user(Visitor(token, found))


def end() -> None:
    """Sign out: the session ends on the server, the cookie goes."""
    people.sign_out(current_sign_in())
    logout_user()
    _forget()


def _forget() -> None:
    session.clear()
    g.pop("csrf_token", None)  # it belonged to the session before


class Cookies(SecureCookieSessionInterface):
    """Sends the cookie anew with every page, but never with a file that caches may keep."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Leave the cookie alone where it says nothing about who may read."""
        return request.endpoint != "static" and super().should_set_cookie(app, session)


def register(app: Flask) -> None:
    """Tell the sign-in library how to find a session; anonymous visitors get no cookie."""
    app.session_interface = Cookies()
    login.user_loader(_load)
    login.session_protection = None  # sessions live on the server; addresses change on the road
