"""The council at its table."""

import pytest
from flask import Flask

from accreditation.models import Office
from tests.pages import Pages


@pytest.fixture
def council(app: Flask) -> Pages:
    """The browser of a member of the council."""
    return Pages.of(app, Office.COUNCIL, name="見本 一郎")
