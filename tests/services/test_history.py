"""The chain of the history: it verifies, also after details were erased."""

import json

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from accreditation.cli import accreditation
from accreditation.extensions import db, to_json, writing
from accreditation.models import HistoryDetail, HistoryEntry, HistoryHead
from accreditation.services import history
from accreditation.services.canonical import canonical
from tests import factories, triggers
from tests.services import chains
from tests.services.chains import LAST, WORDS, hash_of
from workflows.application import ApplicationState


@pytest.fixture
def chain(context: Flask) -> list[HistoryEntry]:
    """A short history."""
    del context
    return chains.make()


@pytest.mark.usefixtures("context")
def test_an_empty_history_is_whole() -> None:
    assert history.verify() is None


@pytest.mark.usefixtures("chain")
def test_a_chain_verifies_as_it_comes_back_from_the_database() -> None:
    assert history.verify() is None
    entry = db.session.get_one(HistoryEntry, LAST)
    assert entry.detail is not None
    assert entry.detail.content["note"] == WORDS
    assert entry.detail.content["details"]["項目"] == WORDS


def test_each_entry_names_the_one_before_whatever_its_subject(chain: list[HistoryEntry]) -> None:
    assert [entry.sequence for entry in chain] == list(range(1, LAST + 1))
    assert [entry.subject_type for entry in chain[:3]] == ["person", "application", "site"]
    hashes = [entry.hash for entry in chain]
    assert [entry.previous_hash for entry in chain] == [history.GENESIS, *hashes[:-1]]
    head = db.session.get_one(HistoryHead, 1)
    assert (head.sequence, head.hash) == (LAST, hashes[-1])


def test_the_same_event_never_commits_to_the_same_value(chain: list[HistoryEntry]) -> None:
    assert len({entry.commitment for entry in chain}) == LAST
    details = db.session.scalars(select(HistoryDetail)).all()
    assert len({detail.salt for detail in details}) == LAST
    assert all(len(bytes.fromhex(detail.salt)) == 32 for detail in details)


def test_the_chain_itself_holds_no_names_and_no_texts(chain: list[HistoryEntry]) -> None:
    columns = [column.key for column in HistoryEntry.__table__.columns]
    stored = json.dumps([[str(getattr(e, c)) for c in columns] for e in chain])
    assert json.dumps("髙橋")[1:-1] not in stored


@pytest.mark.usefixtures("context")
def test_the_history_of_a_whole_case_verifies_and_lists_its_steps() -> None:
    made = factories.application(ApplicationState.ACCREDITED)
    db.session.commit()
    assert history.verify() is None
    acts = [entry.act for entry in history.of_application(made.id)]
    steps = ["start", "submit", "accept", "assign", "declare_none", "hand_in", "list", "grant"]
    assert [act for act in dict.fromkeys(acts) if act in steps] == steps
    assert acts[-1] == "accredit"


def test_the_hash_is_what_its_description_says(chain: list[HistoryEntry]) -> None:
    for entry in chain:
        assert entry.hash == hash_of(entry, entry.sequence, entry.act, entry.previous_hash)


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("gone", ["sequence = 1", "sequence IN (2, 5)", "sequence > 0"])
def test_details_may_be_erased_and_the_chain_still_verifies(gone: str) -> None:
    db.session.execute(text(f"DELETE FROM history_details WHERE {gone}"))  # noqa: S608
    db.session.commit()
    assert history.verify() is None
    assert db.session.get_one(HistoryEntry, 2).act == "act2"
    history.record(history.Event("site", 1, "goes_on", None, "system"))
    db.session.commit()
    assert history.verify() is None


@pytest.mark.usefixtures("chain")
def test_what_is_rolled_back_leaves_no_entry() -> None:
    history.record(history.Event("site", 1, "never", None, "system"))
    db.session.rollback()
    history.record(history.Event("site", 1, "happened", None, "system"))
    db.session.commit()
    assert [e.act for e in db.session.scalars(select(HistoryEntry).offset(LAST))] == ["happened"]
    assert history.verify() is None


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.integers(0, 20), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON_LIKE.filter(lambda value: len(to_json(value)) > 2))
def test_data_has_the_same_hash_after_it_was_stored(value: object) -> None:
    assert canonical(json.loads(to_json(value))) == canonical(value)


def test_the_command_says_that_the_history_is_whole(app: Flask) -> None:
    with app.app_context(), writing():
        chains.make()
    done = app.test_cli_runner().invoke(accreditation, ["history", "verify"])
    assert (done.exit_code, done.stdout) == (0, "The history is whole.\n")


def test_the_command_names_the_first_broken_entry(app: Flask) -> None:
    with app.app_context(), writing():
        chains.make()
        triggers.drop("history")
        db.session.execute(text("UPDATE history SET act = 'x' WHERE sequence IN (3, 5)"))
        db.session.commit()
    done = app.test_cli_runner().invoke(accreditation, ["history", "verify"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: entry 3: the entry was changed\n"
