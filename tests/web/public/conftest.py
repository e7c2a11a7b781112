"""The accreditation that the check pages are asked about."""

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db
from tests import factories
from tests.pages import Pages
from tests.stages import Stages
from tests.web.public.visit import LATER, Case
from workflows.application import ApplicationState


@pytest.fixture
def case(app: Flask, stages: Stages) -> Case:
    """An accreditation whose paper is still to be made."""
    return Case(Pages(app), stages.set(app, _accredited))


@pytest.fixture
def renewed(app: Flask, stages: Stages) -> Case:
    """The same, with a second edition granted later."""
    return Case(Pages(app), stages.set(app, _renewed))


def _accredited() -> list[str]:
    return [one.code for one in factories.accreditation().certificates]


def _renewed() -> list[str]:
    accreditation = factories.accreditation()
    with clock.at(clock.now() + LATER):
        application = factories.application(ApplicationState.LISTED, of=accreditation.site)
        factories.decide(application, "accredit_with_conditions", conditions=["毎年報告すること"])
    db.session.refresh(accreditation)
    return [one.code for one in accreditation.certificates]
