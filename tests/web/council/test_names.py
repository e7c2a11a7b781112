"""Names like another operator's, as the council reads them: what was found, nothing to do."""

from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Office
from tests import factories
from tests.pages import Pages
from workflows.application import ApplicationState as S


def test_the_council_reads_what_the_office_compared(app: Flask) -> None:
    with app.app_context(), writing():
        other = factories.operator(phone="076-000-9999")
        made_first = factories.site(other, name_ja="ホテルロビー")
        factories.application(S.IN_REVIEW, of=made_first)
        case = factories.application(S.LISTED, of=factories.site(name_ja="ホテル口ビー"))
        key = case.key
        db.session.commit()
    council = Pages.of(app, Office.COUNCIL)
    page = council.get(f"/council/applications/{key}")
    for shown in (
        "Names to compare",
        "ホテルロビー",
        "“ホテル口ビー” and “ホテルロビー”",
        "見本の確認",
    ):
        assert shown in page
    assert "076-000-9999" not in page, "how the other is reached is nothing to decide by"
    assert "I compared them" not in page
    assert "/office/" not in page


def test_a_case_like_no_other_says_nothing(app: Flask) -> None:
    with app.app_context(), writing():
        key = factories.application(S.LISTED).key
        db.session.commit()
    page = Pages.of(app, Office.COUNCIL).get(f"/council/applications/{key}")
    assert "Names to compare" not in page
