from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort

from accreditation.extensions import db, writing
from accreditation.models import Application, Office
from accreditation.services.accounts import people
from accreditation.services.steps import take_step
from accreditation.web import access
from accreditation.web.texts import FORM_BYTES
from tests import factories
from tests.pages import Pages, check_page
from tests.web.applicant import cases
from workflows.application import ApplicationState


def account(app: Flask, *offices: Office) -> str:
    with app.app_context(), writing():
        person = factories.person(*offices, language="en")
        db.session.commit()
        return person.email


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_page_that_is_not_there(app: Flask, language: str) -> None:
    html = Pages(app, language=language).get("/no/such/page", status=404)
    assert f'<html lang="{language}">' in html
    assert 'href="/contact"' in html
    assert 'href="/"' in html


def test_a_page_of_somebody_elses_work(app: Flask) -> None:
    with app.test_request_context():
        office = app.url_for("office.home")
    html = Pages(app, account(app)).get(office, status=403)
    assert "This page is not open to you" in html


def test_an_address_used_in_the_wrong_way_names_the_right_ones(app: Flask) -> None:
    pages = Pages(app)
    pages.get("/sign-out", status=405)
    assert "POST" in pages.client.get("/sign-out").headers["Allow"]


@pytest.mark.parametrize("path", ["/verify/a%00b", "/?lang=%00", "/register?name=%00"])
def test_a_character_that_no_database_stores_is_refused(app: Flask, path: str) -> None:
    Pages(app).get(path, status=400)


def test_the_same_in_a_form(app: Flask) -> None:
    values = {"name": "太\x00郎", "language": "en"}
    Pages(app, account(app)).post("/account", values, status=400)


def test_a_text_that_is_too_long_for_one_page(app: Flask) -> None:
    pages = Pages(app)
    said = {"Accept-Language": "en", "Referer": "http://localhost/sign-in?next=/account"}
    answer = pages.client.post("/sign-in", data={"email": "x" * FORM_BYTES}, headers=said)
    assert answer.status_code == 413
    assert f"You sent more than {FORM_BYTES // 1024} KB of text at once." in answer.text
    assert '<a href="/sign-in?next=/account">' in answer.text
    check_page(answer.text)


@pytest.mark.parametrize(
    ("content_type", "length", "said"),
    [
        ("multipart/form-data; boundary=x", 9_000_000, "You sent more than 5 MB at once. One"),
        (
            "application/x-www-form-urlencoded",
            FORM_BYTES + 1,
            f"more than {FORM_BYTES // 1024} KB of text at once",
        ),
    ],
    ids=["files", "text"],
)
def test_too_much_at_once_is_told_with_its_limit(
    variant: Callable[..., Flask], content_type: str, length: int, said: str
) -> None:
    pages, _key, path = cases.case(variant(upload_megabytes=1))
    page = f"{path}/indicators/1"
    assert 'data-most="5242880"' in pages.get(page)
    answer = pages.client.post(
        page,
        content_type=content_type,
        headers={"Accept-Language": "en", "Referer": f"http://localhost{page}"},
        environ_overrides={"CONTENT_LENGTH": str(length)},
    )
    assert answer.status_code == 413
    assert said in answer.text
    assert f'<a href="{page}">' in answer.text


def test_what_was_typed_stays_on_the_page_of_an_error(app: Flask) -> None:
    pages = Pages(app, account(app))
    html = pages.post(
        "/my/operators/nobodys", {"name_ja": "書いた名前"}, page="/account", status=404
    )
    assert "書いた名前</textarea>" in html
    html = pages.post("/account", {"name": "太\x00郎の長い名前", "language": "en"}, status=400)
    assert "太郎の長い名前</textarea>" in html


def test_what_another_site_sent_is_not_shown(app: Flask) -> None:
    pages = Pages(app, account(app))
    given = {"name_ja": "よその文", "csrf_token": pages.token("/account")}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = pages.client.post("/my/operators/nobodys", data=given, headers=elsewhere)
    assert answer.status_code == 404
    assert "よその文" not in answer.text


def test_other_refusals_of_the_library_look_like_ours(app: Flask) -> None:
    app.view_functions["public.about"] = lambda: abort(418)
    assert "This request could not be understood" in Pages(app).get("/about", status=418)


@pytest.mark.parametrize(
    ("offices", "endpoint", "more", "names_shown"),
    [
        ((Office.OFFICE,), "office.step", {"name": "accept"}, True),
        ((), "applicant.withdraw", {}, False),
    ],
)
def test_a_refused_step_says_why_and_what_happened_meanwhile(
    app: Flask,
    offices: tuple[Office, ...],
    endpoint: str,
    more: dict[str, Any],
    *,
    names_shown: bool,
) -> None:
    with app.app_context(), writing():
        case = factories.application(ApplicationState.SUBMITTED)
        take_step(case, "accept", factories.person(Office.OFFICE, name="受付 見本"))
        owner = factories.owner_of(case.site.operator)
        owner.language = "en"
        person = factories.person(*offices, language="en") if offices else owner
        email, key = person.email, case.key
        db.session.commit()

    def too_late(**given: str) -> str:
        del given
        return take_step(access.subject(Application), "accept", access.person()).act

    app.view_functions[endpoint] = too_late
    with app.test_request_context():
        path = app.url_for(endpoint, application=key, **more)
    pages = Pages(app, email)
    values = {"note": "受け取りました。\r\nありがとうございます。", "version": "3"}
    html = pages.post(path, values, page="/account", status=409 if names_shown else 403)
    assert "This was not done" in html
    assert "受け取りました。\r\nありがとうございます。</textarea>" in html
    assert html.count("</textarea>") == 1
    last = html.partition('id="last"')[2]
    assert "timeline" in last
    assert "Accepted as complete" in last
    assert ("受付 見本" in last) == names_shown


def test_an_operator_with_an_office_reads_only_what_operators_are_told(app: Flask) -> None:
    with app.app_context(), writing():
        case = factories.application(ApplicationState.LISTED)
        owner = factories.owner_of(case.site.operator)
        owner.language = "en"
        people.appoint(owner, Office.REVIEWER)
        office = factories.person(Office.OFFICE, name="事務 見本")
        take_step(case, "unlist", office, note="内部の事情を確認する")
        email, path = owner.email, f"/my/applications/{case.key}/indicators"
        db.session.commit()

    html = Pages(app, email).post(path, {"indicators": ["3"]}, page="/account", status=422)

    last = html.partition('id="last"')[2]
    assert "Taken off the council" in last
    assert "Office" in last
    assert "事務 見本" not in last
    assert "内部の事情" not in last


def test_going_back_never_leads_elsewhere(app: Flask) -> None:
    email = account(app)

    def refused() -> str:
        return take_step(factories.draft(), "accept", access.person()).act

    app.view_functions["auth.password"] = refused
    pages = Pages(app, email)
    for referrer, back in (
        ("http://localhost/account?lang=en", "/account?lang=en"),
        ("https://evil.example/x", "/"),
        ("http://localhost//evil.example", "/"),
        ("", "/"),
    ):
        values = {"csrf_token": pages.token("/account")}
        headers = {"Sec-Fetch-Site": "same-origin", "Referer": referrer}
        sent = pages.client.post("/account/password", data=values, headers=headers)
        assert f'<a href="{back}">Go back to the page before</a>' in sent.text
