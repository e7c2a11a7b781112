"""A visit to the one accreditation there is, with the codes that its papers carry."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from accreditation.extensions import db
from accreditation.models import Accreditation
from tests.pages import Pages

NUMBER = "R08-0001"
LATER = timedelta(days=100)  # when a second edition is granted


@dataclass
class Case:
    """A visitor, and the codes of the editions of the one accreditation there is."""

    pages: Pages
    codes: list[str]


def stored() -> Accreditation:
    """Give the accreditation."""
    return db.session.scalars(select(Accreditation)).one()
