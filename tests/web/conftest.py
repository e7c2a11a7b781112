"""Installations other than the usual one: other settings, a lost database, no demonstration."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from accreditation import create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db


@pytest.fixture
def variant(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Makes the application on the same data with some settings changed."""
    made: list[Flask] = []
    usual = {
        "data_dir": settings.data_dir,
        "database_url": settings.database_url,
        "demo": True,
        "port": settings.port,
    }

    def make(**changed: object) -> Flask:
        made.append(create_app(load_settings(**{**usual, **changed})))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def broken(settings: Settings, variant: Callable[..., Flask]) -> Flask:
    """The application with the same keys, but a database that can't be opened."""
    lost = settings.data_dir / "no such folder" / "lost.db"
    return variant(database_url=f"sqlite:///{lost}")


@pytest.fixture
def live(settings: Settings, variant: Callable[..., Flask]) -> Flask:
    """The application on the same database outside the demonstration."""
    folder = settings.data_dir
    return variant(
        demo=False,
        secret_key="k" * 32,
        base_url="http://localhost",
        signing_p12=folder / "demo-seal.p12",
        signing_passphrase=(folder / "demo-seal-passphrase").read_text(),
        mail_server="127.0.0.1:1",
    )
