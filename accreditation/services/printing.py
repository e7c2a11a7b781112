"""Printing: documents are rendered by a process of its own, which may hang or crash alone."""

import atexit
import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer

from accreditation.services.scraps import Scraps
from certificates import press
from certificates.data import CertificateData, NoticeData

PRESS = (sys.executable, "-m", "certificates.press")
MOST_DOCUMENTS = 100  # of one process; what a library leaks ends with it
LARGEST = 20 * 1024 * 1024  # bytes of a document
_NEEDED = ("PATH", "LANG", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE")


class PrintingError(Exception):
    """A document that could not be rendered; a later try may find another press."""


class HangError(PrintingError):
    """It took too long; its process was ended."""


class CrashError(PrintingError):
    """Its process ended, or answered with something that is no document."""


class RefusedError(PrintingError):
    """It can't be rendered as it is; the text is the name of the renderer's error."""


class Printer:
    """Keeps one press and gives it one document after the other.

    A press that fails is ended with everything it started, and the next document gets a new one.
    """

    def __init__(self, command: tuple[str, ...] = PRESS, longest: float = press.LONGEST) -> None:
        """Start nothing yet. `longest` is in seconds of the clock for one document."""
        self._command, self._longest = command, longest
        self._press: _Press | None = None
        self._lock = Lock()
        atexit.register(self.close)

    def render(self, data: CertificateData | NoticeData) -> bytes:
        """Give the document as PDF, not signed yet; PrintingError when it can't be had."""
        with self._lock:
            if self._press is None or self._press.is_gone():
                self._end()
                self._press = _Press(self._command)
            try:
                content = self._press.render(pickle.dumps(data), self._longest)
            except PrintingError:
                self._end()  # what it leaves behind is not for the next
                raise
            if self._press.made >= MOST_DOCUMENTS:
                self._end()
            return content

    def close(self) -> None:
        """End the press; the next document starts another one."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._press is not None:
            self._press.end()
            self._press = None


class _Press:
    """One process, in a group of its own, with nothing of our settings and secrets."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._scraps = Scraps()
        folder = str(self._scraps.folder)
        # nosemgrep: settings-past-the-settings - what any process needs, none of ours
        known = {name: os.environ[name] for name in _NEEDED if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, folder],
            cwd=Path(press.__file__).parent.parent,
            env={**known, "HOME": folder, "TMPDIR": folder, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # its words hold what people wrote
            start_new_session=True,
        )
        self._late = False
        self.made = 0

    def is_gone(self) -> bool:
        return self._process.poll() is not None

    def render(self, order: bytes, longest: float) -> bytes:
        timer = Timer(longest, self._give_up)
        timer.start()
        try:
            kind, body = self._asked(order)
        except OSError:
            kind, body = b"", b""
        finally:
            timer.cancel()
        self.made += 1
        if self._late:
            raise HangError
        if kind == b"E":
            raise RefusedError(body.decode(errors="replace"))
        if kind != b"P" or not body.startswith(b"%PDF-"):
            raise CrashError
        return body

    def _asked(self, order: bytes) -> tuple[bytes, bytes]:
        """Send an order and read the answer; no kind at all when it ends before it is whole."""
        orders, answers = self._process.stdin, self._process.stdout
        if orders is None or answers is None:
            raise CrashError
        orders.write(press.ORDER.pack(len(order)) + order)
        orders.flush()
        head = answers.read(press.ANSWER.size)
        if len(head) < press.ANSWER.size:
            return b"", b""
        kind, size = press.ANSWER.unpack(head)
        body = answers.read(size) if size <= LARGEST else b""
        return (kind, body) if len(body) == size else (b"", b"")

    def _give_up(self) -> None:
        self._late = True
        self._kill()

    def _kill(self) -> None:
        if self._process.returncode is None:  # not waited for: its number is still its own
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        self._kill()
        with suppress(BrokenPipeError), self._process:  # closes its pipes and waits for its end
            pass
        self._scraps.remove()
