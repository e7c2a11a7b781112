"""An installation with something in every table, and an empty one beside it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from pyrage import x25519

from accreditation import create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db, writing
from tests import factories
from tests.cluster import Cluster
from tests.models import world
from tests.stages import Stages

KEPT_APART = ("demo-seal.p12", "demo-seal-passphrase", "demo-secret-key")  # never in a backup


@pytest.fixture(scope="session")
def identity() -> x25519.Identity:
    """The key that opens the backups of these tests."""
    return x25519.Identity.generate()


@pytest.fixture
def settings(settings: Settings, identity: x25519.Identity) -> Settings:
    """The settings of one test, with somebody for whom backups are encrypted."""
    return settings.model_copy(update={"backup_recipients": str(identity.to_public())})


@pytest.fixture
def filled(app: Flask, stages: Stages) -> Flask:
    """The application with something in every table."""
    stages.set(app, world.fill)
    return app


@pytest.fixture
def empty(
    settings: Settings, cluster: Cluster | None, tmp_path: Path
) -> Iterator[Callable[[], Flask]]:
    """Make an installation with the same keys and nothing else, as often as it is called."""
    made: list[Flask] = []

    def make() -> Flask:
        folder = tmp_path / f"elsewhere{len(made)}"
        folder.mkdir()
        for name in KEPT_APART:
            if (settings.data_dir / name).exists():
                shutil.copy(settings.data_dir / name, folder)
        name = f"{tmp_path.name}_{len(made)}".replace("-", "_")
        address = cluster.new_database(name) if cluster else ""
        made.append(create_app(load_settings(data_dir=folder, demo=True, database_url=address)))
        return made[-1]

    yield make
    for one in made:
        with one.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder / "today.backup"


@pytest.fixture
def key(tmp_path: Path, identity: x25519.Identity) -> tuple[str, str]:
    path = tmp_path / "identity.txt"
    path.write_text(f"# made for a test\n{identity}\n")
    return "--identity", str(path)


@pytest.fixture
def with_a_file(app: Flask) -> Flask:
    """The application with one piece of evidence."""
    with app.app_context(), writing():
        factories.file_of(factories.draft())
        db.session.commit()
        db.session.remove()
    return app
