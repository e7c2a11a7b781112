"""The office at its desk, and how many queries a page takes."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from accreditation.extensions import db
from accreditation.models import Office
from tests.pages import Pages

Counter = Callable[[Callable[[], object]], int]


@pytest.fixture
def office(app: Flask) -> Pages:
    """The browser of somebody of the office."""
    return Pages.of(app, Office.OFFICE, name="見本 花子")


@pytest.fixture
def count_queries(app: Flask) -> Counter:
    """Give a function that counts the statements another one sends to the database."""

    def count(act: Callable[[], object]) -> int:
        sent: list[str] = []

        def note(*given: object) -> None:
            sent.append(str(given[2]))

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    return count
