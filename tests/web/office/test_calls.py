"""Calls, made and changed in the browser."""

import re
from datetime import datetime

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Call
from tests import factories
from tests.pages import Pages

GOOD = {
    "title_ja": "令和８年度　第２回募集",
    "title_en": "Second call 2026",
    "fiscal_year": "２０２６",
    "opens_on": "2026-10-01",
    "closes_on": "2026/11/30",
}


def stored(app: Flask) -> Call | None:
    with app.app_context():
        chosen = db.select(Call).order_by(Call.id.desc())
        found: Call | None = db.session.scalar(chosen)
        return found


def with_version(office: Pages, path: str, **values: str) -> dict[str, str]:
    """Give the values with those hidden in the page."""
    page = office.get(path)
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    chosen = re.search(r'<option (?:selected )?value="(\d+)"', page)
    given = {"scheme_version": chosen[1]} if chosen else {}
    return {**given, **({"version": found[1]} if found else {}), **values}


def test_a_call_is_made_and_its_last_day_counts_whole(app: Flask, office: Pages) -> None:
    values = with_version(office, "/office/calls/new", **GOOD)

    page = office.post("/office/calls/new", values)

    assert "The call is saved." in page
    assert "November 30, 2026 (until the end of the day)" in page
    call = stored(app)
    assert call is not None
    assert (call.title_ja, call.fiscal_year) == ("令和８年度 第２回募集", 2026)
    assert call.is_open(datetime(2026, 10, 1, tzinfo=clock.ZONE))
    assert call.is_open(datetime(2026, 11, 30, 23, 59, 59, tzinfo=clock.ZONE))
    assert not call.is_open(datetime(2026, 12, 1, tzinfo=clock.ZONE))


def test_a_call_closes_at_an_hour_when_one_is_given(app: Flask, office: Pages) -> None:
    values = with_version(
        office, "/office/calls/new", **GOOD, opens_at="９：００", closes_at="17:00"
    )

    assert "November 30, 2026" in office.post("/office/calls/new", values)

    call = stored(app)
    assert call is not None
    assert call.opens_at == datetime(2026, 10, 1, 9, tzinfo=clock.ZONE)
    assert call.closes_at == datetime(2026, 11, 30, 17, tzinfo=clock.ZONE)
    form = office.get(f"/office/calls/{call.key}")
    assert 'value="17:00"' in form
    assert 'value="2026-11-30"' in form


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"title_ja": "　 "}, "Please give the title in Japanese."),
        ({"title_en": ""}, "Please give the title in English."),
        ({"title_en": "x" * 201}, "This has 201 characters, but only 200 fit here."),
        ({"fiscal_year": "平成40"}, "Please give the year as 2026 or 令和8年度."),
        ({"fiscal_year": "8"}, "Please give the year as 2026 or 令和8年度."),
        ({"fiscal_year": "1999"}, "Please check the year."),
        ({"opens_on": "10月1日"}, "Please give a day such as 2026-11-30."),
        ({"opens_on": "2026-02-30"}, "Please give a day such as 2026-11-30."),
        ({"closes_on": "9999-12-31"}, "Please check the year."),
        ({"closes_on": ""}, "Please give the last day."),
        ({"closes_at": "25:00"}, "Please give a time such as 17:00."),
        ({"closes_on": "2026-09-30"}, "A call must open before it closes."),
        ({"scheme_version": "999"}, "Please choose a version of the standard."),
    ],
)
def test_what_is_wrong_is_said_once_and_nothing_is_lost(
    app: Flask, office: Pages, wrong: dict[str, str], why: str
) -> None:
    values = with_version(office, "/office/calls/new", **GOOD) | wrong

    page = office.post("/office/calls/new", values, status=422)

    assert page.count(why) == 2, "once in the summary, once at the field"
    assert all(value in page for value in (values["opens_on"], values["closes_on"]) if value)
    assert stored(app) is None


@pytest.mark.parametrize(
    "typed", ["2026", "２０２６年度", "令和8", "令和８年度", "R8", "ｒ８", " 令和 8 年度 "]
)
def test_a_fiscal_year_is_read_as_people_write_it(app: Flask, office: Pages, typed: str) -> None:
    values = with_version(office, "/office/calls/new", **GOOD | {"fiscal_year": typed})
    page = office.post("/office/calls/new", values | {"title_en": ""}, status=422)
    assert "Understood as FY2026, which begins in April 2026." in page

    assert "FY2026" in office.post("/office/calls/new", values)

    call = stored(app)
    assert call is not None
    assert call.fiscal_year == 2026


def test_a_call_names_its_standard_by_title_and_version(app: Flask, office: Pages) -> None:
    name = "Kanazawa SDGs Tourism"
    for language in ("", "?lang=ja"):
        assert "kanazawa 2026.1" not in office.get(f"/office/calls/new{language}")
    new = office.get("/office/calls/new")
    with app.app_context(), writing():
        path = f"/office/calls/{factories.call().key}"
        db.session.commit()

    assert all(name in page and "version 2026.1" in page for page in (new, office.get(path)))


def test_a_call_is_changed_with_its_programmes(app: Flask, office: Pages) -> None:
    with app.app_context(), writing():
        call, programme = factories.call(), factories.programme()
        db.session.commit()
        path, key = f"/office/calls/{call.key}", programme.key
    values = with_version(office, path, **GOOD, programmes=key)

    office.post(path, values)

    assert re.search(rf'checked[^>]*value="{key}"', office.get(path))
    with app.app_context():
        assert [one.key for one in db.session.scalars(db.select(Call)).one().programmes] == [key]


def test_two_people_who_change_a_call_both_see_both_texts(app: Flask, office: Pages) -> None:
    with app.app_context(), writing():
        path = f"/office/calls/{factories.call().key}"
        db.session.commit()
    mine = with_version(office, path, **{**GOOD, "title_en": "My title"})
    office.post(path, with_version(office, path, **{**GOOD, "title_en": "Other title"}))

    page = office.post(path, mine, status=409)

    assert "This entry was changed in another window or by somebody else." in page
    assert "Other title" in page
    assert 'value="My title"' in page
    newest = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert newest
    office.post(path, {**mine, "version": newest[1]})
    call = stored(app)
    assert call is not None
    assert call.title_en == "My title"


def test_the_list_says_how_calls_stand(app: Flask, office: Pages) -> None:
    assert "There is no call yet." in office.get("/office/calls")
    with app.app_context(), writing():
        factories.call()
        db.session.commit()

    assert "Open" in office.get("/office/calls")
    office.get("/office/calls/nothing", status=404)
