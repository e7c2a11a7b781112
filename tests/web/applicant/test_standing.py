"""What the operator reads when the accreditation has come to a halt or to its end."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Accreditation, Office
from accreditation.services.steps import take_step
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from tests.web.applicant.cases import case, email_of, stored
from workflows.application import ApplicationState as S

GRANTED = "Congratulations"


def council_step(app: Flask, name: str, note: str) -> str:
    """Let the council act on the only accreditation; give the member's name."""
    with app.app_context(), writing():
        member = factories.person(Office.COUNCIL)
        take_step(db.session.scalars(select(Accreditation)).one(), name, member, note=note)
        db.session.commit()
        return member.name


@pytest.mark.parametrize(
    ("step", "tag", "done"),
    [
        ("suspend", "Suspended", "Accreditation suspended"),
        ("withdraw", "Withdrawn", "Accreditation withdrawn"),
    ],
)
def test_an_operator_reads_what_the_council_did_with_the_accreditation_and_why(
    app: Flask, step: str, tag: str, done: str
) -> None:
    pages, _, path = case(app, S.ACCREDITED)
    assert GRANTED in pages.get(path)
    member = council_step(app, step, "The bins were gone.")
    html = pages.get(path)
    assert GRANTED not in html
    today, _, history = html.partition("The decision")
    assert tag in today
    assert "November 22, 2026" in today
    assert "The bins were gone." in today, "above the old decision"
    assert done in history
    assert history.count("The bins were gone.") == 1
    assert member not in html
    home = pages.get("/my")
    assert "The bins were gone." in home
    assert tag in home


def test_a_lifted_suspension_stands_in_the_history_only(app: Flask) -> None:
    pages, _, path = case(app, S.ACCREDITED)
    council_step(app, "suspend", "The bins were gone.")
    council_step(app, "lift", "They are back.")
    html = pages.get(path)
    assert GRANTED in html
    assert "The accreditation today" not in html
    assert html.count("The bins were gone.") == html.count("They are back.") == 1
    assert "The bins were gone." not in pages.get("/my")


def test_an_expired_accreditation_is_not_congratulated_on(app: Flask) -> None:
    _, key, path = case(app, S.ACCREDITED)
    with clock.at(MADE_UP_NOW + timedelta(days=366)):
        html = Pages(app, email_of(app, key)).get(path)
    assert GRANTED not in html
    assert "has expired" in html


def test_who_gave_up_reads_it_and_that_the_next_call_is_needed(app: Flask) -> None:
    pages, key, path = case(app, S.ACCREDITED)
    with app.app_context():
        title = stored(key).call.title_en
    decided = f"In “{title}” the application of this site was decided already."
    there = "/my/accreditations/R08-0001/give-up"
    assert decided in pages.get(there)
    home = pages.post(there, {"note": "The inn closes."})
    assert decided in home
    assert "The inn closes." in home
    html = pages.get(path)
    assert GRANTED not in html
    assert "Given up" in html
    assert "Accreditation given up" in html


def test_giving_up_says_that_another_call_is_open(app: Flask) -> None:
    pages, _, _ = case(app, S.ACCREDITED)
    with app.app_context(), writing():
        factories.call()
        db.session.commit()
    assert "you can apply anew in the call that is open now" in pages.get(
        "/my/accreditations/R08-0001/give-up"
    )
