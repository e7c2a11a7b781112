"""The pages to read: open to everybody, in two languages, without a trace of a cookie."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accreditation.extensions import db, writing
from tests import factories
from tests.pages import Pages

READING = ["/", "/about", "/glossary", "/accessibility", "/privacy", "/contact"]
LOOKING = ["/register", "/register/R08-0001", "/verify", "/verify/R08-0001", "/verify/R08-0009"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", READING)
def test_every_page_is_sound_in_both_languages(app: Flask, path: str, language: str) -> None:
    html = Pages(app, language=language).get(path)
    assert f'<html lang="{language}">' in html


def test_the_address_decides_the_language_and_links_carry_it(app: Flask) -> None:
    html = Pages(app, language="ja").get("/contact?lang=en")
    assert '<html lang="en">' in html
    assert 'href="/register?lang=en"' in html


def test_the_office_is_named_in_the_reader_s_language(app: Flask) -> None:
    assert "office@example.jp" in Pages(app).get("/contact")
    assert "事務局" in Pages(app, language="ja").get("/contact")


@pytest.mark.parametrize("path", [*READING, *LOOKING, "/verify/R08-0001.json"])
def test_anonymous_visitors_get_no_cookie(app: Flask, client: FlaskClient, path: str) -> None:
    with app.app_context(), writing():
        factories.accreditation()
        db.session.commit()
    assert "Set-Cookie" not in client.get(path).headers
