"""Headers of every answer: nothing runs, frames or is fetched that is not ours."""

import secrets

from flask import Flask, Response, g, request, session

from accreditation.config import Settings
from accreditation.models.base import new_key

NONCE_BYTES = 16
ERROR = 400  # the first status that is one
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
# What pages of ours never ask a browser for; passkeys are the one thing that they do.
_UNUSED = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope"
    " magnetometer microphone midi payment screen-wake-lock usb web-share xr-spatial-tracking"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in _UNUSED.split()),
}


def nonce() -> str:
    """Give the nonce of this answer, for its own script elements."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(NONCE_BYTES)
    return str(g.nonce)


def request_id() -> str:
    """Give the number of this request, which its log entries carry too."""
    if "request_id" not in g:
        g.request_id = new_key()
    return str(g.request_id)


def register(app: Flask) -> None:
    """Set the headers on every answer."""
    settings: Settings = app.extensions["settings"]
    always = dict(ALWAYS)
    if settings.site_address.startswith("https://"):  # of the address that people know, not asked
        always["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def protect(response: Response) -> Response:
        policy = f"{POLICY}; script-src 'nonce-{nonce()}'"
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.update(always)
        response.headers["X-Request-ID"] = request_id()
        _say_how_long(response)
        return response


def _say_how_long(response: Response) -> None:
    """Keep personal pages out of every cache, and public ones true to the minute.

    Going back fetches a personal page anew: after signing out it must not be read again on a
    shared computer, which weighs more than a page kept in memory. Chromium puts what was typed
    into the fetched page again, by HTTP and HTTPS; for browsers that do not, every error shows
    on its own page what was typed (`errors`), but for requests too large to be read.
    Whoever carries a session is answered personally, whatever the address looks like: a cache
    that keeps all that ends in .css would keep the page of an error with a name in its header.
    """
    if request.endpoint == "static" and response.status_code < ERROR:
        return
    response.vary.update(["Cookie", "Accept-Language"])
    if response.status_code >= ERROR or session:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
