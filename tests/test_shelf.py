"""The application that tests borrow: nothing of one borrower is there for the next."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Person
from accreditation.services import storage
from tests import factories
from tests.shelf import Shelf

COUNTED = (
    "accreditation_http_requests_total",
    {"endpoint": "public.home", "method": "GET", "status": "200"},
)


def test_it_is_lent_again_with_data_of_its_own(
    shelf: Shelf, settings: Settings, installed: Callable[[Path], Settings], tmp_path: Path
) -> None:
    with shelf.lent(settings) as app:
        figures = app.extensions["meter"].registry
        with app.app_context(), writing():
            factories.person()
            kept = storage.put(b"kept here")
            db.session.commit()
        app.test_client().get("/")
        assert figures.get_sample_value(*COUNTED) == 1
    with shelf.lent(installed(tmp_path / "elsewhere")) as again, app.app_context():
        assert again is app
        assert figures.get_sample_value(*COUNTED) is None
        assert not storage.holds(kept)
        assert db.session.scalars(select(Person)).all() == []


def test_what_a_test_altered_is_not_lent_again(shelf: Shelf, settings: Settings) -> None:
    with shelf.lent(settings) as app:
        app.view_functions["public.about"] = str
    with shelf.lent(settings) as another:
        assert another is not app
