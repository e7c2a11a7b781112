"""Faults happen to processes of their own, which know no made-up clock."""

import pytest


@pytest.fixture(autouse=True)
def standing_clock() -> None:
    """Let the clock go: the test and the site it starts must agree on the time."""
