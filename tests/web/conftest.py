"""Installations other than the usual one: with a lost database, and outside the demonstration."""

from collections.abc import Iterator

import pytest
from flask import Flask

from accreditation import create_app
from accreditation.config import Settings, load_settings
from accreditation.extensions import db


@pytest.fixture
def broken(settings: Settings) -> Flask:
    """The application with the same keys, but a database that can't be opened."""
    lost = settings.data_dir / "no such folder" / "lost.db"
    return create_app(
        load_settings(data_dir=settings.data_dir, demo=True, database_url=f"sqlite:///{lost}")
    )


@pytest.fixture
def live(settings: Settings) -> Iterator[Flask]:
    """The application on the same database outside the demonstration."""
    folder = settings.data_dir
    made = create_app(
        load_settings(
            data_dir=folder,
            database_url=settings.database_url,
            demo=False,
            secret_key="k" * 32,
            base_url="http://localhost",
            signing_p12=folder / "demo-seal.p12",
            signing_passphrase=(folder / "demo-seal-passphrase").read_text(),
            mail_server="127.0.0.1:1",
        )
    )
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
