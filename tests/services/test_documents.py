"""Documents: ordered with the grant, made once, and never given up."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Accreditation, Document, DocumentKind
from accreditation.services import documents
from accreditation.services.errors import NotFoundError
from certificates.sign import Seal, make_specimen_seal
from tests import factories


@pytest.fixture
def accreditation(context: Flask) -> Accreditation:
    del context
    made = factories.accreditation()
    db.session.commit()
    return made


def _document(accreditation: Accreditation) -> Document:
    return accreditation.newest.document


def test_a_grant_orders_its_certificate(accreditation: Accreditation) -> None:
    assert documents.waiting() == [_document(accreditation).id]


def test_a_certificate_in_the_making_can_not_be_read(accreditation: Accreditation) -> None:
    with pytest.raises(NotFoundError):
        documents.read(_document(accreditation))


def test_a_document_is_made_once(accreditation: Accreditation) -> None:
    document = _document(accreditation)
    assert documents.make(document.id)
    first, sha256 = documents.read(document), document.sha256

    assert documents.make(document.id)

    db.session.refresh(document)
    assert (documents.read(document), document.sha256) == (first, sha256)
    assert first.startswith(b"%PDF-")
    assert documents.waiting() == []


def _fail(document: Document, times: int) -> None:
    """Note failures as a broken renderer would: an order of nothing fails each time."""
    for _ in range(times):
        assert not documents.make(document.id)


def test_a_failure_is_counted_and_names_no_content(context: Flask) -> None:
    del context
    orphan = documents.order(DocumentKind.CERTIFICATE)
    db.session.commit()
    _fail(orphan, 1)
    db.session.refresh(orphan)
    assert (orphan.attempts, orphan.failure, orphan.made_at) == (1, "NoResultFound", None)


def test_a_document_waits_for_a_seal_that_may_sign(
    app: Flask, accreditation: Accreditation
) -> None:
    document, seal = _document(accreditation), app.extensions["seal"]
    old = make_specimen_seal(datetime(1990, 1, 1, tzinfo=UTC), b"made up")
    app.extensions["seal"] = Seal.from_pkcs12(old, b"made up")

    assert not documents.make(document.id)
    db.session.refresh(document)
    assert (document.made_at, document.failure) == (None, "OutsideValidityError")
    assert documents.unmade() == {"OutsideValidityError": 1}

    app.extensions["seal"] = seal
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert documents.waiting() == [document.id]
    assert documents.make(document.id)
    assert documents.unmade() == {}


def test_what_failed_is_tried_again_ever_more_rarely_but_never_given_up(context: Flask) -> None:
    del context
    orphan = documents.order(DocumentKind.CERTIFICATE)
    db.session.commit()
    _fail(orphan, 3)
    assert documents.waiting() == []
    with clock.at(clock.now() + timedelta(minutes=7)):
        assert documents.waiting() == [orphan.id]
    orphan.attempts = 500
    db.session.commit()
    with clock.at(clock.now() + timedelta(days=491)):
        assert documents.waiting() == [orphan.id]
