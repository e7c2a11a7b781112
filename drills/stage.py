"""A throwaway installation for a drill: SQLite in a folder of its own, the small scheme."""

from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from accreditation import create_app
from accreditation.config import load_settings
from accreditation.extensions import writing


def installation(folder: Path) -> Flask:
    """Make an installation with all tables in a folder."""
    app = create_app(load_settings(data_dir=folder / "data", demo=True))
    with app.app_context(), writing():
        upgrade()
    return app
