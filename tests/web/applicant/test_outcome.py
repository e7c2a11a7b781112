from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Call,
    Evidence,
    HistoryEntry,
    Incentive,
    Office,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import documents, evidence, results
from accreditation.services.steps import take_step
from tests import disk, factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from tests.web.applicant.cases import case, email_of, stored
from workflows.accreditation import AccreditationState
from workflows.application import ApplicationState as S


def test_names_and_notes_of_the_other_side_are_not_shown(app: Flask) -> None:
    pages, key, path = case(app, S.LISTED)
    with app.app_context(), writing():
        take_step(stored(key), "unlist", factories.person(Office.OFFICE), note="internal")
        db.session.commit()
        chosen = select(HistoryEntry).where(
            HistoryEntry.party != "operator", HistoryEntry.application_id.is_not(None)
        )
        names = {
            entry.detail.content["name"] for entry in db.session.scalars(chosen) if entry.detail
        }
    html = pages.get(path)
    assert "internal" not in html
    assert names
    assert not [name for name in names if name and name in html]
    assert "Hand in the review" not in html


def test_an_accredited_site_finds_decision_certificate_and_incentives(app: Flask) -> None:
    with app.app_context(), writing():
        programmes = (
            factories.programme(name_en="Paid"),
            factories.programme(budget_yen=100_000, name_en="Empty"),
        )
        call = factories.call(*programmes)
        programmes[1].committed_yen = programmes[1].budget_yen
        db.session.commit()
        call_key = call.key
    with app.app_context(), writing():
        call = db.session.scalars(select(Call).filter_by(key=call_key)).one()
        site = factories.site(factories.operator(factories.person(language="en")))
        key = factories.application(S.ACCREDITED, in_call=call, of=site).key
        db.session.commit()
        email = factories.owner_of(site.operator).email
    pages, path = Pages(app, email), f"/my/applications/{key}"
    html = pages.get(path)
    for words in (
        "R08-0001",
        "The certificate is being made",
        "100,000 yen",
        "The notice is being made",
    ):
        assert words in html
    assert "The budget of the programme was used up" in html
    with app.app_context():
        made = db.session.scalars(select(Incentive).where(Incentive.number.is_not(None))).one()
        notice = f"/notices/{made.key}.pdf"
        empty = db.session.scalars(select(Incentive).where(Incentive.number.is_(None))).one()
        unfunded = f"/notices/{empty.key}.pdf"
    assert "still being made" in pages.get(notice, 503)
    pages.get(unfunded, 404)
    with app.app_context():
        for document in documents.waiting():
            documents.make(document)
    html = pages.get(path)
    assert "/verify/R08-0001.pdf" in html
    assert notice in html
    paper = pages.client.get(notice)
    assert paper.data.startswith(b"%PDF")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert paper.headers["Content-Security-Policy"] == "sandbox"
    case(app)[0].get(notice, 404)


def test_conditions_and_gaps_are_told(app: Flask) -> None:
    pages, key, path = case(app, S.LISTED, indicators=(1, 2, 3))
    with app.app_context(), writing():
        details = {"conditions": ["Show the new bin by May."], "indicators": [1, 2]}
        council = factories.person(Office.COUNCIL)
        step = "accredit_with_conditions"
        take_step(stored(key), step, council, note="Not yet for 3.", details=details)
        db.session.commit()
    html = pages.get(path)
    assert "Accredited with conditions" in html
    assert "Show the new bin by May." in html
    assert "Not yet for 3." in html


def test_a_refusal_says_why_and_what_would_close_the_gap(app: Flask) -> None:
    pages, key, path = case(app, S.IN_REVIEW)
    with app.app_context(), writing():
        made, office = stored(key), factories.person(Office.OFFICE)
        for _ in range(2):
            factories.handed_in_review(made, otherwise={"1-5": Verdict.NOT_CARRIED_OUT})
        take_step(made, "list", office)
        factories.decide(made, "refuse")
        db.session.commit()
    html = pages.get(path)
    assert "The council has not accredited this site" in html
    assert "見本の理由" in html
    assert "1 obligatory item is missing." in html
    assert "This would be enough to reach it" in html


@pytest.mark.parametrize(
    ("state", "words", "acts"),
    [
        (S.SUBMITTED, "The office checks whether it is complete", "Office"),
        (S.IN_REVIEW, "Two reviewers look at it", "Office"),  # nobody was asked yet
        (S.LISTED, "Listed for the council&#39;s decision", "Council"),
        (S.DECLINED, "The office has declined", "見本の理由"),
        (S.WITHDRAWN, "You have withdrawn", "Application withdrawn"),
    ],
)
def test_the_state_is_said_in_words_with_who_acts_next(
    app: Flask, state: S, words: str, acts: str
) -> None:
    pages, _, path = case(app, state)
    html = pages.get(path)
    assert words in html
    assert acts in html


def with_evidence(app: Flask, name: str, content: bytes = factories.PDF) -> tuple[Pages, str]:
    pages, key, _ = case(app)
    with app.app_context(), writing():
        made = stored(key)
        file = factories.file_of(made, name, content)
        evidence.attach(made, results.asked(made)[0].id, file)
        db.session.commit()
        return pages, file.key


def test_evidence_goes_out_as_a_download_only(app: Flask) -> None:
    pages, key = with_evidence(app, '証拠 "髙橋".csv', b"a,b\n1,2\n")
    answer = pages.client.get(f"/evidence/{key}")
    assert answer.data == b"a,b\n1,2\n"
    assert answer.mimetype == "text/csv"
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment")
    assert "filename*=UTF-8''%E8%A8%BC%E6%8B%A0" in said
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert "no-store" in answer.headers["Cache-Control"]
    case(app)[0].get(f"/evidence/{key}", 404)


@pytest.mark.parametrize("fault", [disk.bend, disk.lose])
def test_a_file_that_is_not_what_it_was_is_told_in_words(
    app: Flask, fault: Callable[[str], None]
) -> None:
    pages, key = with_evidence(app, "bills.pdf")
    with app.app_context():
        row = db.session.scalars(select(Evidence).filter_by(key=key)).one()
        fault(row.sha256)
    html = pages.get(f"/evidence/{key}", 500)
    assert "This file can&#39;t be opened" in html
    assert "Traceback" not in html


def test_an_accreditation_is_given_up_after_asking_once_more(app: Flask) -> None:
    pages, _, _ = case(app, S.ACCREDITED)
    path = "/my/accreditations/R08-0001/give-up"
    assert "can't be undone" in pages.get(path)
    case(app)[0].get(path, 404)
    assert "The accreditation is given up." in pages.post(path)
    with app.app_context():
        row = db.session.scalars(select(Accreditation)).one()
        assert row.state == AccreditationState.SURRENDERED
    assert "has ended already" in pages.post(path, page="/account")


def test_an_expired_accreditation_is_not_given_up(app: Flask) -> None:
    _, key, _ = case(app, S.ACCREDITED)
    with clock.at(MADE_UP_NOW + timedelta(days=366)):
        pages = Pages(app, email_of(app, key))
        assert "has expired already" in pages.get("/my/accreditations/R08-0001/give-up")


@pytest.mark.parametrize("cancelled", ["before it was made", "afterwards"])
def test_a_cancelled_incentive_has_no_notice_and_says_so(app: Flask, cancelled: str) -> None:
    with app.app_context(), writing():
        site = factories.site(factories.operator(factories.person(language="en")))
        call = factories.call(factories.programme())
        factories.application(S.ACCREDITED, in_call=call, of=site)
        db.session.commit()
        email = factories.owner_of(site.operator).email
        incentive = db.session.scalars(select(Incentive)).one()
        if cancelled == "afterwards":
            assert incentive.document is not None
            assert documents.make(incentive.document.id)
        take_step(incentive, "cancel", factories.person(Office.OFFICE), note="Paid back.")
        db.session.commit()
        notice = f"/notices/{incentive.key}.pdf"
    html = Pages(app, email).get(notice, 410)
    assert "This incentive was cancelled" in html
    assert "no longer valid" in html
