"""The role of `ops/postgresql-role.sql` does all the site's work and can't touch the record."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from accreditation import clock, create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db, writing
from accreditation.models import triggers
from accreditation.services.accounts import closing
from accreditation.services.invariants import checking
from accreditation.services.privacy import retention
from tests import factories
from tests.models import world
from workflows.application import ApplicationState

pytestmark = pytest.mark.postgresql
ROLE = Path("ops/postgresql-role.sql").read_text(encoding="utf-8")
OWNER_ONLY = (
    "ALTER TABLE history DISABLE TRIGGER ALL",
    "DROP TRIGGER history_refuse_update ON history",
    "DROP TABLE sign_ins",
    "ALTER TABLE decisions ADD COLUMN note text",
    "CREATE TABLE hidden (id integer)",
    "CREATE ROLE helper",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.fixture
def as_role(context: Flask, settings: Settings) -> Settings:
    """A filled database, and the settings with which the site works on it."""
    del context
    world.fill()
    db.session.connection().exec_driver_sql(ROLE)
    db.session.commit()
    address = settings.database_url.replace("//postgres@", "//accreditation_app@")
    return load_settings(data_dir=settings.data_dir, demo=True, database_url=address)


def _denied(statement: str) -> bool:
    try:
        with db.session.begin_nested():
            db.session.execute(text(statement))
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def _changes() -> list[str]:
    """Every change that a trigger refuses, as a statement."""
    found = []
    for one in triggers.expected("postgresql"):
        kind, _, columns = one.change.partition(" OF ")
        if one.part == "content":  # what is erased in its time is guarded by the trigger alone
            continue
        if kind == "UPDATE":
            column = columns.split(", ")[0] or "sequence" if one.table.startswith("h") else "id"
            found.append(f"UPDATE {one.table} SET {column} = {column}")  # noqa: S608 - names of ours
        else:
            found.append(f"{kind} {'FROM ' if kind == 'DELETE' else ''}{one.table}")
    return found


def test_what_never_changes_is_denied_before_any_trigger(as_role: Settings) -> None:
    app = create_app(as_role)
    with app.app_context():
        allowed = [one for one in (*_changes(), *OWNER_ONLY) if not _denied(one)]
        db.session.remove()
        db.engine.dispose()
    # Its number and site are columns of a row that renewals do change: the trigger guards them.
    assert allowed == ["UPDATE accreditations SET id = id"]


def test_the_site_works_with_it(as_role: Settings) -> None:
    app = create_app(as_role)
    with app.app_context(), writing():
        made = factories.application(
            ApplicationState.ACCREDITED, in_call=factories.call(factories.programme())
        )
        stranger = factories.person(name="見本 花子")
        db.session.commit()
        closing.forget(stranger)
        db.session.commit()
        with clock.at(clock.now() + timedelta(days=11 * 366)):
            overdue = {one.what: one for one in retention.overdue()}
            assert {"words in the history", "contact and people"} <= set(overdue)
            assert retention.apply(list(overdue.values())) == []
        broken = {one.invariant.name: one.offending for one in checking.check() if one.offending}
        assert made.state == ApplicationState.ACCREDITED
        db.session.remove()
        db.engine.dispose()
    assert broken == {}
    assert app.test_client().get("/register").status_code == 200
