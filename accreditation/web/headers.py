"""Headers of every answer: nothing runs, frames or is fetched that is not ours."""

import secrets

from flask import Flask, Response, g, request

from accreditation.models.base import new_key
from accreditation.web.visitor import current_person

NONCE_BYTES = 16


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

    @app.after_request
    def protect(response: Response) -> Response:
        policy = (
            "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
            f"script-src 'nonce-{nonce()}'; connect-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
        )
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Request-ID"] = request_id()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            _say_how_long(response)
        return response


def _say_how_long(response: Response) -> None:
    """Keep personal pages out of every cache, and public ones true to the minute.

    Going back fetches a personal page anew: after signing out it must not be read again on a
    shared computer, which weighs more than a page kept in memory. Chromium puts what was typed
    into the fetched page again, by HTTP and HTTPS; for browsers that do not, every error shows
    on its own page what was typed (`errors`), but for requests too large to be read.
    Who asks is looked up last: an error page, or one that says it itself, needs no database.
    """
    response.vary.update(["Cookie", "Accept-Language"])
    if response.cache_control.no_store:
        return
    if response.status_code >= 400 or current_person() is not None:  # noqa: PLR2004 - an error
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
