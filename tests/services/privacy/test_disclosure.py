"""What a person is given of themselves: all that the map knows, and nothing of others."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation.extensions import db, writing
from accreditation.models import Base, Office, Person
from accreditation.services import history
from accreditation.services.accounts import people, sessions
from accreditation.services.privacy import disclosure
from accreditation.services.privacy.map import SECRETS, TABLES
from accreditation.services.steps import take_step
from tests import factories
from tests.console import run
from workflows.application import ApplicationState

MINE = "開示 花子"


@pytest.fixture
def world(app: Flask) -> tuple[Flask, str]:
    """Two operators' cases, one of a person who is also a reviewer of the other; their address."""
    with app.app_context(), writing():
        me = factories.person(name=MINE)
        mine = factories.operator(me, representative="代表 別人", phone="076-000-1111")
        draft = factories.draft(of=factories.site(mine))
        factories.file_of(draft, "わたしの証拠.pdf")
        take_step(draft, "withdraw", me, note="わたしの事情")
        people.appoint(me, Office.REVIEWER)
        case = factories.application(ApplicationState.IN_REVIEW)
        factories.handed_in_review(case, me)
        factories.handed_in_review(case, factories.person(Office.REVIEWER, name="審査 別人"))
        sessions.begin(me)
        db.session.commit()
        email = me.email
    return app, email


def exported(app: Flask, email: str, folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    target = folder / "mine.zip"
    done = run(app, "people", "export", email, str(target))
    assert done.exit_code == 0, done.output
    with ZipFile(target) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    return json.loads(files.pop("about-you.json")), files


def test_every_table_with_personal_columns_is_told_or_says_why_not() -> None:
    personal = {name for name, held in TABLES.items() if held.personal}
    assert set(disclosure.WHOSE) | set(disclosure.NOT_OF_ONE_PERSON) == personal
    assert not set(disclosure.WHOSE) & set(disclosure.NOT_OF_ONE_PERSON)


def test_it_holds_what_is_theirs(world: tuple[Flask, str], tmp_path: Path) -> None:
    app, email = world
    about, files = exported(app, email, tmp_path)
    rows = about["rows"]
    assert rows["people"][0]["name"] == MINE
    assert rows["operators"][0]["phone"] == "076-000-1111"
    assert {one["note"] for one in rows["history_details"]} >= {"わたしの事情"}
    assert len(rows["reviews"]) == len(rows["sign_ins"]) == 1
    assert len(rows["findings"]) > 5
    assert {one["recipient"] for one in rows["mails"] if "recipient" in one} == {email}
    assert list(files.values()) == [factories.PDF]
    assert next(iter(files)).endswith("わたしの証拠.pdf")
    assert set(about["explained"]) == {name for name, given in rows.items() if given}


def test_it_holds_nothing_of_others_and_no_secret(world: tuple[Flask, str], tmp_path: Path) -> None:
    app, email = world
    about, _ = exported(app, email, tmp_path)
    text = json.dumps(about, ensure_ascii=False)
    with app.app_context():
        others = db.session.execute(
            select(Person.name, Person.email).where(Person.email != email)
        ).all()
    assert len(others) > 2
    assert [one for row in others for one in row if one in text] == []
    for name in ("代表 別人", "審査 別人", "$argon2"):
        assert name not in text
    for secret in SECRETS:
        table, column = secret.split(".")
        assert all(column not in row for row in about["rows"].get(table, []))


def test_every_column_that_points_to_them_is_looked_at(world: tuple[Flask, str]) -> None:
    app, email = world
    pointing = {
        t.name
        for t in Base.metadata.sorted_tables
        for c in t.columns
        if any(key.target_fullname == "people.id" for key in c.foreign_keys)
    }
    assert pointing <= set(disclosure.WHOSE)
    with app.app_context():
        person = people.by_address(email)
        assert person is not None
        found = disclosure.of_person("history_details", person)
        assert all(one["name"] == MINE for one in found)
        assert history.verify() is None


def test_a_file_that_is_there_is_not_overwritten(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), writing():
        email = factories.person().email
        db.session.commit()
    target = tmp_path / "mine.zip"
    target.write_text("something else")
    done = run(app, "people", "export", email, str(target))
    assert done.exit_code == 1
    assert "there is such a file already" in done.stderr
    assert target.read_text() == "something else"
