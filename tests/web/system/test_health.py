import shutil

import pytest
from flask import Flask
from sqlalchemy import text

from accreditation.config import Settings
from accreditation.extensions import db, writing
from tests import factories
from tests.pages import Pages

ALL_WELL = {"database": "ok", "tables": "ok", "storage": "ok", "queue": "ok"}


def test_health_speaks_of_the_process_only(app: Flask, broken: Flask) -> None:
    for one in (app, broken):
        answer = one.test_client().get("/healthz")
        assert (answer.status_code, answer.json) == (200, {"status": "ok"})
        assert answer.headers["Cache-Control"] == "no-store"


def test_health_asks_no_database_even_with_a_session(app: Flask, broken: Flask) -> None:
    with app.app_context(), writing():
        email = factories.person().email
        db.session.commit()
    cookie = Pages(app, email).client.get_cookie("accreditation")
    assert cookie is not None
    client = broken.test_client()
    client.set_cookie("accreditation", cookie.value)
    assert client.get("/healthz").status_code == 200


def test_ready_names_each_part(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", **ALL_WELL}


def test_a_lost_database_is_told_without_details(broken: Flask) -> None:
    answer = broken.test_client().get("/readyz")
    assert answer.status_code == 503
    lost = {"database": "failed", "tables": "failed"}
    assert answer.json == {"status": "failed", **ALL_WELL, **lost}
    assert "lost.db" not in answer.text


@pytest.mark.parametrize(
    "change",
    ["UPDATE alembic_version SET version_num = '0000'", "DROP TABLE alembic_version"],
    ids=["older", "never migrated"],
)
def test_a_database_that_is_not_the_codes_is_told(app: Flask, change: str) -> None:
    with app.app_context(), writing():
        db.session.execute(text(change))
        db.session.commit()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "failed", **ALL_WELL, "tables": "failed"}


def test_a_lost_storage_is_told(app: Flask, settings: Settings) -> None:
    shutil.rmtree(settings.data_dir / "files")
    (settings.data_dir / "files").write_text("where the folder was")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "failed", **ALL_WELL, "storage": "failed"}


def test_a_lost_queue_is_told(app: Flask, settings: Settings) -> None:
    (settings.data_dir / "queue.db").write_bytes(b"this is no database" * 1000)
    for rest in settings.data_dir.glob("queue.db-*"):
        rest.unlink()
    app.extensions["jobs"].queue.storage.close()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["queue"] == "failed"
