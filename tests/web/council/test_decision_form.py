"""What the council's form refuses before anything is decided."""

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Decision
from tests import factories
from tests.pages import Pages
from workflows.application import ApplicationState as S


@pytest.fixture
def case(app: Flask) -> str:
    with app.app_context(), writing():
        path = f"/council/applications/{factories.application(S.LISTED).key}"
        db.session.commit()
    return path


def nothing_was_decided(app: Flask) -> bool:
    with app.app_context():
        return db.session.scalar(db.select(Decision)) is None


def test_the_enter_key_decides_nothing(app: Flask, council: Pages, case: str) -> None:
    first = council.get(case).split(f'action="{case}/decision"')[1].split("<button")[1]
    assert 'name="step"' not in first.split(">")[0]
    given = {"indicators": ["1", "2"], "conditions": "", "reasons": "typed"}
    page = council.post(f"{case}/decision", given, page=case, status=422)
    assert "Please press one of the buttons" in page
    assert "typed" in page
    assert nothing_was_decided(app)


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ("x" * 501, "At most 20 conditions of at most 500 characters"),
        ("\n".join(["x"] * 21), "At most 20 conditions of at most 500 characters"),
        ("Plant a tree 🌲", "can&#39;t be printed with these characters: 🌲 (U+1F332)"),
    ],
)
def test_conditions_that_no_certificate_can_carry(
    app: Flask, council: Pages, case: str, conditions: str, sentence: str
) -> None:
    step = "accredit_with_conditions"
    given = {"step": step, "indicators": ["1", "2"], "conditions": conditions, "reasons": ""}
    page = council.post(f"{case}/decision", given, page=case, status=422)
    assert sentence in page
    assert 'href="#conditions"' in page
    assert conditions.splitlines()[0] in page
    assert nothing_was_decided(app)
