"""Forms that came too late: the session ended or the token is stale, but no word is lost.

The text goes back to the browser in a form that sends it again, after signing in where needed.
A form that did not come from our own pages is never kept.
"""

import re
from typing import TypedDict
from urllib.parse import urlsplit

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "old_password"})
PREFIX = "kept:"
# Choices and versions: sent again, but nobody has typed them.
_CHOSEN = re.compile(r"[a-z_]*|\d{1,2}")


class Carried(TypedDict):
    """A form that came too late: its fields, and the path that they were sent to."""

    kept: list[tuple[str, str]]
    kept_path: str


class SignInNeededError(Exception):
    """A page that nobody reaches without signing in."""


class StaleFormError(Exception):
    """A form whose token does not fit the session."""


def is_ours() -> bool:
    """Say whether the browser says that this request came from our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def typed() -> list[tuple[str, str]]:
    """List what was typed into the form of this request, secrets left out."""
    if not is_ours():
        return []
    return [
        (name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT
    ]


def again() -> Carried:
    """Give what this request would send, to be sent again; nothing for what isn't ours."""
    path = request.full_path.rstrip("?") if request.method == "POST" and is_ours() else ""
    return {"kept": typed(), "kept_path": local_path(path) or ""}


def stale_page() -> ResponseReturnValue:
    """Show what was typed with a fresh token and one button to send it."""
    return make_response(render_template("errors/resend.html", **again()), 400)


def carried() -> Carried:
    """Read what travelled through the sign-in form."""
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in NEVER_KEPT
    ]
    return {"kept": fields, "kept_path": local_path(request.form.get("kept_path", "")) or ""}


def texts(kept: list[tuple[str, str]]) -> list[str]:
    """Give those of the kept values that a person typed and may want to read again."""
    return [value.replace("\x00", "") for _name, value in kept if not _CHOSEN.fullmatch(value)]


def local_path(path: str) -> str | None:
    """Give a path within this site, or None: nobody is sent elsewhere after signing in."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    return path if path.isprintable() and "\\" not in path else None
