"""Clients that take their time: they begin a request, a body or an answer, and go no further."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

_HOST = b"Host: localhost\r\n"
_BODY = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"
_FILE = b"GET /static/vendor/htmx/htmx.min.js HTTP/1.1\r\n" + _HOST + b"\r\n"
WAYS = {
    "headers": b"GET /about HTTP/1.1\r\n" + _HOST + b"X-A: b",
    "bodies": b"POST /sign-in HTTP/1.1\r\n" + _HOST + _BODY + b"email=",
    "reads": _FILE * 100,  # more than the buffers between the two take
}


@contextmanager
def holding(port: int, each: int) -> Iterator[list[socket.socket]]:
    """Hold so many connections of each kind open while the block runs."""
    with ExitStack() as stack:
        held = [
            stack.enter_context(_slow(port, sending))
            for sending in WAYS.values()
            for _ in range(each)
        ]
        yield held


def _slow(port: int, sending: bytes) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # before the window is agreed on
    made.settimeout(60)
    made.connect(("127.0.0.1", port))
    made.sendall(sending)
    return made
