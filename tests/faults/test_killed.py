"""kill -9 while people write: nothing acknowledged is lost, doubled or half done (promise F1)."""

from pathlib import Path

import pytest
from flask import Flask

from accreditation.config import Settings
from tests.faults.killing import strike_often
from tests.faults.site import Site

KILLS = ("web", "all", "worker", "web")

pytestmark = pytest.mark.sqlite


@pytest.fixture
def site(settings: Settings) -> Site:
    """The test's own installation as a site that is not started yet."""
    return Site(settings.data_dir, {"DATABASE_URL": settings.database_url})


def test_killed_again_and_again_nothing_is_lost(app: Flask, site: Site, tmp_path: Path) -> None:
    found = strike_often(app, site, KILLS, tmp_path, cases=4)
    assert not found.failed, found.failed
    assert (found.lost, found.doubled, found.broken) == ({}, {}, [])
    assert found.acknowledged >= found.kills == len(KILLS)
