"""Whatever is done to the history behind the application's back is found."""
# ruff: noqa: S608 - tampering is written by hand

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accreditation.extensions import db
from accreditation.models import HistoryDetail, HistoryEntry
from accreditation.services import history
from accreditation.services.history import Break
from tests import triggers
from tests.services import chains
from tests.services.chains import LAST, WORDS, hash_of

CHANGED = "the entry was changed"
LINK = "the link to the entry before is broken"
DETAILS = "the details were changed"
MISSING = "the entry is missing"
END = "the end of the chain does not match its head"
DROP_DETAILS = "DELETE FROM history_details"


@pytest.fixture
def chain(context: Flask) -> list[HistoryEntry]:
    """A short history."""
    del context
    return chains.make()


def tampered(*statements: str) -> Break | None:
    """Change the database behind the application's back, verify, and undo the change."""
    triggers.drop("history", "history_details")
    for statement in statements:
        db.session.execute(text(statement))
    db.session.expire_all()
    try:
        return history.verify()
    finally:
        db.session.rollback()


A = "'" + "a" * 64 + "'"
CHANGES = {
    "at = '2020-01-01 00:00:00'": CHANGED,
    "subject_type = 'siteX'": CHANGED,
    "subject_id = 999": CHANGED,
    "application_id = 999": CHANGED,
    "application_id = NULL": CHANGED,
    "act = 'withdraw'": CHANGED,
    "party = 'council'": CHANGED,
    "from_state = 'returned'": CHANGED,
    "from_state = NULL": CHANGED,
    "to_state = 'accredited'": CHANGED,
    "to_state = NULL": CHANGED,
    f"commitment = {A}": CHANGED,
    f"previous_hash = {A}": LINK,
    f"hash = {A}": CHANGED,
    "hash = ''": CHANGED,
}


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("sequence", [2, 4, LAST])
def test_an_entry_that_was_changed_is_found(sequence: int, subtests: pytest.Subtests) -> None:
    for change, problem in CHANGES.items():
        with subtests.test(change):
            broken = tampered(f"UPDATE history SET {change} WHERE sequence = {sequence}")
            assert broken == Break(sequence, problem)


def test_every_column_of_an_entry_is_tried() -> None:
    tried = {change.split(" = ")[0] for change in CHANGES}
    assert {column.key for column in HistoryEntry.__table__.columns} == {"sequence", *tried}


@pytest.mark.usefixtures("chain")
def test_details_that_were_changed_are_found(subtests: pytest.Subtests) -> None:
    other = "(SELECT content FROM history_details WHERE sequence = 4)"
    for change, sequence in {
        "salt = '" + "0" * 64 + "' WHERE sequence = 3": 3,
        "salt = 'not hexadecimal' WHERE sequence = 1": 1,
        "salt = '' WHERE sequence = 6": 6,
        "content = '{}' WHERE sequence = 2": 2,
        "content = '[]' WHERE sequence = 2": 2,
        f"content = {other} WHERE sequence = 2": 2,
        f"content = {other}": 1,
    }.items():
        with subtests.test(change):
            assert tampered(f"UPDATE history_details SET {change}") == Break(sequence, DETAILS)


@pytest.mark.usefixtures("chain")
def test_one_changed_letter_of_a_note_is_found() -> None:
    triggers.drop("history_details")
    detail = db.session.get_one(HistoryDetail, 5)
    detail.content = {**detail.content, "note": WORDS.replace("髙", "高")}
    db.session.commit()
    assert history.verify() == Break(5, DETAILS)


@pytest.mark.usefixtures("chain")
def test_of_several_changes_the_first_is_named() -> None:
    broken = tampered(
        "UPDATE history SET act = 'x' WHERE sequence IN (3, 5)",
        "UPDATE history_details SET salt = 'x' WHERE sequence = 4",
    )
    assert broken == Break(3, CHANGED)


@pytest.mark.usefixtures("chain")
def test_entries_that_were_deleted_are_found(subtests: pytest.Subtests) -> None:
    for gone, expected in {
        "sequence = 1": Break(1, MISSING),
        "sequence = 4": Break(4, MISSING),
        "sequence IN (3, 4)": Break(3, MISSING),
        "sequence = 6": Break(6, END),
        "sequence >= 4": Break(4, END),
        "sequence > 0": Break(1, END),
    }.items():
        with subtests.test(gone):
            assert tampered(DROP_DETAILS, f"DELETE FROM history WHERE {gone}") == expected


@pytest.mark.usefixtures("chain")
def test_closing_the_gap_of_a_deleted_entry_is_found() -> None:
    broken = tampered(
        DROP_DETAILS,
        "DELETE FROM history WHERE sequence = 4",
        "UPDATE history SET sequence = 4 WHERE sequence = 5",
        "UPDATE history SET sequence = 5 WHERE sequence = 6",
        "UPDATE history_head SET sequence = 5",
    )
    assert broken == Break(4, LINK)


@pytest.mark.usefixtures("chain")
def test_entries_that_changed_places_are_found() -> None:
    broken = tampered(
        DROP_DETAILS,
        "UPDATE history SET sequence = 100 WHERE sequence = 3",
        "UPDATE history SET sequence = 3 WHERE sequence = 4",
        "UPDATE history SET sequence = 4 WHERE sequence = 100",
    )
    assert broken == Break(3, LINK)


@pytest.mark.usefixtures("chain")
def test_a_head_that_was_changed_is_found(subtests: pytest.Subtests) -> None:
    before = "sequence = 5, hash = (SELECT hash FROM history WHERE sequence = 5)"
    for change, expected in {
        before: Break(6, END),
        "sequence = 5": Break(6, END),
        "sequence = 7": Break(7, END),
        f"hash = {A}": Break(6, END),
    }.items():
        with subtests.test(change):
            assert tampered(f"UPDATE history_head SET {change}") == expected


@pytest.mark.usefixtures("chain")
def test_a_head_that_is_gone_is_found() -> None:
    assert tampered("DELETE FROM history_head") == Break(1, END)


def copied(sequence: int, previous: str, digest: str) -> str:
    """Write an entry like the last one under another number."""
    return (
        "INSERT INTO history (sequence, at, subject_type, subject_id, application_id, act, party,"
        " from_state, to_state, commitment, previous_hash, hash)"
        f" SELECT {sequence}, at, subject_type, subject_id, application_id, act, party,"
        f" from_state, to_state, commitment, '{previous}', '{digest}'"
        " FROM history WHERE sequence = 6"
    )


def test_an_entry_slipped_in_at_the_end_is_found(chain: list[HistoryEntry]) -> None:
    last = chain[-1]
    digest = hash_of(last, 7, last.act, last.hash)
    assert tampered(copied(7, last.hash, digest)) == Break(7, END)


def test_an_entry_slipped_in_before_the_first_is_found(chain: list[HistoryEntry]) -> None:
    digest = hash_of(chain[-1], 0, chain[-1].act, history.GENESIS)
    expected = Break(0, "the entry does not belong to the chain")
    assert tampered(copied(0, history.GENESIS, digest)) == expected


def test_a_forged_entry_with_its_hash_made_anew_breaks_the_next_link(
    chain: list[HistoryEntry],
) -> None:
    entry = chain[3]
    digest = hash_of(entry, 4, "forged", entry.previous_hash)
    change = f"UPDATE history SET act = 'forged', hash = '{digest}' WHERE sequence = 4"
    assert tampered(change) == Break(5, LINK)


def test_a_forged_last_entry_with_its_hash_made_anew_breaks_the_head(
    chain: list[HistoryEntry],
) -> None:
    entry = chain[-1]
    digest = hash_of(entry, 6, "forged", entry.previous_hash)
    change = f"UPDATE history SET act = 'forged', hash = '{digest}' WHERE sequence = 6"
    assert tampered(change) == Break(6, END)


@pytest.mark.usefixtures("chain")
def test_what_can_no_longer_be_read_is_named_or_refused(subtests: pytest.Subtests) -> None:
    checks = db.engine.dialect.name == "postgresql"  # SQLite stores whatever it is given
    for statement, sequence in {
        "UPDATE history_details SET content = 'no JSON' WHERE sequence = 4": 4,
        "UPDATE history SET at = 'long ago' WHERE sequence = 3": 3,
        "UPDATE history SET at = 5 WHERE sequence = 5": 5,
    }.items():
        with subtests.test(statement):
            if checks:
                with pytest.raises(DBAPIError):
                    tampered(statement)
                db.session.rollback()
            else:
                assert tampered(statement) == Break(sequence, "the entry can't be read")


@pytest.mark.usefixtures("chain")
def test_details_put_back_differently_are_found() -> None:
    db.session.execute(text("DELETE FROM history_details WHERE sequence = 3"))
    db.session.expunge_all()
    db.session.add(HistoryDetail(sequence=3, salt="ab" * 32, content={"name": "somebody else"}))
    db.session.commit()
    assert history.verify() == Break(3, DETAILS)
