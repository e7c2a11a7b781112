"""What is overdue is announced first, then erased by itself, once, whoever else works too."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock, create_app
from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.models import Erasure, Evidence, HistoryEntry, Mail, Office
from accreditation.services import history, storage
from accreditation.services.privacy import nightly, retention
from tests import factories
from tests.pages import Pages
from tests.services.privacy.test_retention import PICTURE, S, ended, in_years
from tests.threads import at_once, errors

DAY = timedelta(days=1)
PAGE = "/administration/erasures"


@pytest.fixture
def erasing(settings: Settings) -> Iterator[Flask]:
    """The application that erases by itself, with an administrator and a case that was declined."""
    made = create_app(settings.model_copy(update={"erase_at_night": True}))
    made.testing = True
    with made.app_context(), writing():
        factories.person(Office.ADMINISTRATOR, language="en")
        ended(S.DECLINED, "a.pdf", PICTURE)
        yield made
        db.session.remove()
        db.engine.dispose()


def night(at: datetime) -> None:
    """Let the worker do what it does at night."""
    db.session.commit()
    with clock.at(at):
        assert nightly.run() == []


def left() -> int:
    return len(db.session.scalars(select(Evidence)).all())


def acts() -> list[str]:
    chosen = select(HistoryEntry.act).where(HistoryEntry.subject_type == "installation")
    return list(db.session.scalars(chosen.order_by(HistoryEntry.sequence)))


def letters() -> list[Mail]:
    return list(db.session.scalars(select(Mail).where(Mail.subject == "Data will be erased")))


@pytest.mark.usefixtures("erasing")
def test_it_is_announced_a_month_before_and_erased_on_its_day() -> None:
    night(in_years(1) - 32 * DAY)
    assert (acts(), letters()) == ([], [])
    night(in_years(1) - 20 * DAY)
    night(in_years(1) - 19 * DAY)
    [letter] = letters()
    assert "of 1 thing" not in letter.body
    assert "for which 1 thing may be kept" in letter.body
    assert (acts(), left()) == (["announce_erasing"], 1)
    sha256 = db.session.scalars(select(Evidence.sha256)).one()
    night(in_years(1))
    assert (acts(), left()) == (["announce_erasing", "erase_overdue"], 0)
    with pytest.raises(FileNotFoundError):
        storage.get(sha256)
    night(in_years(1) + DAY)
    assert acts() == ["announce_erasing", "erase_overdue"]
    assert db.session.scalars(select(Erasure)).all() == []
    assert history.verify() is None


@pytest.mark.usefixtures("erasing")
def test_what_was_overdue_long_ago_waits_a_week_too() -> None:
    late = in_years(2)
    night(late)
    night(late + 6 * DAY)
    assert left() == 1
    night(late + 7 * DAY)
    assert left() == 0


def test_without_the_setting_nothing_is_announced_or_erased(context: Flask) -> None:
    ended(S.DECLINED, "a.pdf")
    for days in (0, 10):
        night(in_years(1) + days * DAY)
    assert (acts(), left(), db.session.scalars(select(Erasure)).all()) == ([], 1, [])
    db.session.commit()
    with clock.at(in_years(1)):
        pages = Pages.of(context, Office.ADMINISTRATOR)
        html = pages.get(PAGE)
    assert "Nothing is erased by itself" in html
    assert "By hand" in html


def test_two_workers_announce_and_erase_once(erasing: Flask) -> None:
    for at in (in_years(1), in_years(1) + 8 * DAY):
        db.session.commit()
        with clock.at(at):
            done = at_once(erasing, nightly.run, nightly.run)
        assert errors(done) == []
        assert done == [[], []]
    assert len(letters()) == 1
    assert acts() == ["announce_erasing", "erase_overdue"]
    assert left() == 0


@pytest.mark.usefixtures("erasing")
def test_what_somebody_else_erased_meanwhile_is_no_fault() -> None:
    with clock.at(in_years(1)):
        found = list(retention.overdue())
        for _ in range(2):
            assert retention.apply(found) == []
    assert acts() == ["erase_overdue"]


def test_administrators_read_what_will_be_erased_and_when(erasing: Flask) -> None:
    key = db.session.scalars(select(Evidence)).one().application.key
    night(in_years(1) - 20 * DAY)
    db.session.commit()
    with clock.at(in_years(1) - 19 * DAY):
        html = Pages.of(erasing, Office.ADMINISTRATOR).get(PAGE)
        assert "The files of evidence" in html
        assert f"Case {key.upper()}" in html
        assert "After its last day" in html
        assert "Overdue" not in html
    with clock.at(in_years(1)):
        html = Pages.of(erasing, Office.ADMINISTRATOR).get(PAGE)
        assert "Overdue" in html
        assert "From " in html
