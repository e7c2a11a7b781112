"""Forms that came too late: the session ended or the token is stale, but no word is lost.

The text goes back to the browser in a form that sends it again, after signing in where needed.
A form that did not come from our own pages is never kept.
"""

from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import SplitResult, urlsplit

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

NEVER_KEPT = frozenset(
    {"csrf_token", "password", "new_password", "old_password", "code", "credential"}
)
PREFIX = "kept:"
# Fields that are sent again, but that nobody has typed: hidden ones, buttons and choices.
_HIDDEN = frozenset(
    {"csrf_token", "form_key", "kept_path", "lang", "next", "seen", "shown", "version"}
)
_BUTTONS = frozenset({"go", "step", "then"})
_CHOSEN = frozenset(
    {
        "accepted",
        "call",
        "entity_type",
        "indicators",
        "kind",
        "language",
        "office",
        "programmes",
        "reviewer",
        "role",
        "scheme_version",
        "verdict",
    }
)
NOT_TYPED = _HIDDEN | _BUTTONS | _CHOSEN


class Carried(TypedDict):
    """A form that came too late: its fields, and the path that they were sent to."""

    kept: list[tuple[str, str]]
    kept_path: str


NOTHING: Carried = {"kept": [], "kept_path": ""}


@dataclass(frozen=True)
class Typed:
    """A text that a person typed; of several on a page, of what kind of thing and which one.

    `kind` is the word before the thing's number in the field's name ("item", "practice"), and
    `number` the number as people know it ("1-1"); both are empty where a form has one such field.
    """

    text: str
    kind: str = ""
    number: str = ""


class SignInNeededError(Exception):
    """A page that nobody reaches without signing in."""


class SecondFactorNeededError(Exception):
    """A page that a half session does not reach: the second factor is still to be given."""


class FactorToSetUpError(Exception):
    """A page of people whose office asks for a second factor, who have none yet."""


class ProofNeededError(Exception):
    """A grave act: whoever does it proves anew who they are, if that was long ago."""


class StaleFormError(Exception):
    """A form whose token does not fit the session."""


def is_ours() -> bool:
    """Say whether the browser says that this request came from our own pages.

    "none" is what comes from no page at all, such as a form that the browser restored; no other
    site can make a browser say so. What says nothing of where it came from is no browser.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    page = request.headers.get("Origin") or request.headers.get("Referer")
    if page is None:
        return True
    parts = _parts(page)
    return parts is not None and parts.netloc == request.host


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


def texts(kept: list[tuple[str, str]]) -> list[Typed]:
    """Give those of the kept values that a person typed and may want to read again."""
    found = []
    for name, value in kept:
        prefix, _dash, field = name.rpartition("-")
        kind, _dash, number = prefix.partition("-")
        text = value.replace("\x00", "")
        if field not in NOT_TYPED and text.strip():
            found.append(Typed(text, kind, number))
    return found


def local_path(path: str) -> str | None:
    """Give a path within this site, or None: nobody is sent elsewhere after signing in."""
    parts = _parts(path)
    if parts is None or parts.scheme or parts.netloc or not path.startswith("/"):
        return None
    # A browser may take two slashes, and a backslash for one of them, for another host's name.
    elsewhere = path.startswith("//") or "\\" in path
    return path if path.isprintable() and not elsewhere else None


def _parts(address: str) -> SplitResult | None:
    """Take an address apart; None when it is none, such as half an IPv6 address."""
    try:
        return urlsplit(address)
    except ValueError:
        return None
