"""Incentive programmes and what was granted from them, in the browser."""

import re

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Incentive, IncentiveKind, Programme
from tests import factories
from tests.pages import Pages
from tests.web.office.conftest import Counter
from workflows.application import ApplicationState as S
from workflows.incentive import IncentiveState

GOOD = {
    "name_ja": "見本奨励金",
    "name_en": "Specimen grant",
    "fiscal_year": "2026",
    "kind": "money",
    "amount_yen": "１００，０００円",
    "budget_yen": "1,000,000",
    "benefit_ja": "",
    "benefit_en": "",
}


def stored(app: Flask) -> Programme | None:
    with app.app_context():
        found: Programme | None = db.session.scalar(db.select(Programme))
        return found


def granted(app: Flask, number: int = 1, **given: int) -> tuple[str, list[str]]:
    """Make a programme and accreditations; give its path and the incentives' keys in order."""
    with app.app_context(), writing():
        programme = factories.programme(**given)
        call = factories.call(programme)
        for _ in range(number):
            factories.application(S.ACCREDITED, in_call=call)
        db.session.commit()
        keys = db.session.scalars(db.select(Incentive.key).order_by(Incentive.id))
        return f"/office/programmes/{programme.key}", list(keys)


def version_in(page: str) -> str:
    found = re.search(r'id="version"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def test_amounts_are_read_as_people_write_them(app: Flask, office: Pages) -> None:
    page = office.post("/office/programmes/new", GOOD)

    assert "The programme is saved." in page
    assert "1,000,000 yen" in page
    programme = stored(app)
    assert programme is not None
    assert (programme.amount_yen, programme.budget_yen) == (100_000, 1_000_000)


def test_a_benefit_has_words_instead_of_an_amount(app: Flask, office: Pages) -> None:
    benefit = {
        "kind": "benefit",
        "amount_yen": "",
        "budget_yen": "",
        "benefit_ja": "観光サイトへの掲載",
        "benefit_en": "A place on the city's site",
    }

    assert "Another benefit" in office.post("/office/programmes/new", GOOD | benefit)
    programme = stored(app)
    assert programme is not None
    assert programme.kind == IncentiveKind.BENEFIT


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name_ja": " "}, "Please give the name in Japanese."),
        ({"kind": ""}, "Please choose money or another benefit."),
        ({"amount_yen": "十万"}, "Please give the amount in whole yen."),
        ({"amount_yen": "100.5"}, "Please give the amount in whole yen."),
        ({"amount_yen": "-5"}, "Please give the amount in whole yen."),
        ({"amount_yen": "－５"}, "Please give the amount in whole yen."),
        ({"amount_yen": "1e9"}, "Please give the amount in whole yen."),
        ({"amount_yen": "NaN"}, "Please give the amount in whole yen."),
        ({"amount_yen": "Infinity"}, "Please give the amount in whole yen."),
        ({"amount_yen": ""}, "Please give the amount in whole yen."),
        ({"amount_yen": "0"}, "The amount must be at least 1 yen."),
        ({"budget_yen": "2,000,000,001"}, "This is too large: at most 2,000,000,000 fit."),
        ({"budget_yen": "9" * 5000}, "This is too large: at most 2,000,000,000 fit."),
        ({"budget_yen": ""}, "Please give the budget in whole yen."),
        ({"budget_yen": "99,999"}, "The budget is less than one amount"),
        ({"kind": "benefit"}, "Please say what the benefit is."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    app: Flask, office: Pages, wrong: dict[str, str], why: str
) -> None:
    page = office.post("/office/programmes/new", GOOD | wrong, status=422)

    assert page.count(why) == 2, "once in the summary, once at the field"
    assert 'value="Specimen grant"' in page
    assert stored(app) is None


def test_the_budget_cannot_fall_below_what_was_granted(app: Flask, office: Pages) -> None:
    path, _keys = granted(app)
    values = GOOD | {"budget_yen": "99999", "version": version_in(office.get(path))}

    page = office.post(path, values, status=422)

    assert "More than this was granted already." in page
    assert 'value="99999"' in page


def test_two_people_who_change_a_programme_see_both_texts(app: Flask, office: Pages) -> None:
    path, _keys = granted(app, 0)
    seen = version_in(office.get(path))
    office.post(path, GOOD | {"name_en": "Other name", "version": seen})

    page = office.post(path, GOOD | {"name_en": "My name", "version": seen}, status=409)

    assert "Other name" in page
    assert 'value="My name"' in page
    office.post(path, GOOD | {"name_en": "My name", "version": version_in(page)})
    programme = stored(app)
    assert programme is not None
    assert programme.name_en == "My name"


def test_an_incentive_is_cancelled_with_a_reason_and_another_is_funded(
    app: Flask, office: Pages
) -> None:
    path, (first, second) = granted(app, 2, amount_yen=100_000, budget_yen=100_000)
    assert "The budget of the programme is used up." in office.get(f"{path}?incentive={second}")
    cancel = f"/office/incentives/{first}/steps/cancel"

    page = office.post(cancel, {"note": ""}, page=path, status=422)
    assert "Please give the reason." in page
    office.post(cancel, {"note": "辞退のため"}, page=path)
    office.post(f"/office/incentives/{second}/steps/fund", page=path)

    with app.app_context():
        states = db.session.scalars(db.select(Incentive.state).order_by(Incentive.id))
        assert list(states) == [IncentiveState.CANCELLED, IncentiveState.GRANTED]
    office.post(cancel, {"note": "もう一度"}, page=path, status=409)


def test_the_page_takes_the_same_number_of_queries_however_many_were_granted(
    app: Flask, office: Pages, count_queries: Counter
) -> None:
    path, _keys = granted(app, 2)
    few = count_queries(lambda: office.get(path))
    with app.app_context(), writing():
        programme = db.session.scalars(db.select(Programme)).one()
        for _ in range(3):
            factories.application(S.ACCREDITED, in_call=factories.call(programme))
        db.session.commit()

    assert count_queries(lambda: office.get(path)) == few


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name_ja": "あ" * 101}, "This has 101 characters, but only 100 fit here."),
        ({"benefit_en": "a" * 251}, "This has 251 characters, but only 250 fit here."),
        ({"name_en": "Prize \U0001f3c5"}, "with these characters: \U0001f3c5 (U+1F3C5)"),
    ],
)
def test_what_no_notice_could_say_is_told_at_its_field(
    app: Flask, office: Pages, wrong: dict[str, str], why: str
) -> None:
    page = office.post("/office/programmes/new", GOOD | wrong, status=422)

    assert page.count(why) == 2, "once in the summary, once at the field"
    assert all(text in page for text in wrong.values())
    assert stored(app) is None


def test_the_form_sent_twice_makes_one_programme(app: Flask, office: Pages) -> None:
    for _ in range(2):
        assert "The programme is saved." in office.post("/office/programmes/new", GOOD)

    with app.app_context():
        assert len(db.session.scalars(db.select(Programme)).all()) == 1
