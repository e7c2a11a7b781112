"""The read replica: public pages come from it while it follows, and never tell what is over."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, text

from accreditation import create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db, writing
from accreditation.models import Accreditation, Office
from accreditation.services import replica
from accreditation.services.steps import take_step
from tests import factories
from tests.cluster import Cluster
from tests.pages import Pages
from workflows.application import ApplicationState

pytestmark = pytest.mark.postgresql
VALID, SUSPENDED = "R08-0001", "suspended"
SHOWN_WITHIN = 5  # seconds


@pytest.fixture(scope="module")
def standby(cluster: Cluster) -> Iterator[Cluster]:
    with cluster.followed() as follower:
        yield follower


@pytest.fixture
def reading(settings: Settings, standby: Cluster) -> Iterator[Flask]:
    """An application with one accreditation, whose public pages may come from a replica."""
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    given = settings.model_dump() | {"read_database_url": standby.address(database)}
    made = create_app(load_settings(**given))
    with made.app_context(), writing():
        factories.application(ApplicationState.ACCREDITED)
        db.session.commit()
        db.session.remove()
    yield made
    standby.go_on()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    of(made).engine.dispose()


def of(app: Flask) -> replica.Replica:
    found: replica.Replica = app.extensions["replica"]
    return found


def until_fresh(app: Flask) -> None:
    deadline = time.monotonic() + 20
    while not of(app).is_fresh():
        assert time.monotonic() < deadline, "the replica does not follow"
        time.sleep(0.1)


def status(app: Flask) -> str:
    return str(app.test_client().get(f"/verify/{VALID}.json").get_json()["status"])


def suspend(app: Flask) -> None:
    with app.app_context(), writing():
        held = db.session.query(Accreditation).one()
        council = factories.person(Office.COUNCIL)
        take_step(held, "suspend", council, note="見本の理由", seen=held.version)
        db.session.commit()
        db.session.remove()


def questions(app: Flask, pages: Pages, path: str) -> tuple[int, int]:
    """Count what is asked of the database itself, and of the replica, for one page."""
    with app.app_context():
        engines = (db.engine, of(app).engine)
    asked = [0, 0]
    watches = [lambda *_, n=n: asked.__setitem__(n, asked[n] + 1) for n in range(2)]
    for engine, watch in zip(engines, watches, strict=True):
        event.listen(engine, "before_cursor_execute", watch)
    pages.get(path)
    for engine, watch in zip(engines, watches, strict=True):
        event.remove(engine, "before_cursor_execute", watch)
    return asked[0], asked[1]


def test_visitors_read_from_the_replica_and_people_signed_in_do_not(reading: Flask) -> None:
    with reading.app_context(), writing():
        email = factories.person().email
        db.session.commit()
        db.session.remove()
    until_fresh(reading)
    signed_in = Pages(reading, email)
    for path in ("/", "/register", f"/register/{VALID}", f"/verify/{VALID}"):
        until_fresh(reading)
        first, second = questions(reading, Pages(reading), path)
        assert first == 0, path
        assert second > 0, path
        first, second = questions(reading, signed_in, path)
        assert first > 0, path
        assert second == 0, path
    assert questions(reading, Pages(reading), "/sign-in")[1] == 0


def test_what_was_decided_shows_although_the_replica_stands_still(
    reading: Flask, standby: Cluster
) -> None:
    until_fresh(reading)
    assert status(reading) == "valid"
    standby.pause()
    suspend(reading)
    decided = time.monotonic()
    while status(reading) != SUSPENDED:
        assert time.monotonic() - decided < SHOWN_WITHIN
        time.sleep(0.2)
    assert not of(reading).is_fresh()
    answer = reading.test_client().get("/readyz").get_json()
    assert (answer["status"], answer["replica"]) == ("ok", "failed")
    standby.go_on()
    until_fresh(reading)
    assert status(reading) == SUSPENDED


def test_a_replica_that_fails_in_the_middle_is_left_for_the_database(reading: Flask) -> None:
    until_fresh(reading)

    def fail(connection: object, *_: object) -> None:
        del connection
        with reading.app_context(), of(reading).engine.connect() as other:
            other.execute(text("SET statement_timeout = 1"))
            other.execute(text("SELECT pg_sleep(1)"))  # cancelled, as a conflict cancels

    event.listen(of(reading).engine, "before_cursor_execute", fail, once=True)
    assert status(reading) == "valid"
    assert not of(reading).is_fresh()
    assert Pages(reading).get(f"/verify/{VALID}")


def test_without_the_replica_and_without_the_database(
    reading: Flask, standby: Cluster, settings: Settings
) -> None:
    until_fresh(reading)
    away = load_settings(
        **settings.model_dump()
        | {"read_database_url": f"postgresql://postgres@/nothing?host={standby.folder}"}
    )
    alone = create_app(away)
    assert status(alone) == "valid", "the replica is away"
    lost = load_settings(
        **settings.model_dump()
        | {
            "database_url": "postgresql://postgres@127.0.0.1:1/nothing",
            "read_database_url": reading.extensions["settings"].read_database_url,
        }
    )
    headless = create_app(lost)
    assert status(headless) == "valid", "the database is away: its replica is what there is"
    assert headless.test_client().get("/sign-in").status_code in {200, 503}
    for one in (alone, headless):
        of(one).engine.dispose()
        with one.app_context():
            db.engine.dispose()
