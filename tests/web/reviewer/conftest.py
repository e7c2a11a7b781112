"""Reviewers at work: assignments in each state, and the people who hold them."""

import pytest
from flask import Flask

from accreditation.extensions import db
from accreditation.models import Application, Office, Person, Review
from accreditation.services import reviews
from tests import factories
from tests.stages import Stages
from tests.web.reviewer.desk import Assign, Desk, Seat, seated
from workflows.application import ApplicationState


@pytest.fixture
def seat(app: Flask, stages: Stages) -> Seat:
    """Give the function that makes an assignment and signs its reviewer in."""

    def sit(make: Assign) -> Desk:
        number = stages.set(app, _in_review)
        return seated(app, lambda: db.session.get_one(Application, number), make)

    return sit


def _in_review() -> int:
    return factories.application(ApplicationState.IN_REVIEW).id


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
