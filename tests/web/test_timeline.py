"""The history in words: what happened, in the reader's language with its own punctuation."""

import re

import pytest
from flask_babel import force_locale

from accreditation.models import Accreditation, Application
from accreditation.services import history
from accreditation.web import timeline
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


def accredited() -> Application:
    found: Accreditation = factories.accreditation(in_call=factories.call(factories.programme()))
    return found.newest.application


def titles(case: Application, language: str) -> list[str]:
    with force_locale(language):
        return [event.title for event in timeline.shown(history.of_application(case.id))]


def test_an_entry_says_what_happened_and_not_what_the_button_says() -> None:
    said = titles(accredited(), "en")

    assert said[-1] == "Application started"
    assert {"Application sent", "Accepted as complete", "Findings handed in"} <= set(said)
    assert "Number given and certificate ordered (R08-0001, edition 1)" in said


def test_japanese_titles_have_japanese_punctuation() -> None:
    said = titles(accredited(), "ja")

    assert "認定番号の付与と認定証の作成依頼（R08-0001、第1版）" in said
    assert not [title for title in said if re.search(r"[(),:;]", title)]
