"""What many tests begin with is acted once in a process; the others get a copy of its data."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import make_url, select

from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Person
from tests.cluster import Cluster

T = TypeVar("T")
PARTS = ("accreditation.db", "files")  # of a data folder: all else is the same everywhere


class Stages:
    """The data that acts left, and what each of them gave."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        """Begin with none."""
        self._folder = folder
        self._cluster = cluster
        self._kept: dict[Callable[[], Any], tuple[str, Any]] = {}

    def set(self, app: Flask, act: Callable[[], T]) -> T:
        """Leave in an untouched installation what `act` leaves there, and give what it gives.

        That must be plain values: rows belong to the database in which it was acted.
        """
        settings: Settings = app.extensions["settings"]
        given: T
        with app.app_context(), writing():
            assert db.session.scalar(select(Person)) is None, "the stage is set before all else"
            if first := act not in self._kept:
                self._kept[act] = (f"stage_{len(self._kept)}", act())
                db.session.commit()
            db.session.remove()
            db.engine.dispose()
        name, given = self._kept[act]
        if first:
            self._keep(settings, name)
        else:
            self._put(settings, name)
        return given

    def _keep(self, settings: Settings, name: str) -> None:
        _copy(settings.data_dir, self._folder / name)
        if self._cluster:
            self._cluster.replace_database(name, _database(settings))

    def _put(self, settings: Settings, name: str) -> None:
        _copy(self._folder / name, settings.data_dir)
        if self._cluster:
            self._cluster.replace_database(_database(settings), name)


def _database(settings: Settings) -> str:
    return make_url(settings.database).database or ""


def _copy(source: Path, target: Path) -> None:
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        elif (source / part).exists():
            target.mkdir(exist_ok=True)
            shutil.copy(source / part, target)
