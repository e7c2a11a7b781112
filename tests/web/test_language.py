import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.schemes.rules import Verdict
from tests import factories
from tests.pages import Pages
from tests.web.applicant.desk import desk, typed

pytestmark = pytest.mark.sqlite


def language_of(app: Flask, path: str, accept: str | None = None, email: str | None = None) -> str:
    client = Pages(app, email).client
    headers = {"Accept-Language": accept} if accept is not None else {}
    html = client.get(path, headers=headers).text
    return html.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("ja", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.9,ja;q=0.5", "en"),
        ("ja-JP,en;q=0.5", "ja"),
        ("fr,en;q=0.5", "en"),
        ("zh-TW,ko", "ja"),
        ("", "ja"),
        (None, "ja"),
        ("complete nonsense;;q=,", "ja"),
    ],
)
def test_a_stranger_reads_the_language_of_the_browser(
    app: Flask, accept: str | None, language: str
) -> None:
    assert language_of(app, "/about", accept) == language


def test_the_address_comes_first_then_the_person_then_the_browser(app: Flask) -> None:
    with app.app_context(), writing():
        email = factories.person(language="en").email
        db.session.commit()
    assert language_of(app, "/about", "ja", email) == "en"
    assert language_of(app, "/about?lang=ja", "en", email) == "ja"
    assert language_of(app, "/about?lang=en", "ja") == "en"
    assert language_of(app, "/about?lang=tlh", "en") == "en"


def test_a_chosen_language_is_carried_along(app: Flask) -> None:
    html = Pages(app).get("/about?lang=en")
    assert 'href="/glossary?lang=en"' in html
    assert 'href="/glossary"' in Pages(app).get("/about")


def test_the_same_page_in_the_other_language_keeps_what_was_asked(app: Flask) -> None:
    html = Pages(app).get("/sign-in?next=/account%3Fa%3D1&lang=en")
    assert 'href="/sign-in?next=%2Faccount%3Fa%3D1&amp;lang=ja"' in html


@pytest.mark.parametrize(
    "query", ["endpoint=x", "_external=1&_scheme=javascript", "_anchor=x", "_method=POST", "self=1"]
)
def test_an_address_cannot_bend_the_links_of_a_page(app: Flask, query: str) -> None:
    html = Pages(app).get(f"/about?{query}")
    assert f'href="/about?{query.replace("&", "&amp;")}&amp;lang=ja"' in html
    assert 'href="javascript' not in html


def test_a_page_without_an_address_of_its_own_leads_home(app: Flask) -> None:
    assert 'href="/?lang=ja"' in Pages(app).get("/no/such/page", status=404)
    assert 'href="/?lang=ja"' in Pages(app).get("/sign-out", status=405)


def test_the_answer_to_a_form_leads_to_the_page_that_the_form_stands_on(app: Flask) -> None:
    at = desk(app)
    wrong = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "長" * 4001)
    sent_to = f"{at.path}/items/1-1/evidence"
    for query in ("", "?lang=en"):
        html = at.pages.post(f"{sent_to}{query}", wrong, page=at.page(), status=422)
        assert f'<a href="{at.page()}?lang=ja"' in html
    refused = at.pages.post(f"{at.path}/items/9-9/evidence", page=at.page(), status=404)
    assert f'<a href="{at.path}?lang=ja"' in refused, "the nearest page above"


def test_whoever_changes_the_language_of_an_answer_keeps_what_they_typed(app: Flask) -> None:
    said = "Opens in a new tab; what you typed stays here."
    pages = Pages(app)
    fresh = pages.get("/sign-in")
    assert said not in fresh
    assert "_blank" not in fresh
    for path, status in (("/sign-in", 422), ("/account", 401), ("/no/such/page", 404)):
        html = pages.post(path, {"name": "書いた"}, page="/sign-in", status=status)
        assert said in html
        assert html.count('target="_blank"') == 2
