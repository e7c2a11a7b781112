"""The demonstration, loaded once for all tests that look at it; a first try breaks off."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from accreditation import cli, clock, create_app
from accreditation.config import load_settings
from accreditation.demo import load
from accreditation.extensions import db, writing
from accreditation.models import Base, Certificate
from tests.cluster import Cluster
from tests.conftest import MADE_UP_NOW


def rows() -> dict[str, int]:
    """Count the rows of every table that has any."""
    tables = Base.metadata.sorted_tables
    counted = {t.name: db.session.scalar(select(func.count()).select_from(t)) for t in tables}
    db.session.rollback()
    return {name: number for name, number in counted.items() if number}


class BrokenOffError(Exception):
    """The power goes while the second certificate is written."""


def break_off(app: Flask) -> None:
    """Begin to load and break off in the middle."""
    written = []

    def write(*row: object) -> None:
        written.append(row)
        if len(written) == 2:
            raise BrokenOffError

    event.listen(Certificate, "before_insert", write)
    try:
        with app.app_context(), writing():
            load.once()
    finally:
        event.remove(Certificate, "before_insert", write)


@pytest.fixture(scope="module")
def begun(
    tmp_path_factory: pytest.TempPathFactory, template: Path, cluster: Cluster | None
) -> Iterator[Flask]:
    """An installation with a scheme and nothing else, for this module."""
    folder = tmp_path_factory.mktemp("demo") / secrets.token_hex(4)
    shutil.copytree(template, folder)
    address = cluster.copy_database("template_for_tests") if cluster else ""
    app = create_app(load_settings(data_dir=folder, demo=True, database_url=address))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def broken_off(begun: Flask) -> dict[str, int]:
    """What is there after a first try that broke off."""
    with clock.at(MADE_UP_NOW), pytest.raises(BrokenOffError):
        break_off(begun)
    with begun.app_context():
        return rows()


@pytest.fixture(scope="module")
def loaded(begun: Flask, broken_off: dict[str, int]) -> Flask:
    """The demonstration as `accreditation init` loads it, after that first try."""
    del broken_off
    with clock.at(MADE_UP_NOW):
        done = begun.test_cli_runner().invoke(cli.accreditation, ["init"])
    assert (done.exit_code, done.stdout) == (0, "The demonstration is loaded.\n")
    return begun


@pytest.fixture
def stage(loaded: Flask) -> Iterator[Flask]:
    """The loaded demonstration with a context, to look at."""
    with loaded.app_context():
        yield loaded
