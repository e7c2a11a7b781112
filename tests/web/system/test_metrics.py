"""The figures: for whoever holds the token, true, and without a word of anybody."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.pages import Pages

TOKEN = "t" * 32


@pytest.fixture
def watched(variant: Callable[..., Flask]) -> Flask:
    return variant(metrics_token=TOKEN)


def figures(app: Flask, token: str = TOKEN) -> str:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return answer.text


def test_without_a_token_set_there_is_no_such_page(app: Flask) -> None:
    for headers in ({}, {"Authorization": "Bearer "}):
        assert app.test_client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x", f"Bearer {TOKEN}x", "Basic 日本"])
def test_another_token_opens_nothing(watched: Flask, given: str) -> None:
    headers = {"Authorization": given.encode().decode("latin-1")}
    answer = watched.test_client().get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "accreditation_http" not in answer.text


def test_answers_are_counted_by_endpoint_and_status(watched: Flask) -> None:
    client = watched.test_client()
    for _ in range(3):
        client.get("/register")
    client.get("/nowhere/髙橋")
    text = figures(watched)
    line = 'accreditation_http_requests_total{endpoint="%s",method="GET",status="%s"} %s'
    assert line % ("public.register", 200, "3.0") in text
    assert line % ("none", 404, "1.0") in text
    assert 'accreditation_http_request_seconds_count{endpoint="public.register"} 3.0' in text


def test_what_people_send_does_not_stand_in_the_figures(watched: Flask) -> None:
    pages = Pages(watched)
    pages.get("/register?q=KANARIENVOGEL")
    pages.get("/verify/KANARIENVOGEL", status=404)
    values = {"email": "kanarienvogel@example.jp", "password": factories.PASSWORD}
    pages.post("/sign-in", values, status=422)
    watched.test_client().open("/", method="KANARIENVOGEL")
    assert "kanarienvogel" not in figures(watched).casefold()


def test_two_applications_count_apart(app: Flask, watched: Flask) -> None:
    app.test_client().get("/glossary")
    assert "public.glossary" not in figures(watched)
