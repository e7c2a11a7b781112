"""A throwaway installation for a drill, in a folder of its own."""

from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from accreditation import create_app
from accreditation.config import load_settings
from accreditation.extensions import writing


def installation(folder: Path, database: str = "") -> Flask:
    """Make an installation with all tables: in a folder on SQLite, or in an empty database."""
    given = {"data_dir": folder / "data", "database_url": database, "demo": True}
    app = create_app(load_settings(**given))
    with app.app_context(), writing():
        upgrade()
    return app
