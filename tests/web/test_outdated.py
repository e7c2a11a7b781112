"""What a page says of the version that it showed, when that is nonsense."""

import pytest
from flask import Flask

from accreditation.schemes.rules import Verdict
from tests.web.applicant.desk import desk, typed


@pytest.mark.parametrize("version", ["9" * 5_000, "-1", "２", "two", ""])
def test_a_version_that_is_none_overwrites_nothing(app: Flask, version: str) -> None:
    at = desk(app)
    at.pages.post(at.page(), at.shown() | typed("1-1", Verdict.CARRIED_OUT, "theirs"))
    mine = typed("1-1", Verdict.NOT_CARRIED_OUT, "mine") | {"item-1-1-version": version}
    at.pages.post(at.page(), at.shown() | mine, status=422)
    assert at.answer("1-1")[1] == "theirs"
