"""Faults happen to processes of their own, which know no made-up clock."""

import pytest


@pytest.fixture(autouse=True)
def standing_clock() -> None:
    """Let the clock go: the test and the site it starts must agree on the time."""


@pytest.fixture
def only_sqlite(request: pytest.FixtureRequest) -> None:
    """Leave out on PostgreSQL what speaks of SQLite's files and lock."""
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("this speaks of SQLite's own files and lock")
