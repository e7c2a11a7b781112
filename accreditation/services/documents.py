"""Documents: ordered in the transaction of the grant, made once in the background."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog
from flask import current_app
from sqlalchemy import select, update

from accreditation import clock
from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Certificate,
    Document,
    DocumentKind,
    Incentive,
)
from accreditation.services import papers, storage, wake
from accreditation.services.errors import NotFoundError
from accreditation.services.printing import Printer
from accreditation.services.retries import due
from accreditation.services.room import NoRoomError
from certificates.sign import Seal, check_signature

log = structlog.get_logger()


@dataclass(frozen=True)
class Inspection:
    """What was found of a document: who signed it, and what is wrong with it, if anything is."""

    name: str
    signer: str = ""
    fault: str = ""


def order(kind: DocumentKind) -> Document:
    """Order a document; it is made after the commit."""
    document = Document(kind=kind, ordered_at=clock.now())
    db.session.add(document)
    db.session.flush()
    wake.after_commit()
    return document


def call_off(document: Document) -> bool:
    """Take an order back; False when the document was made already and stays."""
    db.session.refresh(document, with_for_update=True)  # it may be made at this moment
    if document.made_at is not None:
        return False
    db.session.delete(document)
    return True


def waiting() -> list[int]:
    """List the ids of the documents to be made now, oldest first.

    One that failed is tried again, ever more rarely, but never given up: a certificate is owed.
    """
    chosen = select(Document).where(Document.made_at.is_(None)).order_by(Document.id)
    rows, now = db.session.scalars(chosen), clock.now()
    return [one.id for one in rows if due(one.ordered_at, one.attempts) <= now]


def make(document_id: int) -> bool:
    """Make a document, store it and mark it made, committing; say whether that is done now.

    Rendering happens outside the write and in a process of its own: when that hangs or crashes,
    the document waits and is tried again later; the key of the seal stays here. Whoever marks
    first wins and the row never changes again, so that a document is made once however often this
    is called.
    """
    document = db.session.get(Document, document_id, populate_existing=True)
    if document is None or document.made_at is not None:  # called off, or made, since it was listed
        return True
    try:
        content = _RENDERERS[document.kind](document)
        sha256 = storage.put(content)
    except NoRoomError:  # not the document's fault: it is tried again as soon as there is room
        log.exception("document_failed", document=document_id)
        return False
    except Exception as error:
        log.exception("document_failed", document=document_id)
        _mark(document_id, attempts=Document.attempts + 1, failure=type(error).__name__)
        return False
    _mark(document_id, sha256=sha256, size=len(content), made_at=clock.now(), failure="")
    return True


def read(document: Document) -> bytes:
    """Read a finished document; NotFoundError while it is still being made.

    FileNotFoundError or DamagedFileError when its file is missing or damaged in the store.
    """
    if document.sha256 is None:
        raise NotFoundError
    return storage.get(document.sha256)


def unmade() -> Counter[str]:
    """Count the documents that are ordered and not made yet, by what the last try failed of.

    Those of which no try failed are counted under no word.
    """
    chosen = select(Document.failure).where(Document.made_at.is_(None))
    return Counter(failure or "" for failure in db.session.scalars(chosen))


def inspect() -> Iterator[Inspection]:
    """Look at every document that was made: is it there, unchanged, and does its signature hold?

    A city's seal is renewed in time, so that another one is no fault; it is named as another.
    """
    names = _names()
    made = select(Document).where(Document.made_at.is_not(None)).order_by(Document.id)
    for document in db.session.scalars(made):
        yield _inspected(document, names.get(document.id, f"document {document.id}"))


def _inspected(document: Document, name: str) -> Inspection:
    try:
        content = read(document)
    except storage.DamagedFileError:
        return Inspection(name, fault="the file is not the one that was stored")
    except OSError:
        return Inspection(name, fault="the file is missing or can't be read")
    found = check_signature(content)
    if not (found.intact and found.covers_whole_file):
        return Inspection(name, fault="the signature does not hold")
    whose = "the seal" if found.fingerprint == _seal().fingerprint else "another seal"
    return Inspection(name, signer=f"{whose}: {found.signer} ({found.fingerprint})")


def _names() -> dict[int | None, str]:
    """Give each document the name by which the office knows it."""
    editions = select(Certificate.document_id, Accreditation.number, Certificate.edition)
    names: dict[int | None, str] = {
        document: f"certificate {number}, edition {edition}"
        for document, number, edition in db.session.execute(editions.join(Accreditation))
    }
    notices = db.session.execute(select(Incentive.document_id, Incentive.number))
    return names | {document: f"notice {number}" for document, number in notices}


def _mark(document_id: int, **values: object) -> None:
    db.session.rollback()
    with writing():
        db.session.execute(
            update(Document)
            .where(Document.id == document_id, Document.made_at.is_(None))
            .values(**values)
        )
        db.session.commit()


def _certificate(document: Document) -> bytes:
    chosen = select(Certificate).where(Certificate.document_id == document.id)
    certificate = db.session.scalars(chosen).one()
    data = papers.certificate_data(certificate, _settings())
    return _seal().sign(
        _printer().render(data),
        name=data.issuer.name.en,
        reason=f"Certificate {data.number}, edition {data.edition}",
        location=data.issuer.address.en,
    )


def _notice(document: Document) -> bytes:
    chosen = select(Incentive).where(Incentive.document_id == document.id)
    incentive = db.session.scalars(chosen).one()
    data = papers.notice_data(incentive, _settings())
    return _seal().sign(
        _printer().render(data),
        name=data.issuer.name.en,
        reason=f"Notice {data.number}",
        location=data.issuer.address.en,
    )


_RENDERERS: dict[DocumentKind, Callable[[Document], bytes]] = {
    DocumentKind.CERTIFICATE: _certificate,
    DocumentKind.NOTICE: _notice,
}


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _printer() -> Printer:
    printer: Printer = current_app.extensions["printer"]
    return printer


def _seal() -> Seal:
    seal: Seal = current_app.extensions["seal"]
    return seal
