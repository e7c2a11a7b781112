"""The wire: what the server says of itself, and its answer to what is no request."""

from contextlib import suppress

import structlog
from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker

log = structlog.get_logger()

# What the library found wrong -> the answer; all else that is no request is a 400.
ANSWERS: dict[type[Exception], tuple[int, str]] = {
    LimitRequestLine: (414, "URI Too Long"),
    ExpectationFailed: (417, "Expectation Failed"),
    LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    UnsupportedTransferCoding: (501, "Not Implemented"),
    ParseException: (400, "Bad Request"),
}
FAULT = (500, "Internal Server Error")


class Worker(ThreadWorker):  # type: ignore[misc] # the library comes without types
    """The library's worker with threads; its answer to a broken request repeats nothing of it."""

    def handle_error(self, req: object, client: object, addr: object, exc: Exception) -> None:
        """Answer in plain words and let the connection end: what follows can't be told apart."""
        del req, addr
        status, reason = next(
            (said for kind, said in ANSWERS.items() if isinstance(exc, kind)), FAULT
        )
        if status == FAULT[0]:
            log.error("server_error", exc_info=exc)
        with suppress(OSError):
            util.write_nonblock(client, _plain(status, reason))


def _plain(status: int, reason: str) -> bytes:
    lines = (
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(reason) + 1}",
        "Cache-Control: no-store",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "",
        f"{reason}\n",
    )
    return "\r\n".join(lines).encode()


class _Response(wsgi.Response):  # type: ignore[misc] # the library comes without types
    """An answer that does not say which server made it."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


wsgi.Response = _Response  # the library offers no setting for it
