"""What never changes is refused by the database itself, with a sentence that says so."""
# ruff: noqa: S608 - the changes are written by hand

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from accreditation.extensions import db
from accreditation.models import Accreditation, Base, HistoryDetail, triggers
from tests.models import world
from tests.stages import Stages

WHOLE = ["history", "submissions", "decisions", "certificates", "scheme_versions"]
MARKS = {"submissions.erased_at"}  # which says that a part of the row was erased
REFUSED = {
    **{f"DELETE FROM {table}": f"{table}: " for table in WHOLE},
    "DELETE FROM accreditations": "accreditations: an accreditation is never deleted",
    "UPDATE accreditations SET number = 'R99-0001'": "accreditations: number and site never change",
    "UPDATE accreditations SET site_id = site_id + 1": "number and site never change",
    "UPDATE history_details SET salt = 'x'": "history_details: details are never changed",
}


@pytest.fixture
def filled(context: Flask, stages: Stages) -> None:
    """A database in which every table has a row."""
    stages.set(context, world.fill)


def words_of(statement: str) -> str:
    """Try a statement that must fail, undo it, and give the database's own words."""
    with pytest.raises(IntegrityError) as caught, db.session.begin_nested():
        db.session.execute(text(statement))
    return str(caught.value.orig)


@pytest.mark.usefixtures("filled")
def test_no_column_of_what_never_changes_can_be_changed(subtests: pytest.Subtests) -> None:
    for table in WHOLE:
        for column in Base.metadata.tables[table].columns:
            if str(column) in MARKS:
                continue
            with subtests.test(str(column)):
                said = words_of(f"UPDATE {table} SET {column.name} = {column.name}")
                assert f"{table}: " in said
                assert "never changed and never deleted" in said


@pytest.mark.usefixtures("filled")
def test_a_change_is_refused_in_words(subtests: pytest.Subtests) -> None:
    for statement, words in REFUSED.items():
        with subtests.test(statement):
            assert words in words_of(statement)


@pytest.mark.usefixtures("filled")
def test_replacing_and_emptying_are_refused_too(subtests: pytest.Subtests) -> None:
    sqlite = db.engine.dialect.name == "sqlite"
    for table in WHOLE:
        with subtests.test(table):
            replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
            assert f"{table}: " in words_of(replace if sqlite else f"TRUNCATE {table} CASCADE")


@pytest.mark.usefixtures("filled")
def test_what_a_law_lets_be_erased_can_be_erased() -> None:
    db.session.execute(text("DELETE FROM history_details"))
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(HistoryDetail)) == 0


@pytest.mark.usefixtures("filled")
def test_what_was_sent_changes_only_where_it_says_that_a_part_was_erased() -> None:
    db.session.execute(text("UPDATE submissions SET content = '{}', erased_at = sent_at"))
    db.session.commit()
    said = words_of("UPDATE submissions SET content = '[]', erased_at = NULL")
    assert "what was sent is never changed" in said


@pytest.mark.usefixtures("filled")
def test_what_changes_by_right_still_changes() -> None:
    accreditation = db.session.scalars(select(Accreditation)).one()
    accreditation.search_text = "by another name"
    db.session.commit()
    assert accreditation.search_text == "by another name"


def test_every_trigger_is_there_and_as_it_is_written_down(context: Flask) -> None:
    del context
    assert {one.name for one in triggers.expected("sqlite")} <= {
        one.name for one in triggers.expected("postgresql")
    }
    assert triggers.found(db.session.connection()) == {
        one.name: one.created(db.engine.dialect.name)
        for one in triggers.expected(db.engine.dialect.name)
    }
