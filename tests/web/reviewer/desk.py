"""A reviewer's desk: a signed-in reviewer with one assignment."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from accreditation.extensions import db, writing
from accreditation.models import Application, Finding, Office, Person, Review
from tests import factories
from tests.pages import Pages


@dataclass
class Desk:
    """A signed-in reviewer with one assignment, and a way to read what is stored."""

    app: Flask
    pages: Pages
    email: str
    key: str

    @property
    def path(self) -> str:
        """The address of the assignment."""
        return f"/reviews/{self.key}"

    def read(self, see: Callable[[Review], object]) -> object:
        """Look at the stored review."""
        with self.app.app_context():
            return see(self._stored())

    def change(self, do: Callable[[Review], object]) -> None:
        """Let something happen to the review outside this reviewer's browser."""
        with self.app.app_context(), writing():
            do(self._stored())
            db.session.commit()

    def _stored(self) -> Review:
        chosen = select(Review).where(Review.key == self.key)
        return db.session.scalars(chosen).one()


Assign = Callable[[Application, Person], Review]
Seat = Callable[[Assign], Desk]


def seated(app: Flask, case: Callable[[], Application], assign: Assign) -> Desk:
    """Make an assignment of a case and sign its reviewer in."""
    with app.app_context(), writing():
        reviewer = factories.person(Office.REVIEWER, language="en")
        key, email = assign(case(), reviewer).key, reviewer.email
        db.session.commit()
    return Desk(app, Pages(app, email), email, key)


def finding_of(review: Review, item: str) -> Finding:
    """Give a stored finding."""
    return next(finding for finding in review.findings if finding.item == item)
