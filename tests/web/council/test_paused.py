"""While issuing is paused: a banner for those whose work stops, and a sentence at the button."""

from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Office
from accreditation.services import issuance
from tests import factories
from tests.pages import Pages
from workflows.application import ApplicationState


def test_office_and_council_are_told_and_nothing_is_issued(app: Flask, council: Pages) -> None:
    office = Pages.of(app, Office.OFFICE)
    with app.app_context(), writing():
        path = f"/council/applications/{factories.application(ApplicationState.LISTED).key}"
        db.session.commit()
    banner = "No certificates are issued since"
    assert banner not in council.get("/council")
    before = council.get(path)
    with app.app_context(), writing():
        issuance.pause("署名の鍵を調べています。")
        db.session.commit()
    for page in (council.get("/council"), office.get("/office")):
        assert banner in page
        assert "署名の鍵を調べています。" in page
    assert "be accredited now" not in before
    assert "be accredited now" in council.get(path)
    values = {"step": "accredit", "indicators": ["1", "2"], "conditions": "", "reasons": "残る言葉"}
    refused = council.post(f"{path}/decision", values, page=path, status=409)
    assert "No certificates are issued at the moment." in refused
