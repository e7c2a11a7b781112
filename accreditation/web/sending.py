"""Files that go out: the file itself, or a page that says in words why it can't be had."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import structlog
from flask import Response, make_response, render_template, send_file
from flask_babel import gettext as _

from accreditation.models import Document, Evidence
from accreditation.services import documents
from accreditation.services import evidence as files
from accreditation.services.copies import making
from accreditation.services.copies.refusing import CannotCleanError
from accreditation.services.storage import AwayError, DamagedFileError

log = structlog.get_logger()

SECONDS_TO_MAKE = 30  # after which it is worth asking again for a document in the making
SECONDS_AWAY = 60  # and for any file while the store does not answer


def evidence(file: Evidence, read: Callable[[], bytes] | None = None) -> Response:
    """Send a file of evidence as it came; 500 when it is missing or damaged in the store.

    `read` gives its bytes, where more has to be done for them.
    """
    return _sent(read or partial(files.read, file), file, file.name, _type(file), shown=False)


def copy_of(file: Evidence, *, in_office: bool) -> Response:
    """Send a copy without metadata; 422, in words, when there is none. Never the original."""
    try:
        read = partial(files.copy, file)
        return _sent(read, file, file.name, _type(file), shown=False, copy=True)
    except CannotCleanError as error:
        log.warning("no_copy", evidence=file.key, media_type=file.media_type, why=str(error))
        answer = render_template("errors/no_copy.html", evidence=file, in_office=in_office)
        return make_response(answer, 422)


def _type(file: Evidence) -> str:
    return file.media_type if file.media_type in files.ALLOWED else "application/octet-stream"


def document(made: Document, name: str, *, shown: bool) -> Response:
    """Send a document of ours, shown by the browser or as a download.

    503 while it is being made or the store is away, 500 when it is missing or damaged there.
    """
    if made.made_at is None:
        return _later(_("This document is still being made"), SECONDS_TO_MAKE)
    return _sent(lambda: documents.read(made), made, name, "application/pdf", shown=shown)


def page(title: str, text: str, status: int) -> Response:
    """Say on a page of its own why there is no file, and what to do next."""
    return make_response(render_template("errors/error.html", title=title, text=text), status)


def _later(title: str, seconds: int) -> Response:
    answer = page(title, _("Please try again in a minute."), 503)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _sent(  # noqa: PLR0913 - a file, what it is called, and how it is given
    read: Callable[[], bytes],
    row: Document | Evidence,
    name: str,
    media_type: str,
    *,
    shown: bool,
    copy: bool = False,
) -> Response:
    try:
        content = read()
    except AwayError as error:
        log.error("store_away", sha256=row.sha256, problem=error.strerror)  # noqa: TRY400 - its kind says where
        return _later(_("This file can't be opened just now"), SECONDS_AWAY)
    except (DamagedFileError, FileNotFoundError):
        log.exception("file_unreadable", sha256=row.sha256)
        text = _("It is missing or damaged in our store. Please tell the office.")
        return page(_("This file can't be opened"), text, 500)
    answer = send_file(
        BytesIO(content),
        media_type,
        as_attachment=not shown,
        download_name=name,
        etag=f"{row.sha256}-copy{making.VERSION}" if copy else row.sha256 or False,
    )
    if not shown:  # what others sent us is never opened as a page of ours
        answer.headers["Content-Security-Policy"] = "sandbox"
    return answer
