"""Every invariant holds of what the services write, and each is named when it is broken."""
# ruff: noqa: S608 - the damage is done by hand

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from accreditation.extensions import db, writing
from accreditation.models import Base, Document, Evidence
from accreditation.services.invariants import checking
from accreditation.services.invariants.records import FILES
from tests import disk, factories, triggers
from tests.console import run
from tests.models import world
from tests.test_migrations import folder_with
from workflows.application import ApplicationState

FIRST = "(SELECT min(id) FROM {})"
ACCREDITED = (
    "(SELECT application_id FROM certificates WHERE id = (SELECT min(id) FROM certificates))"
)
DRAFT = "(SELECT id FROM applications WHERE state = 'draft')"
ENTRY = "(SELECT max(sequence) FROM history WHERE subject_type = '{}')"


def twin(table: str, column: str) -> str:
    """Write a statement that copies the first row of a table, with another word in a column."""
    names = [one.name for one in Base.metadata.tables[table].columns if one.name != "id"]
    values = ["'twin'" if name == column else name for name in names]
    return (
        f"INSERT INTO {table} (id, {', '.join(names)}) SELECT 90000, {', '.join(values)}"
        f" FROM {table} WHERE id = {ACCREDITED if table == 'applications' else FIRST.format(table)}"
    )


# Invariant -> the damage of which it has to speak.
DAMAGE: dict[str, list[list[str]]] = {
    "one_running_application": [
        ["DROP INDEX uq_applications_running", twin("applications", "key")]
    ],
    "submissions_consecutive": [
        ["UPDATE submissions SET number = 2"],
        ["UPDATE applications SET state = 'submitted' WHERE state = 'draft'"],
    ],
    "decision_fits_state": [
        ["UPDATE decisions SET outcome = 'refused', reasons = 'x'"],
        ["UPDATE applications SET state = 'refused' WHERE state = 'accredited'"],
        [f"UPDATE applications SET state = 'listed' WHERE id = {ACCREDITED}"],
        ["UPDATE applications SET state = 'accredited' WHERE state = 'draft'"],
    ],
    "decider_did_not_evaluate": [
        ["UPDATE decisions SET decided_by_id = (SELECT min(reviewer_id) FROM reviews)"],
        ["UPDATE decisions SET decided_by_id = (SELECT settled_by_id FROM reconciliations)"],
    ],
    "one_running_accreditation": [
        ["DROP INDEX uq_accreditations_running", twin("accreditations", "number")]
    ],
    "one_certificate_per_grant": [
        ["DELETE FROM certificates WHERE id = (SELECT max(id) FROM certificates)"],
        ["UPDATE decisions SET outcome = 'refused', reasons = 'x'"],
    ],
    "certificate_of_its_case": [
        ["UPDATE certificates SET valid_from = '2026-01-01'"],
        [f"UPDATE certificates SET application_id = {DRAFT} WHERE edition = 1 AND id = 1"],
    ],
    "editions_consecutive": [
        ["UPDATE certificates SET edition = 2"],
        ["DROP INDEX uq_accreditations_running", twin("accreditations", "number")],
    ],
    "accreditation_shows_newest": [["UPDATE accreditations SET valid_until = '2031-03-31'"]],
    "document_of_one_thing": [
        ["UPDATE documents SET kind = 'notice' WHERE kind = 'certificate'"],
        ["UPDATE incentives SET document_id = NULL"],
    ],
    "incentive_whole": [
        ["UPDATE incentives SET document_id = NULL"],
        ["UPDATE incentives SET amount_yen = 0"],
    ],
    "budget_committed": [
        ["UPDATE programmes SET committed_yen = committed_yen + 1"],
        ["UPDATE incentives SET state = 'cancelled'"],
    ],
    "state_is_last_in_history": [
        ["UPDATE reviews SET state = 'open'"],
        ["UPDATE accreditations SET state = 'suspended'"],
        [f"UPDATE history SET to_state = 'x' WHERE sequence = {ENTRY.format('incentive')}"],
    ],
    "states_follow_each_other": [
        ["UPDATE history SET from_state = 'returned' WHERE act = 'accept'"],
    ],
    "acts_are_in_history": [
        ["UPDATE history SET act = 'x' WHERE act = 'accredit'"],
        ["UPDATE history SET act = 'x' WHERE act = 'submit'"],
        ["UPDATE history SET act = 'x' WHERE act = 'grant'"],
        ["UPDATE history SET act = 'x' WHERE act = 'offer'"],
        ["UPDATE history SET act = 'submit' WHERE act = 'accept'"],
    ],
    "nothing_issued_while_paused": [
        ["UPDATE history SET subject_type = 'switch', act = 'pause' WHERE act = 'list'"]
    ],
    "steps_have_their_mails": [
        [f"DELETE FROM mails WHERE history_sequence = {ENTRY.format('application')}"]
    ],
    "nobody_told_twice": [
        ["UPDATE mails SET recipient = 'a@example.jp' WHERE history_sequence IS NOT NULL"]
    ],
    "certificate_numbers": [
        ["UPDATE accreditations SET number = 'R08-0009' WHERE number = 'R08-0001'"],
        ["UPDATE number_series SET last = last + 1 WHERE series = 'certificate'"],
        ["DELETE FROM number_series"],
    ],
    "incentive_numbers": [
        ["UPDATE incentives SET number = 'I-R08-0009'"],
        ["UPDATE number_series SET last = last + 1 WHERE series = 'incentive'"],
    ],
    "submissions_unchanged": [["UPDATE submissions SET content = '{}'"]],
    "schemes_unchanged": [["UPDATE scheme_versions SET text = 'x'"]],
    "history_whole": [["UPDATE history SET party = 'x' WHERE sequence = 5"]],
    "register_shows_newest": [
        ["DELETE FROM certified_indicators WHERE indicator = 1"],
        ["INSERT INTO certified_indicators SELECT id, 8 FROM accreditations"],
    ],
    "no_orphans": [
        ["UPDATE sites SET operator_id = 987654"],
        [
            "DELETE FROM mails",
            "DELETE FROM history_details",
            "UPDATE history SET subject_id = 9876",
        ],
    ],
    "constraints_there": [["DROP INDEX uq_applications_running"]],
    "triggers_there": [[]],
}


@pytest.fixture
def filled(context: Flask) -> Iterator[None]:
    """A database in which every table has a row, two accreditations among them."""
    del context
    world.fill()
    factories.application(ApplicationState.ACCREDITED)
    db.session.commit()
    yield
    db.session.rollback()


def broken() -> set[str]:
    return {one.invariant.name for one in checking.check() if one.offending}


def noticed(name: str, *statements: str) -> bool:
    """Damage the database by hand, say whether an invariant names it, and undo the damage."""
    postgresql = db.engine.dialect.name == "postgresql"
    unwatched = "SET LOCAL session_replication_role = replica"
    try:
        db.session.execute(text(unwatched if postgresql else "PRAGMA defer_foreign_keys = ON"))
        triggers.drop()
        for statement in statements:
            db.session.execute(text(statement))
        db.session.expire_all()
        (invariant,) = (one for one in checking.ALL if one.name == name)
        return tuple(invariant.offending()) != ()
    finally:
        db.session.rollback()


def test_every_invariant_is_tried() -> None:
    assert {one.name for one in checking.ALL} == set(DAMAGE)


@pytest.mark.usefixtures("filled")
def test_each_is_named_when_it_is_broken(subtests: pytest.Subtests) -> None:
    assert broken() == set()
    db.session.rollback()
    for name, damages in DAMAGE.items():
        for statements in damages:
            with subtests.test(name, statements=statements):
                assert noticed(name, *statements)
    assert broken() == set()


@pytest.fixture
def stored(app: Flask) -> Flask:
    """An installation with an accreditation, its documents made."""
    with app.app_context(), writing():
        world.fill()
    app.extensions["jobs"].sweep()
    return app


def test_the_command_says_each_sentence_and_that_it_is_true(stored: Flask) -> None:
    done = run(stored, "invariants", "--files")
    lines = done.stdout.splitlines()
    assert (done.exit_code, lines[-1]) == (0, "All of it is true.")
    told = {*checking.ALL, *FILES}
    assert set(lines[:-1]) == {f"ok     {one.name}: {one.sentence}" for one in told}


def test_the_command_names_what_is_broken_with_its_rows(stored: Flask) -> None:
    with stored.app_context(), writing():
        db.session.execute(text("UPDATE programmes SET committed_yen = committed_yen + 1"))
        db.session.commit()
    done = run(stored, "invariants")
    assert done.exit_code == 1
    assert done.stderr == "Error: 1 of what must be true is not\n"
    _before, _break, after = done.stdout.partition("BROKEN budget_committed: ")
    assert "programme 1, committed_yen 100001, granted_yen 100000" in after.splitlines()[1]


def test_files_that_are_lost_or_bent_are_named_when_they_are_asked_for(stored: Flask) -> None:
    with stored.app_context():
        disk.lose(db.session.scalars(select(Evidence.sha256)).first() or "")
        disk.bend(db.session.scalars(select(Document.sha256)).first() or "")
        assert run(stored, "invariants").exit_code == 0
        done = run(stored, "invariants", "--files")
    assert done.exit_code == 1
    rows = done.stdout.partition("BROKEN files_there: ")[2].splitlines()[1:]
    assert [row.split()[0] for row in rows] == ["evidence", "document"]


REBUILD = """with op.batch_alter_table("submissions", recreate="always") as batch:
        batch.alter_column("number", existing_type=sa.Integer(), nullable=False)"""


def test_a_migration_that_loses_a_trigger_is_found_out(context: Flask, tmp_path: Path) -> None:
    del context
    upgrade(directory=folder_with(tmp_path, REBUILD))
    assert {"triggers_there"} <= broken()
