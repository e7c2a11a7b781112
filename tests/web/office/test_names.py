"""Names like another operator's, as the office sees them."""

from typing import Any

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Application
from tests import factories
from tests.fields import hidden
from tests.pages import Pages
from tests.web.office.conftest import Counter
from workflows.application import ApplicationState as S

FOUND = {"note": "住所も電話番号も別"}


def sent(app: Flask, name: str, state: S = S.SUBMITTED, **operator: Any) -> str:
    """Make a case whose site has this name; give its path."""
    with app.app_context(), writing():
        site = factories.site(factories.operator(**operator), name_ja=name)
        key = factories.application(state, of=site).key
        db.session.commit()
    return f"/office/applications/{key}"


def _case(path: str) -> Application:
    chosen = db.select(Application).filter_by(key=path.rsplit("/", 1)[1])
    found: Application = db.session.scalars(chosen).one()
    return found


def shown_in(page: str) -> dict[str, str]:
    """Read from the page's form what it showed."""
    return {"shown": dict(hidden(page))["shown"]}


@pytest.fixture
def copy(app: Flask) -> str:
    """The path of a case whose name looks like an accredited one's."""
    sent(app, "ホテルロビー", S.ACCREDITED, address="金沢市元町9-9", phone="076-000-0001")
    return sent(app, "ホテル口ビー", phone="076-000-0001")


def test_both_stand_side_by_side_with_numbers_and_addresses(office: Pages, copy: str) -> None:
    table = office.get(copy).split('id="alike"')[1].split("</table>")[0]

    for shown in ("ホテルロビー", "ホテル口ビー", "金沢市元町9-9", "/register/", "This case"):
        assert shown in table
    assert table.count("076-000-0001") == 2
    assert "The same telephone number" in table


def test_accepting_waits_until_somebody_compared_them(office: Pages, copy: str) -> None:
    page = office.get(copy)
    assert "please compare both first" in page
    office.post(f"{copy}/steps/accept", {}, page=copy, status=409)

    shown = shown_in(page)
    after = office.post(f"{copy}/names", FOUND | shown, page=copy)

    assert "Names compared with others" in after
    assert "見本 花子" in after
    assert FOUND["note"] in after
    assert "These were compared already" in after
    assert "Accepted as complete" in office.post(f"{copy}/steps/accept", {}, page=copy)


def test_without_a_word_on_what_was_found_the_page_asks_for_one(office: Pages, copy: str) -> None:
    shown = shown_in(office.get(copy))
    page = office.post(f"{copy}/names", shown, page=copy, status=422)
    assert "Please say what you found." in page
    assert page.count("<title>Error:") == 1


def test_what_came_after_the_page_was_opened_is_not_passed_over(
    app: Flask, office: Pages, copy: str
) -> None:
    shown = shown_in(office.get(copy))
    sent(app, "ホテル・ロビー")
    office.post(f"{copy}/names", FOUND | shown, page=copy, status=409)


def test_the_queue_names_the_other(office: Pages, copy: str) -> None:
    del copy
    assert "Compare with: Specimen Inn" in office.get("/office")


def test_the_queue_says_nothing_once_it_is_accepted(app: Flask, office: Pages) -> None:
    sent(app, "ホテルロビー", S.IN_REVIEW)
    sent(app, "見本の宿")
    assert "Compare with" not in office.get("/office")


def test_the_queue_takes_the_same_number_of_queries_however_many_are_alike(
    app: Flask, office: Pages, copy: str, count_queries: Counter
) -> None:
    del copy
    few = count_queries(lambda: office.get("/office"))
    for _ in range(3):
        sent(app, "ホテル口ビー")
    assert count_queries(lambda: office.get("/office")) == few


def test_letters_of_several_alphabets_are_shown(app: Flask, office: Pages) -> None:
    page = office.get(sent(app, "Kаnazawa Inn"))  # Cyrillic а
    assert "several alphabets" in page
    assert "U+0430" in page
    assert "I compared them" not in page


def test_a_case_like_no_other_has_no_such_part(app: Flask, office: Pages) -> None:
    assert "Names to compare" not in office.get(sent(app, "見本の宿"))


def test_the_operator_is_not_told_of_the_comparison(app: Flask, office: Pages, copy: str) -> None:
    shown = shown_in(office.get(copy))
    office.post(f"{copy}/names", FOUND | shown, page=copy)
    with app.app_context():
        owner = factories.owner_of(_case(copy).site.operator).email
    page = Pages(app, owner).get(f"/my/applications/{copy.rsplit('/', 1)[1]}")
    assert FOUND["note"] not in page
    assert "ホテルロビー" not in page
