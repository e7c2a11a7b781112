"""Two installations of the code that share database, Redis and store work as one site."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from accreditation import create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db, limiter, writing
from accreditation.jobs import Jobs
from accreditation.models import Document, Evidence
from accreditation.schemes.rules import Verdict
from accreditation.services import storage, turns
from tests import daemons, factories
from tests.web.applicant.desk import desk, file, typed
from workflows.application import ApplicationState

pytestmark = [pytest.mark.postgresql, daemons.needs_redis]


@pytest.fixture
def machines(settings: Settings, tmp_path: Path) -> Iterator[list[Flask]]:
    """Two machines, each with a folder of its own, behind one name."""
    with (
        daemons.redis(tmp_path / "redis") as redis,
        daemons.s3(tmp_path / "s3", "files") as service,
    ):
        shared = settings.model_dump() | {
            "secret_key": "the same key on every machine, always",
            "redis_url": f"redis://127.0.0.1:{redis.port}/0",
            "store_url": "s3://files",
            "aws_endpoint_url": f"http://127.0.0.1:{service.port}",
            "aws_region": "us-east-1",
            "aws_access_key_id": "key",
            "aws_secret_access_key": "secret",
        }
        folders = [tmp_path / f"machine{n}" for n in range(2)]
        made = [create_app(load_settings(**shared | {"data_dir": one})) for one in folders]
        yield made
        for app in made:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            jobs_of(app).queue.storage.pool.disconnect()
        limiter.storage.storage.close()  # type: ignore[attr-defined] # of the storage in Redis


def jobs_of(app: Flask) -> Jobs:
    jobs: Jobs = app.extensions["jobs"]
    return jobs


def test_sessions_files_and_jobs_are_everybodys(machines: list[Flask]) -> None:
    here, there = machines
    at = desk(here)  # signed in at the first machine
    values = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "since 2020")
    at.pages.post(at.page(), values | {"item-1-1-files": file()})
    cookie = at.pages.client.get_cookie("accreditation")
    assert cookie is not None
    other = there.test_client()
    other.set_cookie("accreditation", cookie.value)
    page = other.get(at.page())
    assert page.status_code == 200, "the session is known at the second machine"
    with there.app_context():
        key = db.session.scalars(select(Evidence.key)).one()
    assert other.get(f"/evidence/{key}").data == file()[0].read(), "and the file is there"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    assert other.post("/sign-out", data={"csrf_token": token[1]}).status_code == 303
    assert at.pages.client.get(at.page()).status_code == 302, "signed out at one, out at both"


def test_a_document_is_made_by_one_worker_while_the_other_leaves_it(machines: list[Flask]) -> None:
    here, there = machines
    with here.app_context(), writing():
        factories.application(ApplicationState.ACCREDITED)
        db.session.commit()
        waiting = db.session.scalars(select(Document.id)).one()
        db.session.remove()
    assert jobs_of(there).queue.pending_count() > 0, "the second machine's queue is the first's"
    with here.app_context(), turns.taken(f"document {waiting}") as mine:
        assert mine
        jobs_of(there).sweep()
        with there.app_context():
            assert db.session.get_one(Document, waiting).made_at is None, "it is left alone"
    jobs_of(there).sweep()
    with here.app_context():
        made = db.session.get_one(Document, waiting)
        assert storage.get(made.sha256 or "").startswith(b"%PDF")


def test_the_turn_of_a_worker_that_was_killed_is_free(machines: list[Flask]) -> None:
    here, there = machines
    with here.app_context(), turns.taken("document 1"), there.app_context():
        with turns.taken("document 1") as mine:
            assert not mine
        held = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        db.session.execute(text(held))
        with turns.taken("document 1") as mine:
            assert mine
