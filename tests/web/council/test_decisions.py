"""The council's list and the decision panel."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Application, Decision, Membership, Office, Outcome, Person
from accreditation.schemes.rules import Verdict
from accreditation.services import reviews
from accreditation.services.steps import take_step
from tests import factories
from tests.pages import Pages
from workflows.application import ApplicationState as S

NO = Verdict.NOT_CARRIED_OUT
Make = Callable[[], Application]


def made(app: Flask, make: Make) -> str:
    with app.app_context(), writing():
        path = f"/council/applications/{make().key}"
        db.session.commit()
    return path


def listed(app: Flask, **given: Any) -> str:
    return made(app, lambda: factories.application(S.LISTED, indicators=(1, 2, 3), **given))


def with_third_not_reached() -> Application:
    case = factories.application(S.IN_REVIEW, indicators=(1, 2, 3))
    factories.handed_in_review(case)
    missing = dict.fromkeys(["3-1", "3-2", "3-3", "3-4"], NO)
    factories.handed_in_review(case, otherwise=missing)
    take_step(case, "list", factories.person(Office.OFFICE))
    return case


def decide(pages: Pages, path: str, step: str = "accredit", status: int = 200, **more: Any) -> str:
    values = {"step": step, "indicators": ["1", "2", "3"], "conditions": "", "reasons": ""} | more
    return pages.post(f"{path}/decision", values, page=path, status=status)


def decision(app: Flask) -> Decision | None:
    with app.app_context():
        found: Decision | None = db.session.scalar(db.select(Decision))
        return found


def test_the_list_shows_what_waits_and_what_was_decided(app: Flask, council: Pages) -> None:
    waiting = listed(app)
    decided = made(app, lambda: factories.application(S.REFUSED))
    elsewhere = made(app, lambda: factories.application(S.IN_REVIEW))

    page = council.get("/council")

    assert waiting in page
    assert decided in page
    assert elsewhere not in page


def test_the_panel_reads_from_who_to_the_decision(app: Flask, council: Pages) -> None:
    page = council.get(made(app, with_third_not_reached))

    parts = ["who", "asked", "answers", "findings", "agreed", "past", "decision"]
    places = [page.index(f'<h2 id="{part}"') for part in parts]
    assert places == sorted(places)
    assert "Reviewers differ on 4 items" in page
    assert "It counts as not carried out until this is settled." in page
    assert "Not reached: 3." in page


def test_the_council_accredits_what_was_reached(app: Flask, council: Pages) -> None:
    with app.app_context(), writing():
        programme = factories.programme()
        call = factories.call(programme)
        db.session.commit()
        path = f"/council/applications/{factories.application(S.LISTED, in_call=call).key}"
        db.session.commit()

    page = decide(council, path, indicators=["1", "2"])

    assert "The decision is recorded." in page
    assert "Number R08-0001, edition 1." in page
    assert "The certificate is being made." in page
    assert "I-R08-0001" in page
    assert "100,000 yen" in page


def test_conditions_stand_one_on_a_line(app: Flask, council: Pages) -> None:
    path = listed(app)
    conditions = "掲示を直す。\r\n\r\n  研修の記録を出す。"

    page = decide(council, path, "accredit_with_conditions", conditions=conditions)

    found = decision(app)
    assert found is not None
    assert found.conditions == ["掲示を直す。", "研修の記録を出す。"]
    assert "Accredited with conditions" in page


def test_the_council_refuses_with_reasons(app: Flask, council: Pages) -> None:
    path = listed(app)

    assert "証拠が足りない" in decide(council, path, "refuse", reasons="証拠が足りない")
    found = decision(app)
    assert found is not None
    assert (found.outcome, found.indicators) == (Outcome.REFUSED, [])


@pytest.mark.parametrize(
    ("step", "given", "why"),
    [
        ("refuse", {}, "Please give the reason."),
        ("accredit", {"indicators": ["1", "2"]}, "Please give the reasons for accrediting fewer"),
        ("accredit", {"indicators": []}, "The required indicators must be among"),
        ("accredit", {"indicators": ["1", "2", "3", "8"]}, "was not reached"),
        ("accredit", {"indicators": ["1", "2", "x"], "reasons": "x"}, ""),
        ("accredit", {"conditions": "掲示を直す。"}, "press “Accredit with conditions”"),
        ("accredit_with_conditions", {"conditions": " \r\n "}, "Please write at least one"),
        ("refuse", {"reasons": "長" * 8001}, "This has 8001 characters, but only 8000 fit here."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    app: Flask, council: Pages, step: str, given: dict[str, Any], why: str
) -> None:
    path = listed(app)
    if not why:  # what is no number is no indicator; the rest is a decision with reasons
        decide(council, path, step, **given)
        found = decision(app)
        assert found is not None
        assert found.indicators == [1, 2]
        return

    page = decide(council, path, step, status=422, **given)

    assert page.count(why) == 2, "once in the summary, once at the field"
    assert str(given.get("conditions", "")).strip() in page
    assert str(given.get("reasons", "")) in page
    assert decision(app) is None


def test_an_indicator_that_was_not_reached_is_never_accredited(app: Flask, council: Pages) -> None:
    path = made(app, with_third_not_reached)

    page = decide(council, path, indicators=["1", "2", "3"], reasons="熱心だから", status=422)

    assert "An indicator that was not reached can&#39;t be accredited." in page
    assert decision(app) is None


def test_conditions_do_not_replace_an_obligatory_item(app: Flask, council: Pages) -> None:
    def without_obligatory() -> Application:
        case = factories.application(S.IN_REVIEW)
        for _ in range(2):
            factories.handed_in_review(case, otherwise={"1-5": NO})
        take_step(case, "list", factories.person(Office.OFFICE))
        return case

    path = made(app, without_obligatory)

    assert 'value="accredit' not in council.get(path)
    page = decide(council, path, "accredit_with_conditions", conditions="1-5を行う", status=409)
    assert "do not reach what the scheme requires" in page
    assert "1-5を行う" in page, "what was typed is not lost"


def test_the_second_decider_reads_who_decided_what_and_when(app: Flask, council: Pages) -> None:
    path = listed(app)
    with app.app_context(), writing():
        second = factories.person(Office.COUNCIL, language="en").email
        db.session.commit()
    other = Pages(app, second)
    token = other.token(path)
    decide(council, path)

    sent = other.client.post(
        f"{path}/decision",
        data={"csrf_token": token, "step": "refuse", "reasons": "反対する"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert sent.status_code == 409
    assert "見本 一郎" in sent.text
    assert "Accredit" in sent.text
    assert str(clock.today().year) in sent.text
    assert "反対する" in sent.text, "what was typed is not lost"
    found = decision(app)
    assert found is not None
    assert found.outcome == Outcome.ACCREDITED


def test_a_decision_on_a_stale_page_is_refused(app: Flask, council: Pages) -> None:
    path = listed(app)

    assert "has changed since" in decide(council, path, version="1", status=409)
    assert decision(app) is None


def test_who_took_part_reads_why_somebody_else_decides(app: Flask) -> None:
    def settled() -> Application:
        case = factories.application(S.IN_REVIEW, indicators=(1, 2, 3))
        person = factories.person(Office.OFFICE, Office.COUNCIL, name="見本 両方", language="en")
        factories.handed_in_review(case)
        factories.handed_in_review(case, otherwise={"3-1": NO})
        reviews.reconcile(case, reviews.Judgement("3-1", NO, "証拠がない"), person)
        take_step(case, "list", factories.person(Office.OFFICE))
        return case

    path = made(app, settled)
    with app.app_context():
        email = db.session.scalars(db.select(Person.email).filter_by(name="見本 両方")).one()
    pages = Pages(app, email)

    page = pages.get(path)
    assert "You took part in the evaluation of this case" in page
    assert 'name="step"' not in page
    assert "You took part" in decide(pages, path, status=409)
    assert decision(app) is None


def test_the_council_does_not_open_the_case_of_its_own_operator(app: Flask) -> None:
    with app.app_context(), writing():
        case, own = (
            factories.application(S.LISTED),
            factories.person(Office.COUNCIL, language="en"),
        )
        db.session.add(Membership(operator=case.site.operator, person=own))
        db.session.commit()
        path, email = f"/council/applications/{case.key}", own.email
    pages = Pages(app, email)

    assert "Your own operator" in pages.get("/council")
    pages.get(path, status=404)
    pages.post(f"{path}/decision", {"step": "accredit"}, page="/account", status=404)


def test_the_council_does_not_open_a_case_that_it_was_asked_to_review(app: Flask) -> None:
    with app.app_context(), writing():
        case = factories.application(S.IN_REVIEW)
        person = factories.person(Office.REVIEWER, Office.COUNCIL, language="en")
        review = reviews.assign(case, person, factories.person(Office.OFFICE))
        take_step(review, "declare_conflict", person, note="親族が働いている")
        for _ in range(2):
            factories.handed_in_review(case)
        take_step(case, "list", factories.person(Office.OFFICE))
        db.session.commit()
        path, email = f"/council/applications/{case.key}", person.email
    pages = Pages(app, email)

    assert "You were asked to review this case" in pages.get("/council")
    pages.get(path, status=404)
    pages.post(f"{path}/decision", {"step": "refuse"}, page="/account", status=404)


@pytest.mark.parametrize("state", [S.SUBMITTED, S.IN_REVIEW, S.DECLINED])
def test_a_case_that_is_not_on_the_list_is_not_the_councils(
    app: Flask, council: Pages, state: S
) -> None:
    council.get(made(app, lambda: factories.application(state)), status=404)


def test_only_the_three_decisions_are_taken_here(app: Flask, council: Pages) -> None:
    path = listed(app)

    for step in ("", "unlist", "celebrate"):
        assert "Please press one of the buttons" in decide(council, path, step, status=422)
    assert decision(app) is None


def test_earlier_certificates_stand_beside_the_renewal(app: Flask, council: Pages) -> None:
    def renewal() -> Application:
        accreditation = factories.accreditation()
        return factories.application(S.LISTED, of=accreditation.site, in_call=factories.call())

    page = council.get(made(app, renewal))

    assert "R08-0001" in page
    assert "Renewal" in page
