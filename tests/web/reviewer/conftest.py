"""Reviewers at work: assignments in each state, and the people who hold them."""

from collections.abc import Callable

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Application, Office, Person, Review
from accreditation.services import reviews
from tests import factories
from tests.pages import Pages
from tests.web.reviewer.desk import Desk, Seat
from workflows.application import ApplicationState


@pytest.fixture
def seat(app: Flask) -> Seat:
    """Give the function that makes an assignment and signs its reviewer in."""

    def sit(make: Callable[[Application, Person], Review]) -> Desk:
        with app.app_context(), writing():
            reviewer = factories.person(Office.REVIEWER, language="en")
            application = factories.application(ApplicationState.IN_REVIEW)
            key, email = make(application, reviewer).key, reviewer.email
            db.session.commit()
        return Desk(app, Pages(app, email), email, key)

    return sit


@pytest.fixture
def invited(seat: Seat) -> Desk:
    """A reviewer who has not declared yet."""
    return seat(
        lambda application, reviewer: reviews.assign(
            application, reviewer, factories.person(Office.OFFICE)
        )
    )


@pytest.fixture
def at_work(seat: Seat) -> Desk:
    """A reviewer who declared to have no conflict."""
    return seat(factories.open_review)


@pytest.fixture
def handed_in(seat: Seat) -> Desk:
    """A reviewer who handed in, while another one is still to come."""

    def make(application: Application, reviewer: Person) -> Review:
        factories.open_review(application)
        return factories.handed_in_review(application, reviewer)

    return seat(make)
