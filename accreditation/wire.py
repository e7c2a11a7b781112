"""The wire: what the server says of itself, and its answer to what is no request."""

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.body import Body
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import TConn, ThreadWorker

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

STANDSTILL = 30  # seconds after which a client is taken to be gone

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
    """The library's worker with threads, of which no client keeps one that stands still."""

    def handle(self, conn: TConn) -> object:
        """Read and answer a request; a client that neither sends nor reads is given up."""
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, direction, struct.pack("ll", STANDSTILL, 0))
        return super().handle(conn)

    def _keepalive_after(self, conn: TConn, keepalive: object) -> bool:
        """End a connection whose body breaks off after its answer; a second one would be wrong."""
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except ParseException:
            return False

    def handle_error(self, req: object, client: object, addr: object, exc: Exception) -> None:
        """Answer in plain words that repeat nothing; what follows on the connection is not read."""
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


class _Body:
    """A request's body; where it is framed wrongly, it breaks off as if the client had left."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def read(self, size: int | None = None) -> bytes:
        """Read at most so many bytes."""
        try:
            found: bytes = self._body.read(size)
        except ParseException as error:
            raise ConnectionAbortedError from error
        return found


def reading(app: "WSGIApplication") -> "WSGIApplication":
    """Let an application read bodies whose faults of framing are the client's, not its own."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return app(environ, start_response)

    return answer


class _Response(wsgi.Response):  # type: ignore[misc] # the library comes without types
    """An answer that does not say which server made it."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


wsgi.Response = _Response  # the library offers no setting for it
