"""The console command's people: adding them, appointing and dismissing."""

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation.extensions import db
from accreditation.models import HistoryEntry, Office, Person
from accreditation.services import history
from accreditation.services.accounts import entering, people
from tests import factories
from tests.console import run

PASSWORD = f"{factories.PASSWORD}\n" * 2  # typed twice


def test_adding_a_person(app: Flask) -> None:
    name = ["people", "add", " Tabi@Example.JP ", " 見本\u3000旅子 ", "--language", "en"]
    assert run(app, *name, typed=PASSWORD).exit_code == 0
    with app.app_context():
        made = people.by_address("tabi@example.jp")
        assert made is not None
        assert (made.name, made.language, made.demonstration) == ("見本 旅子", "en", False)
        assert factories.PASSWORD not in made.password_hash
        assert entering.check_password("tabi@example.jp", factories.PASSWORD) == made


def test_the_password_is_asked_for_twice_and_not_shown(app: Flask) -> None:
    typed = f"{factories.PASSWORD}\nanother one altogether\n{PASSWORD}"
    done = run(app, "people", "add", "a@example.jp", "見本", typed=typed)
    assert done.exit_code == 0
    assert "do not match" in done.output
    assert factories.PASSWORD not in done.output


@pytest.mark.parametrize(
    ("person", "typed", "words"),
    [
        (("nobody", "見本"), PASSWORD, "Invalid value for 'EMAIL': An email address must have"),
        (("a@example.jp", "  "), PASSWORD, "Please enter your name."),
        (("a@example.jp", "長" * 201), PASSWORD, "201 characters, but only 200 fit"),
        (("a@example.jp", "見本"), "short\nshort\n", "15 characters"),
        (("known@example.jp", "見本"), PASSWORD, "an account for this address already"),
        (("KNOWN@example.jp", "見本"), PASSWORD, "already"),
    ],
)
def test_a_person_that_can_not_be_added(
    app: Flask, person: tuple[str, str], typed: str, words: str
) -> None:
    assert run(app, "people", "add", "known@example.jp", "見本", typed=PASSWORD).exit_code == 0
    done = run(app, "people", "add", *person, typed=typed)
    assert done.exit_code in {1, 2}
    assert words in done.stderr
    with app.app_context():
        assert len(db.session.scalars(select(Person)).all()) == 1


def test_appointing_and_dismissing(app: Flask) -> None:
    assert run(app, "people", "add", "a@example.jp", "見本", typed=PASSWORD).exit_code == 0
    for _ in range(2):
        assert run(app, "people", "appoint", "A@example.jp", "council").exit_code == 0
    assert offices(app) == {Office.COUNCIL}
    assert run(app, "people", "appoint", "a@example.jp", "reviewer").exit_code == 0
    for _ in range(2):
        assert run(app, "people", "dismiss", "a@example.jp", "council").exit_code == 0
    assert offices(app) == {Office.REVIEWER}
    with app.app_context():
        acts = [entry.act for entry in db.session.scalars(select(HistoryEntry))]
        assert acts == ["sign_up", "appoint", "appoint", "dismiss"]
        assert history.verify() is None


def offices(app: Flask) -> frozenset[Office]:
    with app.app_context():
        found = people.by_address("a@example.jp")
        assert found is not None
        return found.offices


@pytest.mark.parametrize("verb", ["appoint", "dismiss"])
def test_appointing_whom_or_to_what_there_is_not(app: Flask, verb: str) -> None:
    unknown = run(app, "people", verb, "nobody@example.jp", "office")
    assert unknown.exit_code == 1
    assert unknown.stderr == "Error: there is no account for nobody@example.jp\n"
    assert run(app, "people", verb, "nobody@example.jp", "emperor").exit_code == 2
