import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField, MultipleFileField, SelectField

from accreditation.extensions import db, writing
from accreditation.models import Person
from accreditation.schemes.model import MOST_ITEMS
from accreditation.web import resend
from accreditation.web.texts import FORM_BYTES, LONGEST_OF_ITEM
from tests import factories
from tests.fields import hidden
from tests.pages import Pages, check_page
from tests.web.applicant import cases
from tests.web.applicant.desk import Desk, desk

TEXT = "一行目 <b>髙橋</b> & “𠮷”\r\n\r\n  三行目 'x' \"y\"\t終"
OURS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
THEIRS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
]
SECRETS = {
    "password": "秘密の言葉です一二三四五六七",
    "old_password": "秘密2",
    "csrf_token": "stale",
}


@pytest.fixture
def email(app: Flask) -> str:
    with app.app_context(), writing():
        person = factories.person(language="en")
        db.session.commit()
        return person.email


def name_of(app: Flask, email: str) -> str:
    with app.app_context():
        return str(db.session.scalars(db.select(Person).filter_by(email=email)).one().name)


def test_what_was_typed_survives_the_end_of_a_session(app: Flask, email: str) -> None:
    pages = Pages(app)
    values = {"name": TEXT, "language": "ja", **SECRETS}
    asked = pages.client.post("/account?from=1", data=values, headers=OURS)
    assert asked.status_code == 401
    check_page(asked.text)
    assert "Your session has ended." in asked.text
    carried = dict(hidden(asked.text))
    assert carried == {"kept:name": TEXT, "kept:language": "ja", "kept_path": "/account?from=1"}
    assert escape(TEXT) + "</textarea>" in asked.text.replace("&#34;", "&quot;").replace(
        "&#39;", "&#x27;"
    )

    wrong = pages.post(
        "/sign-in", {**carried, "email": email, "password": "wrong words"}, status=422
    )
    assert dict(hidden(wrong)) == carried

    html = pages.post("/sign-in", {**carried, "email": email, "password": factories.PASSWORD})
    assert "Now you can send it" in html
    again = dict(hidden(html))
    assert again == {"name": TEXT, "language": "ja"}
    assert 'action="/account?from=1"' in html
    assert name_of(app, email) != TEXT

    token = html.partition('name="csrf_token" value="')[2].partition('"')[0]
    # The token of this very page works: the first one in it belongs to signing out.
    sent = pages.client.post("/account?from=1", data={**again, "csrf_token": token}, headers=OURS)
    assert sent.status_code == 303
    assert name_of(app, email) == " ".join(TEXT.split())


def test_a_stale_token_gives_the_text_back_with_a_fresh_one(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    values = {"name": TEXT, "language": "ja", **SECRETS}
    stale = pages.client.post("/account", data=values, headers=OURS)
    assert stale.status_code == 400
    check_page(stale.text)
    assert "Please send it again" in stale.text
    assert dict(hidden(stale.text)) == {"name": TEXT, "language": "ja"}
    token = stale.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    again = {**dict(hidden(stale.text)), "csrf_token": token}
    assert pages.client.post("/account", data=again, headers=OURS).status_code == 303
    assert name_of(app, email) == " ".join(TEXT.split())


def test_a_field_given_twice_is_kept_twice(app: Flask) -> None:
    values = {"indicator": ["1", "2"], "note": "理由"}
    asked = Pages(app).client.post("/account", data=values, headers=OURS)
    kept = [one for one in hidden(asked.text) if one[0] == "kept:indicator"]
    assert kept == [("kept:indicator", "1"), ("kept:indicator", "2")]


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://localhost"}, {}])
def test_no_secret_ever_comes_back(app: Flask, email: str, headers: dict[str, str]) -> None:
    for client in (Pages(app).client, Pages(app, email).client):
        answer = client.post("/account/password", data=SECRETS, headers=headers)
        assert not any(secret in answer.text for secret in SECRETS.values())
    smuggled = {f"kept:{name}": value for name, value in SECRETS.items()}
    html = Pages(app).post("/sign-in", {**smuggled, "email": email, "password": "x"}, status=422)
    assert not any(secret in html for secret in SECRETS.values())


@pytest.mark.parametrize("theirs", THEIRS)
def test_a_form_from_another_site_is_not_kept(
    app: Flask, email: str, theirs: dict[str, str]
) -> None:
    headers = {"Accept-Language": "en", **theirs}
    values = {"name": "よその文章", "language": "ja"}
    stranger = Pages(app).client.post("/account", data=values, headers=headers)
    assert stranger.status_code == 401
    signed_in = Pages(app, email).client.post("/account", data=values, headers=headers)
    assert signed_in.status_code == 400
    for answer in (stranger, signed_in):
        assert "よその文章" not in answer.text
        assert hidden(answer.text) == []
        assert 'action="/account"' not in answer.text
    assert "It was sent from another site." in signed_in.text


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "x", "//[", "///evil.example"],
)
def test_kept_fields_are_never_sent_elsewhere(app: Flask, email: str, path: str) -> None:
    values = {"kept:name": TEXT, "kept_path": path, "email": email, "password": factories.PASSWORD}
    pages = Pages(app)
    values["csrf_token"] = pages.token("/sign-in")
    answer = pages.client.post("/sign-in", data=values, headers=OURS)
    assert answer.status_code == 303
    assert "evil" not in answer.text


@pytest.mark.parametrize("path", ["/", "/account?lang=ja", "/verify/R08-0001?c=abc", "/a/日本"])
def test_a_path_within_this_site_is_local(path: str) -> None:
    assert resend.local_path(path) == path


def test_half_an_address_leads_nowhere(app: Flask) -> None:
    client = Pages(app).client
    assert client.get("/sign-in?next=//[").status_code == 200
    assert client.get("/nowhere", headers={"Referer": "http://localhost//[x"}).status_code == 404


def test_only_what_was_typed_is_shown_whatever_it_looks_like() -> None:
    kept = [
        ("verdict", "carried_out"),
        ("version", "12"),
        ("shown", "0123456789abcdef"),
        ("item-1-1-shown", "0123456789abcdef"),
        ("note", "yes"),
        ("number", "12"),
        ("reason", " "),
    ]
    assert resend.texts(kept) == [resend.Typed("yes"), resend.Typed("12")]


def own_forms(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("accreditation."):
            yield one
        yield from own_forms(one)


def test_every_field_of_every_form_is_known_as_typed_or_not(app: Flask) -> None:
    del app  # has imported every form
    typed: set[str] = set()
    chosen: set[str] = set()
    for form in own_forms(FlaskForm):
        for name in dir(form):
            field = getattr(getattr(form, name), "field_class", None)
            if field is not None and not issubclass(field, FileField | MultipleFileField):
                is_chosen = issubclass(field, HiddenField | SelectField | BooleanField)
                (chosen if is_chosen else typed).add(name)
    assert {"text", "japanese", "note", "email"} <= typed
    assert chosen <= resend.NOT_TYPED | resend.NEVER_KEPT
    assert not typed & resend.NOT_TYPED


@pytest.fixture
def indicator(app: Flask) -> tuple[Desk, dict[str, str]]:
    """A page with as many items as there are, and everything typed into it that fits."""
    at = desk(app)
    marks = {name: str(value) for name, value in at.shown().items()}
    items = [name.removesuffix("shown") for name in marks if name.endswith("-shown")]
    texts = {f"{name}text": "𠮷" * LONGEST_OF_ITEM for name in items}
    verdicts = {f"{name}verdict": "carried_out" for name in items}
    return at, {**marks, **verdicts, **texts}


def test_every_text_of_a_page_is_shown_with_its_item_and_nothing_else(
    app: Flask, indicator: tuple[Desk, dict[str, str]]
) -> None:
    at, values = indicator
    items = [name[5:-5] for name in values if name.endswith("-text")]
    assert len(items) > 10

    asked = Pages(app).client.post(at.page(), data=values, headers=OURS)

    assert asked.status_code == 401
    check_page(asked.text)
    labels = re.findall(r'<label class="label" for="kept-\d+">\s*(.*?)\s*</label>', asked.text)
    assert labels == [f"Item {item}" for item in items]
    assert asked.text.count("</textarea>") == len(items)


def test_what_fits_its_fields_can_be_sent_again_after_the_session_ended(
    app: Flask, indicator: tuple[Desk, dict[str, str]]
) -> None:
    at, values = indicator
    pages = Pages(app)
    asked = pages.client.post(at.page(), data=values, headers=OURS)
    email = cases.email_of(app, at.key)

    given = {**dict(hidden(asked.text)), "email": email, "password": factories.PASSWORD}
    html = pages.post("/sign-in", given)
    pages.post(at.page(), dict(hidden(html)))

    assert at.answer("1-1")[1] == values["item-1-1-text"]


def test_no_form_of_the_site_is_larger_than_what_is_taken() -> None:
    names = [f"kept:item-{'1' * 40}-{name}" for name in ("version", "shown", "verdict", "text")]
    texts = ["x" * 40, "x" * 40, "x" * 40, "𠮷" * LONGEST_OF_ITEM]
    item = urlencode(list(zip(names, texts, strict=True)))
    assert MOST_ITEMS * len(item) <= FORM_BYTES
