"""The accreditation that the check pages are asked about."""

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from tests import factories
from tests.pages import Pages
from tests.web.public.visit import LATER, Case, stored
from workflows.application import ApplicationState


@pytest.fixture
def case(app: Flask) -> Case:
    """An accreditation whose paper is still to be made."""
    with app.app_context(), writing():
        codes = [one.code for one in factories.accreditation().certificates]
        db.session.commit()
    return Case(Pages(app), codes)


@pytest.fixture
def renewed(app: Flask, case: Case) -> Case:
    """The same, with a second edition granted later."""
    with app.app_context(), writing(), clock.at(clock.now() + LATER):
        accreditation = stored()
        application = factories.application(ApplicationState.LISTED, of=accreditation.site)
        factories.decide(application, "accredit_with_conditions", conditions=["毎年報告すること"])
        db.session.commit()
        db.session.refresh(accreditation)
        return Case(case.pages, [one.code for one in accreditation.certificates])
