"""Forms that another site sends in the name of somebody who is signed in here (CSRF)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, event

from tests.attacks.stage import OURS, Sent, Stage

pytestmark = pytest.mark.sqlite

OTHERS: dict[str, dict[str, str | None]] = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same site, other host": {"Sec-Fetch-Site": "same-site"},
    "foreign origin": {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
    "no origin to tell": {"Sec-Fetch-Site": None, "Origin": "null"},
    "look-alike origin": {"Sec-Fetch-Site": None, "Origin": "http://localhost.evil.example"},
    "foreign referrer": {"Sec-Fetch-Site": None, "Referer": "https://evil.example/localhost"},
}
# What the signed-in session itself notes of a visit, whatever it asks for.
OF_THE_VISIT = ("UPDATE sign_ins", "INSERT INTO huey")


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect the statements of this block that change a row."""
    found: list[str] = []

    def note(*given: Any) -> None:
        statement = str(given[2])
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(statement[:80])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def refused(stage: Stage, sent: Sent, **given: Any) -> str:
    """Send a form as given; nothing when it was refused, else what happened."""
    with writes() as found:
        answer = stage.try_out(sent, **given)
    done = [one for one in found if not one.startswith(OF_THE_VISIT)]
    if answer.status_code in {400, 405, 415} and not done:
        return ""
    return f"{sent.endpoint} as {sent.role}: {answer.status_code} {done}"


def test_a_form_of_our_own_is_taken(stage: Stage) -> None:
    """Else the refusals below would show nothing: most write, all the others answer."""
    wrote = set()
    for sent in stage.posts:
        with writes() as found:
            answer = stage.try_out(sent)
        assert answer.status_code not in {400, 405, 415}, sent
        wrote |= {sent.endpoint} if found else set()
    assert len(wrote) >= 60
    assert {"auth.sign_in", "auth.sign_out", "council.decide"} <= wrote


@pytest.mark.parametrize("token", ["none", "wrong", "of another session"])
def test_without_the_token_of_the_session(stage: Stage, token: str) -> None:
    wrong = []
    for sent in stage.one_of_each:
        other = "newcomer" if sent.role != "newcomer" else "office"
        tokens = {"wrong": "x" * 90, "of another session": stage.tokens[other]}
        given = {"csrf_token": tokens[token]} if token in tokens else {}
        for headers in ({}, {"X-CSRFToken": given.get("csrf_token", "")}):
            data = sent.values if headers else {**sent.values, **given}
            wrong.append(refused(stage, sent, data=data, headers=headers))
    assert not [one for one in wrong if one]


@pytest.mark.parametrize("where", OTHERS)
def test_from_another_site_with_a_token_that_fits(stage: Stage, where: str) -> None:
    headers = {name: text for name, text in {**OURS, **OTHERS[where]}.items() if text}
    wrong = [refused(stage, sent, headers=headers, bare=True) for sent in stage.one_of_each]
    assert not [one for one in wrong if one]


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/xml"])
def test_as_what_no_form_is(stage: Stage, kind: str) -> None:
    wrong = []
    for sent in stage.one_of_each:
        token = stage.tokens[sent.role]
        body = json.dumps({**sent.values, "csrf_token": token})
        headers = {"X-CSRFToken": token} if kind == "application/json" else {}
        wrong.append(refused(stage, sent, data=body, content_type=kind, headers=headers))
    assert not [one for one in wrong if one]


def test_by_an_address_alone(stage: Stage) -> None:
    """As an image of another site would ask for it: what is asked for by GET changes nothing."""
    wrong = []
    for sent in stage.one_of_each:
        query = urlencode({**sent.values, "csrf_token": stage.tokens[sent.role]}, doseq=True)
        join = "&" if "?" in sent.action else "?"
        with stage.undone(), writes() as found:
            stage.ask(sent.role, f"{sent.action}{join}{query}")
        wrong += [(sent.endpoint, one) for one in found if not one.startswith(OF_THE_VISIT)]
    assert not wrong


def test_by_other_methods(stage: Stage) -> None:
    for sent in stage.kinds:
        for method in ("PUT", "PATCH", "DELETE"):
            token = {"csrf_token": stage.tokens[sent.role]}
            with stage.undone():
                answer = stage.ask(sent.role, sent.action, method, data={**sent.values, **token})
            assert answer.status_code == 405
