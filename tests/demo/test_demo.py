"""The loaded demonstration: the published operators, and a made-up one for every state."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import cli, clock
from accreditation.demo import cast, published
from accreditation.demo.published import Published
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Answer,
    Application,
    Attachment,
    Decision,
    Document,
    Evidence,
    HistoryEntry,
    Incentive,
    Mail,
    Operator,
    Person,
    Programme,
    Review,
    Site,
)
from accreditation.services import history, register, storage
from accreditation.services.accounts import entering
from certificates.sign import Seal, check_signature
from tests.certificates import reading
from tests.demo.conftest import rows
from workflows.accreditation import Standing
from workflows.application import ApplicationState
from workflows.incentive import IncentiveState
from workflows.review import ReviewState

PUBLISHED = published.read()


def accreditation_of(entry: Published) -> Accreditation:
    """Find the one accreditation of a published operator's site."""
    of_site = select(Accreditation).join(Site).where(Site.name_ja == entry.name_ja)
    return db.session.scalars(of_site).one()


def decisions_of(entry: Published) -> dict[int, date]:
    """Give the day of the decision for each fiscal year that has come already, as published."""
    days = {one.year: one.decided or date(one.year, 12, 15) for one in entry.certified}
    return {year: day for year, day in sorted(days.items()) if day <= clock.today()}


def test_a_load_that_breaks_off_leaves_nothing(broken_off: dict[str, int]) -> None:
    assert broken_off == {"scheme_versions": 1}


def test_the_one_specimen_file_is_a_file_of_its_own_in_every_case(loaded: Flask) -> None:
    with loaded.app_context():
        attached = db.session.execute(
            select(Answer.application_id, Evidence.application_id, Evidence.sha256)
            .join(Attachment, Attachment.answer_id == Answer.id)
            .join(Evidence, Evidence.id == Attachment.evidence_id)
        ).all()
    assert len({sha256 for _case, _home, sha256 in attached}) == 1
    assert len({case for case, _home, _sha256 in attached}) > 1
    assert all(case == home for case, home, _sha256 in attached)


def test_loading_again_changes_nothing(loaded: Flask) -> None:
    with loaded.app_context():
        before = rows()
    done = loaded.test_cli_runner().invoke(cli.accreditation, ["init"])
    assert (done.exit_code, done.stdout) == (0, "")
    with loaded.app_context():
        assert rows() == before


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.name_en)
def test_a_published_operator_is_in_the_register_as_published(entry: Published) -> None:
    (found,) = register.search(register.Query(text=entry.name_ja)).entries
    assert found.name("ja") == entry.name_ja
    assert found.name("en") == entry.name_en
    assert found.operator("ja") == (entry.company_ja or entry.name_ja)
    assert found.accreditation.kind == entry.kind
    told = {one.indicator: (one.text_ja, one.text_en) for one in found.accreditation.site.practices}
    assert told == {one.indicator: (one.ja, one.en) for one in entry.practices}


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.name_en)
def test_a_published_operator_has_its_years_and_indicators(entry: Published) -> None:
    accreditation, days = accreditation_of(entry), decisions_of(entry)
    certified = {one.year: (sorted(one.indicators), one.renewal) for one in entry.certified}
    editions = accreditation.certificates
    assert [one.edition for one in editions] == list(range(1, len(days) + 1))
    assert {one.fiscal_year: one.decision.decided_on for one in editions} == days
    for one in editions:
        assert (one.indicators, one.application.is_renewal) == certified[one.fiscal_year]
    first = min(days)
    assert accreditation.number.startswith(f"R{first - 2018:02d}-")


@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.name_en)
def test_how_it_stands_follows_from_todays_date(entry: Published) -> None:
    accreditation = accreditation_of(entry)
    last = max(decisions_of(entry).values())
    until = last.replace(year=last.year + 1) - timedelta(days=1)
    assert accreditation.valid_until == until
    for day, expected in ((until, Standing.VALID), (until + timedelta(days=1), Standing.EXPIRED)):
        with clock.at(clock.start_of(day)):
            assert register.find(accreditation.number).standing == expected


@pytest.mark.usefixtures("stage")
def test_there_is_a_case_in_every_state() -> None:
    assert set(db.session.scalars(select(Application.state))) == set(ApplicationState)
    assert set(db.session.scalars(select(Review.state))) == set(ReviewState)
    assert set(db.session.scalars(select(Incentive.state))) == set(IncentiveState)
    numbers = db.session.scalars(select(Accreditation.number))
    assert {register.find(number).standing for number in numbers} == set(Standing)


@pytest.mark.usefixtures("stage")
def test_what_is_made_up_is_visibly_so() -> None:
    real = {entry.name_ja for entry in PUBLISHED}
    made_up = [site for site in db.session.scalars(select(Site)) if site.name_ja not in real]
    assert len(made_up) > 20
    assert all("見本" in site.name_ja and "Mihon" in site.name_en for site in made_up)
    assert all("000" in site.address_ja for site in db.session.scalars(select(Site)))
    for person in db.session.scalars(select(Person)):
        assert person.demonstration
        assert person.email.endswith("@example.jp")
        assert "見本" in person.name or "Mihon" in person.name
    assert all(db.session.scalars(select(Operator.demonstration)))


@pytest.mark.usefixtures("stage")
def test_everybody_can_sign_in_with_what_is_printed() -> None:
    printed = cast.listing(Path("/srv/data"))
    for person in db.session.scalars(select(Person)):
        assert person.email in printed
        assert entering.check_password(person.email, cast.PASSWORD) == person
    assert cast.PASSWORD in printed


@pytest.mark.usefixtures("stage")
def test_numbers_run_without_gaps_in_each_fiscal_year() -> None:
    for series in ("", "I-"):
        column = Incentive.number if series else Accreditation.number
        given = [number for number in db.session.scalars(select(column)) if number]
        by_year: dict[str, list[int]] = {}
        for number in given:
            year, _, serial = number.removeprefix(series).partition("-")
            by_year.setdefault(year, []).append(int(serial))
        assert given
        for serials in by_year.values():
            assert sorted(serials) == list(range(1, len(serials) + 1))


@pytest.mark.usefixtures("stage")
def test_the_budgets_are_kept_to_the_yen() -> None:
    spent = Counter[int]()
    for one in db.session.scalars(select(Incentive)):
        if one.state == IncentiveState.GRANTED:
            spent[one.programme_id] += one.amount_yen
        elif one.state == IncentiveState.UNFUNDED:
            assert one.amount_yen == 0
    programmes = db.session.scalars(select(Programme)).all()
    assert any(one.left_yen < one.amount_yen for one in programmes), "one is used up"
    for programme in programmes:
        assert programme.committed_yen == spent[programme.id] <= programme.budget_yen


@pytest.mark.usefixtures("stage")
def test_the_history_is_whole_and_in_order_and_ends_today() -> None:
    assert history.verify() is None
    moments = db.session.scalars(select(HistoryEntry.at).order_by(HistoryEntry.sequence)).all()
    assert list(moments) == sorted(moments)
    assert moments[-1] <= clock.now()


@pytest.mark.usefixtures("stage")
def test_nobody_decided_what_they_had_reviewed() -> None:
    for decision in db.session.scalars(select(Decision)):
        reviewed = select(Review.reviewer_id).where(
            Review.application_id == decision.application_id
        )
        assert decision.decided_by_id not in set(db.session.scalars(reviewed))


@pytest.mark.usefixtures("stage")
def test_every_mail_is_in_the_mailbox() -> None:
    mails = db.session.scalars(select(Mail)).all()
    assert len(mails) > 100
    assert all(mail.sent_at and mail.attempts == 1 for mail in mails)
    assert {mail.language for mail in mails} == {"ja", "en"}


def test_every_document_is_made_and_says_that_it_is_a_specimen(stage: Flask) -> None:
    seal: Seal = stage.extensions["seal"]
    papers = db.session.scalars(select(Document)).all()
    assert len(papers) > 20
    assert all(paper.made_at and not paper.failure for paper in papers)
    for paper in papers:
        content = storage.get(str(paper.sha256))
        words = reading.text(content, 1)
        assert "見本" in words
        assert "SPECIMEN" in words.upper()
        assert check_signature(content).fingerprint == seal.fingerprint
