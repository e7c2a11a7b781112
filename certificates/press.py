"""The press: a process that renders one document after the other and can do nothing else.

It is started as `python -m certificates.press FOLDER`, with a folder for its scraps. An order is
eight bytes of length and a pickled `CertificateData` or `NoticeData`; it trusts who gives orders.
An answer is one byte, P for a PDF or E for the name of an error, eight bytes of length, and that.
The key that seals documents never comes here.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from certificates import confined

if TYPE_CHECKING:
    from collections.abc import Callable

ORDER = struct.Struct(">Q")
ANSWER = struct.Struct(">cQ")
LONGEST = 20
"""Seconds for one document, of the clock; whoever gives orders counts them too."""
_GRACE = 5  # seconds more, for a press whose giver of orders is gone
_NICENESS = 10


def main(scraps: Path, render: Callable[[object], bytes] | None = None) -> None:
    """Confine this process, then render until there are no more orders."""
    orders, answers = _own_pipes()
    os.nice(_NICENESS)  # pages that somebody waits for go first
    confined.leave_the_network()
    confined.limit()
    render = render or _renderer()
    here = Path(__file__).parent
    ours = [here, here.parent / "templates"]
    confined.forbid([*ours, Path(sys.prefix), Path(sys.base_prefix)], scraps)
    while head := orders.read(ORDER.size):
        # nosemgrep: object-from-bytes - orders come from our own parent, by a pipe
        order = pickle.loads(orders.read(*ORDER.unpack(head)))  # noqa: S301  # nosec B301
        _watch()
        kind, body = _outcome(render, order)
        signal.alarm(0)
        answers.write(ANSWER.pack(kind, len(body)) + body)
        answers.flush()


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes for orders and answers aside: what anybody prints must not mix with them."""
    orders, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    return os.fdopen(orders, "rb"), os.fdopen(answers, "wb")


def _renderer() -> Callable[[object], bytes]:
    """Load the renderers; this takes most of the time of starting a press."""
    from certificates.data import CertificateData, NoticeData  # noqa: PLC0415 - after the limits
    from certificates.render import render_certificate, render_notice  # noqa: PLC0415 - after the limits

    def render(order: object) -> bytes:
        if isinstance(order, CertificateData):
            return render_certificate(order)
        if isinstance(order, NoticeData):
            return render_notice(order)
        raise TypeError(f"no document is made of {type(order).__name__}")

    return render


def _watch() -> None:
    """Let the system end this process when the document takes too long, even inside a library."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + LONGEST + _GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    signal.alarm(LONGEST + _GRACE)


def _outcome(render: Callable[[object], bytes], order: object) -> tuple[bytes, bytes]:
    try:
        return b"P", render(order)
    except BaseException as error:  # noqa: BLE001  # a forbidden address is none of Exception's
        return b"E", type(error).__name__.encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
