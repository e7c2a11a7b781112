"""What the demonstration's scenarios share."""

import pytest

from accreditation.demo.cast import REVIEWERS
from accreditation.demo.stage import Stage, specimen_file
from accreditation.services import schemes
from tests import factories
from workflows.application import ApplicationState


@pytest.mark.usefixtures("context")
def test_reviewers_take_turns_and_nobody_is_asked_twice_about_a_case() -> None:
    version = schemes.current()
    assert version is not None
    stage = Stage(version)
    one, other = (factories.application(ApplicationState.IN_REVIEW) for _ in range(2))
    asked = [stage.assign(case).reviewer.email for case in (one, other, other, one)]
    assert asked[:3] == [part.email for part in REVIEWERS]
    assert asked[3] != asked[0]


def test_the_specimen_file_is_always_the_same_pdf() -> None:
    assert specimen_file() == specimen_file()
    assert specimen_file().startswith(b"%PDF")
