"""Where a person arrives after signing in."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from accreditation.models import Office, Person

ROOMS = (Office.OFFICE, Office.REVIEWER, Office.COUNCIL)


def home_of(person: Person) -> str:
    """Give the address of the page where a person's work waits."""
    for office in ROOMS:
        if office in person.offices:
            return url_for(f"{office}.home")
    return url_for("applicant.home")


def arrive(person: Person, wanted: str | None = None) -> ResponseReturnValue:
    """Send a person to the page that they wanted, else to their own."""
    return redirect(wanted or home_of(person), 303)
