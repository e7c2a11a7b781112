"""Files on their way in: where the disk for them is full, the rest of their form still arrives.

A large file waits on the disk for temporary files until it is checked. When that disk is full, the
file arrives empty and says so; the text beside it on the form is not lost.
"""

from contextlib import suppress
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Flask, Request

from accreditation.web.outages import FULL

IN_MEMORY = 512 * 1024  # bytes of a file that are kept off the disk


class Incoming:
    """The bytes of a file that is being sent to us; `full` says that there was no room for them."""

    def __init__(self) -> None:
        """Begin in memory."""
        self.full = False
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the request

    def write(self, content: bytes) -> int:
        """Keep some bytes; what finds no room is dropped with all before it."""
        if not self.full:
            try:
                return self._file.write(content)
            except OSError as error:
                self._give_up(error)
        return len(content)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place; bytes that waited to be written may find no room only now."""
        try:
            return self._file.seek(place, whence)
        except OSError as error:
            self._give_up(error)
            return 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a file can do
        return getattr(self._file, name)

    def _give_up(self, error: OSError) -> None:
        if error.errno not in FULL:
            raise error
        self.full = True
        with suppress(OSError):  # it tries once more to write what found no room
            self._file.close()
        self._file = BytesIO()


class Incomings(Request):
    """A request whose files may find no room."""

    def _get_file_stream(self, *given: object, **named: object) -> IO[bytes]:
        del given, named
        return Incoming()  # type: ignore[return-value] # it does what a form's parser asks of a file


def register(app: Flask) -> None:
    """Let every request of the application take its files so."""
    app.request_class = Incomings
