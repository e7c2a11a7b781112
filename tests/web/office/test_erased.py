"""A case whose files were erased is still read, and says that they are gone."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Mail, Office
from accreditation.services import evidence
from accreditation.services.privacy import retention
from tests import factories
from tests.pages import Pages


@pytest.fixture
def declined(app: Flask) -> str:
    """The key of a case that was declined long ago, its files erased."""
    with app.app_context(), writing():
        case = factories.draft()
        evidence.attach(case, "1-1", factories.file_of(case, "昔の証拠.pdf"))
        factories.submit(case)
        factories.office_step("decline", "見本の理由")(case)
        db.session.execute(update(Mail).values(sent_at=clock.now()))
        db.session.commit()
        key = case.key
        with clock.at(clock.now() + timedelta(days=400)):
            assert retention.apply(list(retention.overdue())) == []
    return key


def test_the_office_reads_that_a_file_was_deleted(app: Flask, declined: str) -> None:
    html = Pages.of(app, Office.OFFICE).get(f"/office/applications/{declined}")
    assert "Deleted: its time of keeping is over" in html
    assert "昔の証拠" not in html
    assert "/evidence/" not in html
