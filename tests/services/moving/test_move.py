"""The move from SQLite and a folder to PostgreSQL and a bucket: everything, or a clear refusal."""

import shutil
import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from accreditation import clock, create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db, writing
from accreditation.models import Base, Evidence, Person
from accreditation.services import evidence, history, schemes
from accreditation.services.moving import rows
from tests import daemons, disk, factories
from tests.cluster import Cluster
from tests.conftest import MADE_UP_NOW
from tests.console import run
from tests.models import world
from tests.pages import Pages

pytestmark = pytest.mark.postgresql
BUCKET = "s3://files/kanazawa"
_serial = count(1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[daemons.Daemon]:
    with daemons.s3(tmp_path_factory.mktemp("s3"), "files") as running:
        yield running


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation on SQLite in which every table has a row, to be copied."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    with clock.at(MADE_UP_NOW):
        made = create_app(load_settings(data_dir=folder, demo=True))
        with made.app_context(), writing():
            upgrade()
            schemes.publish(made.extensions["settings"].scheme_dir)
            world.fill()
            db.session.remove()
        made.extensions["jobs"].sweep()
        close(made)
    return folder


@pytest.fixture
def here(tmp_path: Path, kept: Path, service: daemons.Daemon) -> Iterator[Flask]:
    """That installation, with the keys to a store."""
    given = {
        "aws_endpoint_url": f"http://127.0.0.1:{service.port}",
        "aws_region": "us-east-1",
        "aws_access_key_id": "key",
        "aws_secret_access_key": "secret",
    }
    shutil.copytree(kept, tmp_path / "here")
    made = create_app(load_settings(data_dir=tmp_path / "here", demo=True, **given))
    yield made
    close(made)


@pytest.fixture
def address(cluster: Cluster) -> str:
    return cluster.new_database(f"moved_{next(_serial)}")


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def there(here: Flask, address: str, store: str = BUCKET) -> Flask:
    settings: Settings = here.extensions["settings"]
    given = settings.model_dump() | {"database_url": address, "store_url": store}
    return create_app(load_settings(**given))


def counted() -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_every_row_and_every_file_arrives_and_the_work_goes_on(here: Flask, address: str) -> None:
    with here.app_context():
        before = counted()
        assert all(before.values()), "every table has a row"
        files = {one.id: evidence.read(one) for one in db.session.scalars(select(Evidence))}
    done = run(here, "move", "--to-database", address, "--to-store", BUCKET)
    assert done.exit_code == 0, done.output
    assert (
        f"{sum(before.values())} rows of {len(before)} tables: every one is the same" in done.output
    )
    assert "every one is there with its SHA-256" in done.output
    moved = there(here, address)
    with moved.app_context():
        assert counted() == before
        assert {o.id: evidence.read(o) for o in db.session.scalars(select(Evidence))} == files
        assert history.verify() is None
    assert run(moved, "invariants", "--files").exit_code == 0
    with moved.app_context(), writing():
        made = factories.person()  # the numbers of new rows go on
        email = made.email
        db.session.commit()
        db.session.remove()
    assert "<h1" in Pages(moved, email).get("/my")
    close(moved)


def test_nothing_is_written_into_the_old_database_any_more(here: Flask, address: str) -> None:
    assert run(here, "move", "--to-database", address).exit_code == 0
    with (
        here.app_context(),
        writing(),
        pytest.raises(IntegrityError, match="was moved to postgres"),
    ):
        factories.person()
    with here.app_context():
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Person)), "it is still read"
        db.session.remove()
    for command in ("serve", "init"):
        refused = run(here, command)
        assert refused.exit_code == 1
        assert "was moved to postgresql" in refused.output


def test_it_can_be_run_again(here: Flask, address: str) -> None:
    command = ("move", "--to-database", address, "--to-store", BUCKET)
    first, again = run(here, *command), run(here, *command)
    assert (first.exit_code, again.exit_code) == (0, 0), again.output
    assert "nothing is copied, all is compared" in again.output
    assert ", 0 were brought now" in again.output
    moved = there(here, address)
    with moved.app_context(), writing():
        factories.person()
        db.session.commit()
        db.session.remove()
    close(moved)
    later = run(here, *command)
    assert later.exit_code == 1
    assert "not the same: people, row" in later.output
    assert "is not in the old database" in later.output


def test_what_was_interrupted_leaves_nothing_and_starts_anew(
    here: Flask, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = rows._read  # noqa: SLF001 - where the power fails in this test

    def fail(connection: object, table: object) -> object:
        if getattr(table, "name", "") == "findings":
            raise KeyboardInterrupt
        return reading(connection, table)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(rows, "_read", fail)
    assert run(here, "move", "--to-database", address).exit_code == 1
    monkeypatch.undo()
    moved = there(here, address)
    with moved.app_context():
        assert set(counted().values()) == {0}
        db.session.remove()
    close(moved)
    with here.app_context(), writing():
        factories.person()  # the old one was not closed
        db.session.commit()
        db.session.remove()
    assert run(here, "move", "--to-database", address).exit_code == 0


def test_a_value_that_differs_is_named_without_being_told(here: Flask, address: str) -> None:
    assert run(here, "move", "--to-database", address).exit_code == 0
    moved = there(here, address)
    with moved.app_context():
        db.session.execute(text("UPDATE people SET name = 'nobody' WHERE id = 1"))
        db.session.commit()
        db.session.remove()
    close(moved)
    found = run(here, "move", "--to-database", address)
    assert found.exit_code == 1
    assert "not the same: people, row 1: name" in found.output
    assert "nobody" not in found.output


def test_a_database_that_holds_something_else_is_left_alone(here: Flask, address: str) -> None:
    other = there(here, address)
    with other.app_context(), writing():
        upgrade()
        factories.person()
        db.session.commit()
        before = counted()
        db.session.remove()
    refused = run(here, "move", "--to-database", address)
    assert refused.exit_code == 1
    assert "name an empty one" in refused.output
    with other.app_context():
        assert counted() == before
        db.session.remove()
    close(other)
    assert run(here, "init").exit_code == 0, "the old one goes on"


def test_it_refuses_while_somebody_writes(here: Flask, address: str) -> None:
    somebody = sqlite3.connect(here.extensions["settings"].data_dir / "accreditation.db")
    somebody.execute("BEGIN IMMEDIATE")
    refused = run(here, "move", "--to-database", address)
    somebody.close()
    assert refused.exit_code == 1
    assert "stop the site" in refused.output


def test_a_lost_file_is_named_and_hinders(here: Flask, address: str) -> None:
    with here.app_context():
        sha256 = db.session.scalars(select(Evidence.sha256)).first() or ""
        disk.bend(sha256)
        db.session.remove()
    command = ("move", "--to-database", address, "--to-store", f"{BUCKET}/lost")
    refused = run(here, *command)
    assert refused.exit_code == 1
    assert f"the file {sha256} is lost or damaged" in refused.output
    assert run(here, *command, "--incomplete").exit_code == 0


def test_a_store_that_does_not_answer_costs_nothing(here: Flask) -> None:
    refused = run(here, "move", "--to-store", "s3://nowhere")
    assert refused.exit_code == 1
    assert "there is no such bucket. Nothing is lost: run it again." in refused.output
    done = run(here, "move", "--to-store", f"{BUCKET}/alone")
    assert done.exit_code == 0
    assert f"STORE_URL={BUCKET}/alone" in done.output
    assert run(here, "init").exit_code == 0, "only the files were moved"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say --to-database, --to-store or both"),
        (("--to-database", "sqlite:////tmp/other.db"), "from SQLite to PostgreSQL only"),
    ],
)
def test_what_can_not_be_meant_is_said(here: Flask, arguments: tuple[str, ...], said: str) -> None:
    refused = run(here, "move", *arguments)
    assert refused.exit_code != 0
    assert said in refused.output


def test_another_schema_and_foreign_tables_are_refused(here: Flask, address: str) -> None:
    with here.app_context(), writing():
        db.session.execute(text("CREATE TABLE foreign_rows (id INTEGER)"))
        db.session.commit()
        db.session.remove()
    refused = run(here, "move", "--to-database", address)
    assert "tables that are not ours: foreign_rows" in refused.output
    with here.app_context(), writing():
        db.session.execute(text("DROP TABLE foreign_rows"))
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
        db.session.remove()
    refused = run(here, "move", "--to-database", address)
    assert "run `accreditation init` first" in refused.output
