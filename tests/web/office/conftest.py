"""Counting queries."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from accreditation.extensions import db


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Callable[[], object]], int]:
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
