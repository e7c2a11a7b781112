"""What is refused stands in the log: the route, the reason, the offices of who asked, no more."""

from datetime import timedelta

import pytest
from flask import Flask
from structlog.testing import capture_logs
from structlog.typing import EventDict

from accreditation import clock
from accreditation.models import Office
from accreditation.services.steps import take_step
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from tests.web.auth.staff import equipped
from workflows.application import ApplicationState as S
from workflows.engine import StepRefused


def reasons(logged: list[EventDict]) -> list[tuple[str, str]]:
    return [(one["why"], one["route"]) for one in logged if one["event"] == "refused"]


def test_a_grave_act_with_an_old_proof(app: Flask) -> None:
    pages = Pages.of(app, Office.ADMINISTRATOR)
    token = pages.token("/administration/invitations/new")
    with clock.at(MADE_UP_NOW + timedelta(minutes=16)), capture_logs() as logged:
        pages.client.post("/administration/invitations/new", data={"csrf_token": token})
    assert reasons(logged) == [("proof_needed", "/administration/invitations/new")]
    assert [one["offices"] for one in logged if one["event"] == "refused"] == [["administrator"]]


def test_a_wrong_proof_and_a_stale_form(app: Flask) -> None:
    pages = Pages.of(app, Office.OFFICE)
    with capture_logs() as logged:
        pages.client.post("/confirm", data={"csrf_token": pages.token("/account"), "password": "x"})
        pages.client.post("/account", data={"name": "誰か"})
    assert reasons(logged) == [("wrong_proof", "/confirm"), ("stale_form", "/account")]


def test_a_wrong_second_factor(app: Flask) -> None:
    email, _ = equipped(app, Office.OFFICE)
    pages = Pages(app)
    with capture_logs() as logged:
        pages.post("/sign-in", {"email": email, "password": factories.PASSWORD})
        pages.post("/sign-in/second", {"code": "000000"}, status=422)
    assert ("wrong_second_factor", "/sign-in/second") in reasons(logged)
    assert email not in str(logged)


@pytest.mark.usefixtures("context")
def test_a_step_that_a_guard_refuses() -> None:
    case = factories.application(S.IN_REVIEW)
    with capture_logs() as logged, pytest.raises(StepRefused):
        take_step(case, "list", factories.person(Office.OFFICE), note="秘密の理由")
    [told] = [one for one in logged if one["event"] == "step_refused"]
    assert (told["workflow"], told["step"]) == ("application", "list")
    assert (told["refusal"], told["guard"]) == ("guard", "enough_reviews")
    assert "秘密" not in str(logged)
