"""The stage that all attacks on the web share: each of them is undone, so one is enough."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from accreditation import clock
from accreditation.config import load_settings
from tests.attacks import stage as stages
from tests.attacks.stage import Stage
from tests.cluster import Cluster
from tests.shelf import Shelf

MADE_UP_NOW = datetime(2026, 11, 22, 10, 0, tzinfo=clock.ZONE)


@pytest.fixture(scope="module", autouse=True)
def clock_of_the_stage() -> Iterator[None]:
    """Let what is made once for a module begin at the moment of its tests, too."""
    with clock.at(MADE_UP_NOW):
        yield


@pytest.fixture(scope="session")
def stage(
    tmp_path_factory: pytest.TempPathFactory,
    template: Path,
    cluster: Cluster | None,
    shelf: Shelf,
) -> Iterator[Stage]:
    """Cases in every state and people of every kind; nothing that is tried on it stays."""
    folder = tmp_path_factory.mktemp("stage") / "data"
    shutil.copytree(template, folder)
    address = cluster.copy_database("template_for_tests") if cluster else ""
    settings = load_settings(data_dir=folder, demo=True, database_url=address, port=8765)
    with shelf.lent(settings) as app:
        with clock.at(MADE_UP_NOW):  # let go again: the stage outlives many tests
            found = stages.made(app)
        yield found
