"""What must never be stored is refused by the database itself, by a constraint with a name."""
# ruff: noqa: S608 - bad rows are written by hand

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Enum, Index, Table, UniqueConstraint, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.schema import CheckConstraint

from accreditation.extensions import db
from accreditation.models import Base, Site
from tests import triggers
from tests.models import world
from tests.stages import Stages

A = "'" + "a" * 64 + "'"
# Constraint -> a change to a good row that it has to refuse.
CHECKS = {
    "ck_calls_opens_before_it_closes": ["UPDATE calls SET closes_at = opens_at"],
    "ck_calls_title_en_not_blank": ["UPDATE calls SET title_en = ''"],
    "ck_calls_title_ja_not_blank": ["UPDATE calls SET title_ja = '  '"],
    "ck_certificates_begins_before_it_ends": [
        "UPDATE certificates SET valid_from = '2027-12-02', valid_until = '2027-12-01'"
    ],
    "ck_certificates_edition_counts_from_one": [
        "UPDATE certificates SET edition = 0",
        "UPDATE certificates SET edition = -1",
    ],
    "ck_decisions_refusal_has_reasons": [
        "UPDATE decisions SET outcome = 'refused', reasons = ''",
        "UPDATE decisions SET outcome = 'refused', reasons = '  '",
    ],
    "ck_documents_made_whole_or_not_at_all": [
        "UPDATE documents SET made_at = '2026-01-01 00:00:00'",
        f"UPDATE documents SET sha256 = {A}",
        "UPDATE documents SET size = 1",
        f"UPDATE documents SET sha256 = {A}, size = 1",
    ],
    "ck_evidence_not_empty": [
        "UPDATE evidence SET size = 0",
        "UPDATE evidence SET size = -1",
    ],
    "ck_history_head_one_row": [f"INSERT INTO history_head VALUES (2, 0, {A})"],
    "ck_incentives_amount_not_negative": ["UPDATE incentives SET amount_yen = -1"],
    "ck_incentives_number_when_granted": [
        "UPDATE incentives SET number = NULL",
        "UPDATE incentives SET state = 'unfunded'",
    ],
    "ck_invitations_email_not_blank": ["UPDATE invitations SET email = ' '"],
    "ck_invitations_role_of_operator": [
        "UPDATE invitations SET role = NULL WHERE role IS NOT NULL",
        "UPDATE invitations SET role = 'editor' WHERE role IS NULL",
    ],
    "ck_invitations_to_one_thing": [
        "UPDATE invitations SET office = NULL WHERE office IS NOT NULL",
        "UPDATE invitations SET office = 'council' WHERE office IS NULL",
    ],
    "ck_number_series_last_not_negative": ["UPDATE number_series SET last = -1"],
    "ck_operators_name_ja_not_blank": ["UPDATE operators SET name_ja = ' '"],
    "ck_passkeys_name_not_blank": ["UPDATE passkeys SET name = ' '"],
    "ck_people_email_not_blank": ["UPDATE people SET email = '' WHERE id = 1"],
    "ck_people_name_not_blank": ["UPDATE people SET name = ' '"],
    "ck_programmes_amount_fits_kind": [
        "UPDATE programmes SET amount_yen = 0",
        "UPDATE programmes SET amount_yen = -1",
        "UPDATE programmes SET kind = 'benefit'",
    ],
    "ck_programmes_committed_not_negative": ["UPDATE programmes SET committed_yen = -1"],
    "ck_programmes_name_en_not_blank": ["UPDATE programmes SET name_en = ' '"],
    "ck_programmes_name_ja_not_blank": ["UPDATE programmes SET name_ja = ''"],
    "ck_programmes_within_budget": [
        "UPDATE programmes SET committed_yen = budget_yen + 1",
        "UPDATE programmes SET budget_yen = committed_yen - 1",
    ],
    "ck_reconciliations_reason_not_blank": ["UPDATE reconciliations SET reason = ' '"],
    "ck_sites_name_ja_not_blank": ["UPDATE sites SET name_ja = ''"],
    "ck_switches_reason_while_paused": [
        "UPDATE switches SET reason = 'nothing is paused'",
        "UPDATE switches SET paused_at = '2026-01-01 00:00:00'",
        "UPDATE switches SET paused_at = '2026-01-01 00:00:00', reason = ' '",
    ],
}
UNIQUE = {
    "uq_accreditations_number",
    "uq_accreditations_running",
    "uq_answers_application_id_item",
    "uq_applications_key",
    "uq_applications_running",
    "uq_appointments_person_id_office",
    "uq_attachments_answer_id_evidence_id",
    "uq_calls_key",
    "uq_challenges_challenge_hash",
    "uq_certificates_accreditation_id_edition",
    "uq_certificates_application_id",
    "uq_certificates_code",
    "uq_certificates_decision_id",
    "uq_certificates_document_id",
    "uq_decisions_application_id",
    "uq_erasures_what_subject",
    "uq_evidence_key",
    "uq_findings_review_id_item",
    "uq_idempotency_keys_key_hash",
    "uq_incentives_document_id",
    "uq_incentives_key",
    "uq_incentives_number",
    "uq_incentives_programme_id_certificate_id",
    "uq_invitations_key",
    "uq_invitations_token_hash",
    "uq_mails_message_id",
    "uq_memberships_operator_id_person_id",
    "uq_one_time_links_token_hash",
    "uq_operators_key",
    "uq_passkeys_credential_id",
    "uq_people_email",
    "uq_people_key",
    "uq_practices_site_id_indicator",
    "uq_programmes_key",
    "uq_recovery_codes_code_hash",
    "uq_reviews_application_id_reviewer_id",
    "uq_reviews_key",
    "uq_scheme_versions_scheme_version",
    "uq_sign_ins_token_hash",
    "uq_sites_key",
    "uq_submissions_application_id_number",
    "uq_switches_name",
}
TABLES = Base.metadata.sorted_tables
CHECKS |= {
    f"ck_{table.name}_{column.type.name}": [f"UPDATE {table.name} SET {column.name} = 'nonsense'"]
    for table in TABLES
    for column in table.columns
    if isinstance(column.type, Enum)
}
# An invitation to an operator has no office, one to an office no role.
CHECKS["ck_invitations_office"] = ["UPDATE invitations SET office = 'none' WHERE role IS NULL"]
CHECKS["ck_invitations_memberrole"] = ["UPDATE invitations SET role = 'none' WHERE office IS NULL"]
_fresh = count(100_000)


@pytest.fixture
def filled(context: Flask, stages: Stages) -> None:
    """A database in which every table has a row, and nothing but constraints guards it."""
    stages.set(context, world.fill)
    triggers.drop()
    db.session.commit()


def refused(statement: Any, values: dict[str, Any] | None = None) -> str:
    """Try a statement that must fail, undo it, and give the database's own words."""
    with pytest.raises(IntegrityError) as caught, db.session.begin_nested():
        db.session.execute(statement, values or {})
    return str(caught.value.orig)


def unique_of(table: Table) -> Iterator[UniqueConstraint | Index]:
    yield from (one for one in table.constraints if isinstance(one, UniqueConstraint))
    yield from (one for one in table.indexes if one.unique)


def known_as(rule: UniqueConstraint | Index) -> str:
    """Give the words by which the database names it: SQLite names the columns."""
    if db.engine.dialect.name == "postgresql":
        return str(rule.name)
    return ", ".join(f"{column.table.name}.{column.name}" for column in rule.columns)


def twin(table: Table, rule: UniqueConstraint | Index) -> dict[str, Any]:
    """Copy a row so that it is like another one in the columns of this rule only."""
    row = dict(db.session.execute(select(table).limit(1)).mappings().one())
    same = {column.name for column in rule.columns}
    for other in [table.primary_key, *unique_of(table)]:
        free = next((one for one in other.columns if one.name not in same), None)
        if free is not None:
            number = next(_fresh)
            row[free.name] = number if free.type.python_type is int else f"new{number}"
    return row


@pytest.mark.usefixtures("filled")
def test_every_table_has_a_row() -> None:
    empty = [t.name for t in TABLES if db.session.execute(select(t).limit(1)).first() is None]
    assert empty == []


def test_every_check_is_tried() -> None:
    found = {
        str(one.name)
        for table in TABLES
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }
    assert found == set(CHECKS)


@pytest.mark.usefixtures("filled")
def test_a_check_refuses_what_it_names(subtests: pytest.Subtests) -> None:
    for name, statements in CHECKS.items():
        for statement in statements:
            with subtests.test(statement):
                assert name in refused(text(statement))


def test_every_rule_that_something_is_there_once_is_tried() -> None:
    assert {str(rule.name) for table in TABLES for rule in unique_of(table)} == UNIQUE


@pytest.mark.usefixtures("filled")
def test_nothing_is_there_twice(subtests: pytest.Subtests) -> None:
    for table in TABLES:
        for rule in unique_of(table):
            with subtests.test(str(rule.name)):
                assert known_as(rule) in refused(insert(table), twin(table, rule))


@pytest.mark.usefixtures("filled")
def test_nothing_points_to_what_is_not_there(subtests: pytest.Subtests) -> None:
    keys = [key for table in TABLES for key in table.foreign_key_constraints]
    assert len(keys) > 30
    for key in keys:
        (column,) = key.columns
        with subtests.test(str(key.name)):
            chosen = f"SELECT min({column.name}) FROM {key.table.name}"
            words = refused(
                text(
                    f"UPDATE {key.table.name} SET {column.name} = 987654"
                    f" WHERE {column.name} = ({chosen})"
                )
            )
            assert str(key.name) in words or "FOREIGN KEY constraint failed" in words


@pytest.mark.usefixtures("filled")
def test_nothing_that_is_needed_is_missing(subtests: pytest.Subtests) -> None:
    for table in TABLES:
        for column in table.columns:
            if not column.nullable and not column.primary_key:
                with subtests.test(str(column)):
                    words = refused(text(f"UPDATE {table.name} SET {column.name} = NULL"))
                    assert column.name in words


@pytest.mark.usefixtures("filled")
def test_one_running_application_for_a_site_in_a_call() -> None:
    running = ["draft", "submitted", "returned", "in_review", "listed", "accredited", "refused"]
    ended = ["withdrawn", "declined"]
    table = Base.metadata.tables["applications"]
    assert [is_allowed(table, state) for state in running] == [False] * 7
    assert [is_allowed(table, state) for state in ended] == [True] * 2


@pytest.mark.usefixtures("filled")
def test_one_running_accreditation_for_a_site() -> None:
    table = Base.metadata.tables["accreditations"]
    assert [is_allowed(table, state) for state in ("active", "suspended")] == [False] * 2
    assert [is_allowed(table, state) for state in ("withdrawn", "surrendered")] == [True] * 2


def is_allowed(table: Table, state: str) -> bool:
    """Say whether a second row like the first one may be there in this state."""
    (rule,) = (one for one in table.indexes if one.unique)
    row = twin(table, rule) | {"state": state}
    try:
        with db.session.begin_nested():
            db.session.execute(insert(table), row)
    except IntegrityError:
        return False
    return True


@pytest.mark.usefixtures("filled")
def test_a_cancelled_incentive_keeps_its_number_or_never_had_one() -> None:
    for change in ("state = 'cancelled'", "number = NULL", "state = 'unfunded'"):
        db.session.execute(text(f"UPDATE incentives SET {change}"))
    assert "number_when_granted" in refused(text("UPDATE incentives SET state = 'granted'"))


@pytest.mark.usefixtures("filled")
def test_of_two_who_change_a_row_the_second_is_refused() -> None:
    site = db.session.scalars(select(Site).limit(1)).one()
    db.session.execute(text("UPDATE sites SET version = version + 1"))  # what somebody else did
    site.name_en = "Later"
    with pytest.raises(StaleDataError):
        db.session.flush()
    db.session.rollback()
    assert site.name_en != "Later"
