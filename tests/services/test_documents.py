"""Documents: ordered with the grant, made once, and never given up."""

from datetime import timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Accreditation, Document, DocumentKind
from accreditation.services import documents, storage
from accreditation.services.errors import NotFoundError
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
        documents.read(_document(accreditation), "certificate.pdf")


def test_a_document_is_made_once(accreditation: Accreditation) -> None:
    document = _document(accreditation)
    assert documents.make(document.id)
    first = documents.read(document, "certificate.pdf")

    assert documents.make(document.id)

    again = documents.read(document, "certificate.pdf")
    assert again == first
    assert first.content.startswith(b"%PDF-")
    assert storage.get(first.sha256) == first.content
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
