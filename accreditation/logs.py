"""Structured logs on standard error: what happened, never to whom."""

import logging
import sys
import traceback
from contextlib import suppress
from types import TracebackType
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger


class Formatter(logging.Formatter):
    """Writes what libraries log; of an error the kind and the places only."""

    def formatException(  # noqa: N802 - the library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Leave the error's own words out: they may hold what somebody typed."""
        return "\n".join(places(ei[1])) if ei[1] else ""


def places(error: BaseException) -> list[str]:
    """List the kind of an error and where it arose, the innermost place last."""
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"{one.filename}:{one.lineno} {one.name}" for one in frames)]


class Lossy:
    """A stream whose disk may be full: an entry is lost then, never the request that wrote it."""

    def __init__(self, stream: TextIO) -> None:
        """Keep the stream."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or lose the text."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written, or lose it."""
        with suppress(OSError):
            self._stream.flush()


def configure(level: str) -> None:
    """Write one JSON line for each event; names, addresses and texts of people stay out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter("%(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for talkative in ("flask-limiter", "transitions", "weasyprint", "fontTools", "pyhanko"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_places,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Lossy(sys.stderr))),
        cache_logger_on_first_use=False,
    )


def _tell_places(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    del logger, method
    error = event.pop("exc_info", None)
    if error is True:  # said where the error was caught
        error = sys.exception()
    if isinstance(error, BaseException):
        event["error"] = places(error)
    return event
