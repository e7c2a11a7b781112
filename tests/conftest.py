"""The application under test: a fresh database for each test, on SQLite or PostgreSQL."""

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from accreditation import clock, create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db, writing
from accreditation.services import schemes
from accreditation.services.accounts import passwords
from tests.cluster import Cluster
from tests.shelf import Shelf
from tests.stages import Stages

Install = Callable[[Path], Settings]

pytest_plugins = ["tests.network"]  # no test leaves this machine

MADE_UP_NOW = datetime(2026, 11, 22, 10, 0, tzinfo=clock.ZONE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the same tests run on either database."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked for the other database only.

    On PostgreSQL also what asks for no database, by any of its fixtures: it can't tell one from
    the other, and runs with SQLite.
    """
    database = config.getoption("--database")
    other = "postgresql" if database == "sqlite" else "sqlite"
    left_out = [
        item
        for item in items
        if item.get_closest_marker(other)
        or (database == "postgresql" and "cluster" not in getattr(item, "fixturenames", ()))
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what stays until the end: modules and tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster | None]:
    """A throwaway PostgreSQL, when the tests are to run on it."""
    if request.config.getoption("--database") == "sqlite":
        yield None
        return
    with Cluster.started() as running:
        yield running


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster | None) -> Path:
    """A data folder with a migrated database and the published scheme, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._hasher = cheap  # noqa: SLF001 - tests sign in often; the real cost is tested apart
    address = cluster.new_database("template_for_tests") if cluster else ""
    app = create_app(load_settings(data_dir=folder, demo=True, database_url=address))
    with app.app_context(), writing():
        upgrade()
        schemes.publish(app.extensions["settings"].scheme_dir)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def installed(template: Path, cluster: Cluster | None) -> Install:
    """Give the function that copies the template into a folder and gives the settings for it."""

    usual = load_settings(demo=True, port=8765)

    def install(folder: Path) -> Settings:
        shutil.copytree(template, folder)
        address = cluster.copy_database("template_for_tests") if cluster else ""
        return usual.model_copy(update={"data_dir": folder, "database_url": address})

    return install


@pytest.fixture
def settings(tmp_path: Path, installed: Install) -> Settings:
    """The settings of one test, with a database of its own."""
    return installed(tmp_path / "data")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The applications of a process, lent to one test after the other."""
    return Shelf(FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates"))))


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster | None) -> Stages:
    """What many tests begin with, acted once in a process."""
    return Stages(tmp_path_factory.mktemp("stages"), cluster)


@pytest.fixture
def app(settings: Settings, shelf: Shelf) -> Iterator[Flask]:
    """The application; the test runs outside any context."""
    with shelf.lent(settings) as lent:
        yield lent


@pytest.fixture(scope="module")
def shared_app(
    tmp_path_factory: pytest.TempPathFactory, installed: Install, shelf: Shelf
) -> Iterator[Flask]:
    """One application for all tests of a module, for those that only read."""
    with shelf.lent(installed(tmp_path_factory.mktemp("shared") / "data")) as lent:
        yield lent


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with a context pushed and its transactions writing, for services."""
    with app.app_context(), writing():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Let every test begin at the same made-up moment."""
    with clock.at(MADE_UP_NOW):
        yield
