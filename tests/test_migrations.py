"""The migrations: in step with the models, there and back, and never at the cost of rows."""

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CheckConstraint

from accreditation.config import PACKAGE
from accreditation.extensions import db
from accreditation.models import Base, Membership, Person
from tests.models import world

HEAD = str(ScriptDirectory(str(PACKAGE / "migrations")).get_current_head())
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade():
    {body}
"""
# SQLite has to build the table anew for this; PostgreSQL changes it in place.
REBUILD = """with op.batch_alter_table("people") as batch:
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300))"""
ORPHANS = f'{REBUILD}\n    op.execute(sa.delete(sa.table("people")))'
BREAK_OFF = """op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM practices")
    raise LookupError("in the middle")"""


def folder_with(tmp_path: Path, body: str) -> str:
    """Copy our migrations and add one that does this."""
    folder = tmp_path / "migrations"
    shutil.copytree(PACKAGE / "migrations", folder)
    text_of_it = NEXT.format(head=HEAD, body=body)
    (folder / "versions" / "9999_next.py").write_text(text_of_it, encoding="utf-8")
    return str(folder)


def differences() -> list[object]:
    """Say what a new migration would have to change."""
    with db.engine.connect() as connection:
        options = {"compare_server_default": True}
        found = compare_metadata(
            MigrationContext.configure(connection, opts=options), Base.metadata
        )
        return list(found)


def counted() -> dict[str, int]:
    """Count the rows of every table."""
    tables = Base.metadata.sorted_tables
    found = {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
    db.session.rollback()
    return found


def revision() -> str:
    found: str = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    db.session.rollback()
    return found


def test_the_database_is_what_the_models_say(context: Flask) -> None:
    del context
    assert revision() == HEAD
    assert differences() == []


def test_the_checks_are_there_too(context: Flask) -> None:
    del context
    found = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        written = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {str(one["name"]) for one in found.get_check_constraints(table.name)} == written


def test_there_and_back_and_there_again(context: Flask) -> None:
    del context
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()
    assert differences() == []
    assert set(counted().values()) == {0}


def test_upgrading_again_changes_nothing(context: Flask) -> None:
    del context
    world.fill()
    before = counted()
    upgrade()
    assert counted() == before


def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(context: Flask, tmp_path: Path) -> None:
    del context
    world.fill()
    before = counted()
    upgrade(directory=folder_with(tmp_path, REBUILD))
    assert revision() == "9999"
    columns = {
        column["name"]: column["type"] for column in inspect(db.engine).get_columns("people")
    }
    assert str(columns["name"]) == "VARCHAR(300)"
    assert counted() == before
    assert all(before.values())
    paired = select(func.count()).select_from(Membership).join(Person)
    assert db.session.scalar(paired) == before["memberships"]
    check_that_keys_are_watched()


def check_that_keys_are_watched() -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(text("DELETE FROM people"))
    db.session.rollback()


def test_a_migration_that_leaves_rows_without_their_parents_is_undone(
    context: Flask, tmp_path: Path
) -> None:
    del context
    world.fill()
    before = counted()
    with pytest.raises((SystemExit, IntegrityError)):  # SQLite does not look before the end
        upgrade(directory=folder_with(tmp_path, ORPHANS))
    assert revision() == HEAD
    assert counted() == before
    assert differences() == []
    check_that_keys_are_watched()


def test_a_migration_that_breaks_off_is_undone(context: Flask, tmp_path: Path) -> None:
    del context
    world.fill()
    before = counted()
    with pytest.raises(LookupError, match="in the middle"):
        upgrade(directory=folder_with(tmp_path, BREAK_OFF))
    assert revision() == HEAD
    assert "half" not in inspect(db.engine).get_table_names()
    assert counted() == before
    check_that_keys_are_watched()
