"""Redis: one queue and one count for several machines, and the site goes on when it is away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import create_app
from accreditation.config import Settings
from accreditation.extensions import db, limiter, writing
from accreditation.jobs import Jobs
from accreditation.models import Mail
from accreditation.services import mail
from tests import daemons, factories
from tests.pages import Pages

pytestmark = daemons.needs_redis
TRIES = 11  # one more than SIGN_IN_LIMIT


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[daemons.Daemon]:
    with daemons.redis(tmp_path / "redis") as daemon:
        yield daemon


@pytest.fixture
def sharing(settings: Settings, redis: daemons.Daemon) -> Iterator[Flask]:
    """An application that shares its queue and limits."""
    given = {"redis_url": f"redis://127.0.0.1:{redis.port}/0"}
    made = create_app(settings.model_copy(update=given))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
        jobs_of(made).queue.storage.pool.disconnect()
        limiter.storage.storage.close()  # type: ignore[attr-defined] # of the storage in Redis
    limiter._storage_dead = False  # noqa: SLF001 - one limiter serves all applications of the tests


def jobs_of(app: Flask) -> Jobs:
    jobs: Jobs = app.extensions["jobs"]
    return jobs


def guess(pages: Pages) -> int:
    """Try a wrong password; give the status."""
    values = {"email": "somebody@example.jp", "password": "wrong umbrellas by the door"}
    values["csrf_token"] = pages.token("/sign-in")
    return pages.client.post("/sign-in", data=values).status_code


def test_a_commit_wakes_a_worker_of_another_machine(sharing: Flask) -> None:
    with sharing.app_context(), writing():
        mail.write_to("somebody@example.jp", "ja", "account/sign_up", token="t", hours=24)
        db.session.commit()
    assert jobs_of(sharing).queue.pending_count() == 1
    there = Jobs(sharing, sharing.extensions["settings"]).queue
    there.execute(there.dequeue())
    with sharing.app_context():
        assert all(db.session.scalars(select(Mail.sent_at)))
    there.storage.pool.disconnect()


def test_of_two_workers_one_sweeps_in_a_minute(sharing: Flask) -> None:
    other = Jobs(sharing, sharing.extensions["settings"])
    assert [one.tick() for one in (jobs_of(sharing), other, other)] == [True, False, False]
    other.queue.storage.pool.disconnect()


def test_guesses_are_counted_together_and_go_on_being_counted(
    sharing: Flask, redis: daemons.Daemon
) -> None:
    browsers = [Pages(sharing), Pages(sharing)]
    found = [guess(browsers[n % 2]) for n in range(5)]
    assert limiter.storage.storage.dbsize() > 0  # type: ignore[attr-defined] # they lie in Redis
    redis.kill()
    found += [guess(browsers[n % 2]) for n in range(TRIES)]
    assert set(found[:15]) == {422}, "a process that counts alone begins anew"
    assert found[15] == 429
    assert 500 not in found


def test_without_redis_pages_are_read_and_writes_stand(
    sharing: Flask, redis: daemons.Daemon
) -> None:
    redis.kill()
    assert not jobs_of(sharing).is_ready()
    client = sharing.test_client()
    assert client.get("/register").status_code == 200
    assert client.get("/readyz").get_json()["queue"] == "failed"
    with sharing.app_context(), writing():
        factories.person()
        mail.write_to("somebody@example.jp", "ja", "account/sign_up", token="t", hours=24)
        db.session.commit()
        waiting = mail.waiting()
    assert waiting
    assert jobs_of(sharing).look_by_itself(), "a worker looks without the queue"
    with sharing.app_context():
        assert mail.waiting() == []
    redis.start()
    assert not jobs_of(sharing).look_by_itself()


def test_what_redis_lost_is_found(sharing: Flask, redis: daemons.Daemon) -> None:
    with sharing.app_context(), writing():
        mail.write_to("somebody@example.jp", "ja", "account/sign_up", token="t", hours=24)
        db.session.commit()
    redis.kill()
    redis.start()
    assert jobs_of(sharing).queue.pending_count() == 0
    assert jobs_of(sharing).tick()
    with sharing.app_context():
        assert mail.waiting() == []
