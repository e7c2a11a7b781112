"""Evidence files: checked by their content, stored under their hash, never served inline."""

from dataclasses import dataclass

import structlog
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Answer, Application, Attachment, Evidence, Person
from accreditation.services import applications, contents, history, room, storage
from accreditation.services.copies import making
from accreditation.services.errors import ServiceError
from workflows.application import EDITABLE
from workflows.engine import N_, Party

log = structlog.get_logger()

ALLOWED = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "text/csv": (".csv",),
}
NAME_LENGTH = 255
AT_ONCE = 5  # files of the largest size that may come with one request


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name as given and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Stored:
    """A file that was checked and lies in the store; `size` is in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def store(upload: Upload, largest: int) -> Stored:
    """Check and store a file; ServiceError (field `file`) says what is wrong with it.

    `largest` is in bytes. The content decides the type; the extension has to agree with it.
    NoRoomError when the disk is as good as full. Asks no database: a large file takes seconds,
    during which no transaction should be open.
    """
    name = _shown_name(upload.name)
    media_type = _checked(name, upload.content, largest)
    room.require(len(upload.content))
    try:
        sha256 = storage.put(upload.content)
    except storage.AwayError as error:
        raise _not_now(error) from error
    return Stored(name, media_type, len(upload.content), sha256)


def accept(application: Application, person: Person, stored: Stored) -> Evidence:
    """Make a stored file a piece of evidence of an application.

    The same file under the same name is one piece of evidence of its application, however often
    it is sent; another application never shares it. ServiceError (field `file`) when the file is
    gone again: equal bytes of an ended case may have been erased since it was stored.
    """
    if known := _known(application, stored):
        return known
    evidence = Evidence(
        application=application,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        uploaded_by_id=person.id,
        uploaded_at=clock.now(),
    )
    db.session.add(evidence)
    db.session.flush()  # from here on nobody erases its file
    if not _holds(stored.sha256):
        raise ServiceError(N_("The file did not arrive. Please choose it once more."), field="file")
    return evidence


def read(evidence: Evidence) -> bytes:
    """Read the bytes of a file; OSError or DamagedFileError when they can't be had."""
    return storage.get(evidence.sha256)


def copy(evidence: Evidence) -> bytes:
    """Make a copy without metadata, for everybody but the operator whose file it is.

    CannotCleanError when there is no such copy, else the errors of `read`.
    """
    return making.copy_of(read(evidence), evidence.media_type)


def open_original(evidence: Evidence, person: Person, reason: str) -> bytes:
    """Give the office the original; who did it and why stands in the history. Errors: of `read`."""
    content = read(evidence)
    event = history.Event(
        subject_type="application",
        subject_id=evidence.application_id,
        application_id=evidence.application_id,
        act="open_original",
        actor=person,
        party=Party.OFFICE,
        note=reason,
        details={"evidence": evidence.key},
    )
    history.record(event)
    return content


def attach(application: Application, item: str, evidence: Evidence) -> None:
    """Put a file beside the answer to an item; twice is once."""
    answer = _editable_answer(application, item)
    if evidence.application_id != application.id:
        raise ServiceError(N_("This file belongs to another application."), field="file")
    if all(one.evidence_id != evidence.id for one in answer.attachments):
        answer.attachments.append(Attachment(evidence=evidence))
        db.session.flush()


def detach(application: Application, item: str, evidence: Evidence) -> None:
    """Take a file away from an answer; the file itself stays, for it may have been sent before."""
    answer = _editable_answer(application, item)
    for one in [one for one in answer.attachments if one.evidence_id == evidence.id]:
        answer.attachments.remove(one)


def sent_with(application: Application) -> frozenset[str]:
    """Give the keys of all evidence in the last submission of an application."""
    if not application.submissions:
        return frozenset()
    answers = application.submissions[-1].content["answers"].values()
    return frozenset(one["key"] for answer in answers for one in answer["evidence"])


def _holds(sha256: str) -> bool:
    try:
        return storage.holds(sha256)
    except storage.AwayError as error:
        raise _not_now(error) from error


def _not_now(error: storage.AwayError) -> ServiceError:
    """Say to the person that it was not their fault, and to the log what it was."""
    log.error("store_away", problem=error.strerror)
    why = N_("The file could not be stored just now. Please choose it again in a few minutes.")
    return ServiceError(why, field="file")


def _known(application: Application, stored: Stored) -> Evidence | None:
    return db.session.scalar(
        select(Evidence).where(
            Evidence.application_id == application.id,
            Evidence.name == stored.name,
            Evidence.sha256 == stored.sha256,
        )
    )


def _editable_answer(application: Application, item: str) -> Answer:
    if application.state not in EDITABLE:
        raise ServiceError(N_("The application was sent; it can't be changed now."), field="file")
    return applications.answer_of(application, item)


def _shown_name(given: str) -> str:
    name = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if char.isprintable()).strip()
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: NAME_LENGTH - 20]}{dot}{extension[:19]}"


def _checked(name: str, content: bytes, largest: int) -> str:
    if not content:
        raise ServiceError(N_("The file is empty."), field="file")
    if len(content) > largest:
        raise ServiceError(N_("The file is too large."), field="file")
    try:
        media_type = contents.type_of(content)
    except contents.ProgramInsideError:
        why = N_(
            "The file holds a program or another file. Please save it without, as a plain PDF."
        )
        raise ServiceError(why, field="file") from None
    except Exception:  # noqa: BLE001 - made for it, a file can let a parser raise anything
        media_type = None
    if media_type is None:
        why = N_("This type of file can't be taken: PDF, JPEG, PNG, WebP, XLSX, DOCX or CSV only.")
        raise ServiceError(why, field="file")
    if not name.lower().endswith(ALLOWED[media_type]):
        why = N_("The end of the file's name does not fit its content.")
        raise ServiceError(why, field="file")
    return media_type
