"""What is overdue goes, what is not stays, and the chain of the history holds."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import String, cast, select, update

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Application,
    Decision,
    Evidence,
    Finding,
    HistoryDetail,
    HistoryEntry,
    Mail,
    Office,
    Operator,
    Person,
    Review,
    Submission,
)
from accreditation.services import evidence, history, register, storage
from accreditation.services.accounts import closing, people
from accreditation.services.errors import ServiceError
from accreditation.services.invariants import checking
from accreditation.services.privacy import retention
from accreditation.services.steps import take_step
from tests import factories
from tests.console import run
from workflows.application import ApplicationState

S = ApplicationState
PICTURE = factories.PDF + b"%another\n"


def in_years(years: int, days: int = 1) -> datetime:
    """Give the instant some years and a day after the tests' made-up now."""
    now = clock.now()
    return now.replace(year=now.year + years, day=now.day + days)


def names() -> list[tuple[str, str]]:
    return [(one.what, one.of) for one in retention.overdue()]


def erase(at: datetime) -> list[str]:
    """Let retention run at an instant, as the command does."""
    db.session.commit()
    with clock.at(at):
        return retention.apply(list(retention.overdue()))


def everything() -> str:
    """Write down every row of every table, as a search for what should be gone."""
    tables = db.metadata.sorted_tables
    rows = [db.session.execute(select(*(cast(c, String) for c in t.columns))) for t in tables]
    return "\n".join(str(tuple(row)) for found in rows for row in found)


def ended(state: S, name: str, content: bytes = factories.PDF) -> Application:
    """Make a case with a file that ended in a state, its mails delivered."""
    case = factories.draft()
    evidence.attach(case, "1-1", factories.file_of(case, name, content))
    factories.submit(case)
    if state in {S.ACCREDITED, S.REFUSED}:
        factories.office_step("accept")(case)
        for _ in range(2):
            factories.handed_in_review(
                case, factories.person(Office.REVIEWER, name=f"審査 {case.key}")
            )
        take_step(case, "list", factories.person(Office.OFFICE))
        factories.decide(case, "accredit" if state == S.ACCREDITED else "refuse")
    elif state == S.DECLINED:
        factories.office_step("decline", "見本の理由")(case)
    db.session.execute(update(Mail).values(sent_at=clock.now()))
    db.session.commit()
    return case


@pytest.mark.usefixtures("context")
def test_nothing_is_overdue_while_it_is_young() -> None:
    ended(S.ACCREDITED, "a.pdf")
    ended(S.DECLINED, "b.pdf")
    assert names() == []
    with clock.at(in_years(1, days=0)):
        assert names() == []


@pytest.mark.usefixtures("context")
def test_evidence_goes_a_year_after_a_case_ended_and_three_after_an_accreditation() -> None:
    kept, gone = ended(S.ACCREDITED, "認定.pdf"), ended(S.REFUSED, "不認定.pdf", PICTURE)
    after_a_year, after_three = in_years(1), in_years(3)
    with clock.at(after_a_year):
        found = names()
    assert found == [("evidence", f"case {gone.key}")]
    files = {one.application_id: one.sha256 for one in db.session.scalars(select(Evidence))}

    assert erase(after_a_year) == []
    assert [one.application_id for one in db.session.scalars(select(Evidence))] == [kept.id]
    assert "不認定.pdf" not in everything()
    with pytest.raises(FileNotFoundError):
        storage.get(files[gone.id])
    assert storage.get(files[kept.id]) == factories.PDF
    assert history.verify() is None

    assert erase(after_three) == []
    assert db.session.scalars(select(Evidence)).all() == []
    assert "認定.pdf" not in everything()
    assert history.verify() is None


@pytest.mark.usefixtures("context")
def test_equal_bytes_of_another_case_stay() -> None:
    ended(S.DECLINED, "a.pdf")
    with clock.at(in_years(1)):
        young = factories.draft()
        file = factories.file_of(young)
        db.session.commit()
        assert retention.apply(list(retention.overdue())) == []
        assert evidence.read(file) == factories.PDF


@pytest.mark.usefixtures("context")
def test_who_sends_equal_bytes_while_they_are_erased_is_told() -> None:
    ended(S.DECLINED, "a.pdf")
    with clock.at(in_years(1)):
        young = factories.draft()
        sent = evidence.store(evidence.Upload("b.pdf", factories.PDF), factories.LARGEST)
        assert erase(clock.now()) == []
        with pytest.raises(ServiceError, match="did not arrive"):
            evidence.accept(young, factories.owner_of(young.site.operator), sent)
        assert factories.file_of(young).sha256 == sent.sha256


@pytest.mark.usefixtures("context")
def test_after_three_years_it_is_not_known_whose_reviews_they_were() -> None:
    case = ended(S.ACCREDITED, "a.pdf")
    entry = register.find("R08-0001").name("ja")
    found = [one.reason for one in db.session.scalars(select(Finding).order_by(Finding.id))]
    mails = len(db.session.scalars(select(Mail)).all())
    assert mails > 3
    assert erase(in_years(3)) == []
    reviewers = {one.reviewer.name for one in db.session.scalars(select(Review))}
    assert reviewers == {closing.ERASED}
    left = db.session.scalars(select(HistoryDetail)).all()
    reviewer = f"審査 {case.key}"
    assert all(reviewer not in str(one.content) for one in left if _of_a_case(one.sequence))
    after = [one.reason for one in db.session.scalars(select(Finding).order_by(Finding.id))]
    assert after == found
    assert db.session.scalars(select(Mail).where(Mail.application_id.is_not(None))).all() == []
    assert register.find("R08-0001").name("ja") == entry
    assert history.verify() is None


def _of_a_case(sequence: int) -> bool:
    return db.session.get_one(HistoryEntry, sequence).application_id is not None


@pytest.mark.usefixtures("context")
def test_after_five_years_nobody_knows_how_the_operator_was_reached() -> None:
    owner = factories.person(name="所有 花子")
    operator = factories.operator(owner, representative="所有 花子", phone="076-000-2222")
    owner_address = owner.email
    case = factories.application(S.ACCREDITED, of=factories.site(operator))
    db.session.execute(update(Mail).values(sent_at=clock.now()))
    renewed = db.session.scalars(select(Accreditation)).one()
    valid_until, public = renewed.valid_until, register.find("R08-0001").operator("ja")
    # Five years after the decision it was still valid less than five years ago.
    assert erase(in_years(5)) == []
    assert "076-000-2222" in everything()
    later = clock.start_of(valid_until.replace(year=valid_until.year + 5, month=12))
    assert erase(later) == []
    left = everything()
    for gone in ("所有 花子", "076-000-2222", owner_address):
        assert gone not in left, gone
    assert db.session.get_one(Operator, operator.id).name_ja == operator.name_ja
    assert db.session.get_one(Person, owner.id).name == closing.ERASED
    assert register.find("R08-0001").operator("ja") == public
    submission = db.session.scalars(select(Submission)).one()
    assert submission.content["operator"]["representative"] == closing.ERASED
    assert db.session.get_one(Application, case.id).state == S.ACCREDITED
    assert db.session.scalars(select(Decision)).one().outcome == "accredited"
    assert history.verify() is None


@pytest.mark.usefixtures("context")
def test_a_draft_that_was_never_sent_goes_whole() -> None:
    case, other = factories.draft(), factories.draft(factories.call(days=700))
    evidence.attach(case, "1-1", factories.file_of(case, "下書き.pdf"))
    key = case.key
    with clock.at(in_years(1)):
        assert names() == []
    later = in_years(2)
    assert erase(later) == []
    assert [one.key for one in db.session.scalars(select(Application))] == [other.key]
    assert "下書き.pdf" not in everything()
    assert key not in {one.key for one in db.session.scalars(select(Application))}
    assert history.verify() is None
    assert [one for one in checking.check() if one.offending] == []


@pytest.mark.usefixtures("context")
def test_what_was_returned_and_never_sent_again_ends_with_its_call() -> None:
    case = factories.draft(factories.call(days=200))
    evidence.attach(case, "1-1", factories.file_of(case))
    factories.submit(case)
    factories.office_step("return", "見本の理由")(case)
    with clock.at(in_years(1)):
        assert names() == [], "the call ended half a year ago"
    with clock.at(in_years(2)):
        assert ("evidence", f"case {case.key}") in names()


@pytest.mark.usefixtures("context")
def test_ten_years_later_nothing_is_overdue_twice_and_the_chain_holds() -> None:
    for state in (S.ACCREDITED, S.REFUSED, S.DECLINED):
        ended(state, f"{state}.pdf")
    with clock.at(in_years(10)):
        people_before = len(db.session.scalars(select(Person)).all())
        assert erase(clock.now()) == []
        assert names() == []
        assert history.verify() is None
        assert len(db.session.scalars(select(Person)).all()) > people_before
        entries = db.session.scalars(
            select(HistoryEntry).where(HistoryEntry.application_id.is_not(None))
        ).all()
        assert entries
        assert [one for one in entries if one.detail is not None] == []


@pytest.mark.usefixtures("context")
def test_who_holds_an_office_too_keeps_the_account() -> None:
    owner = factories.person(name="兼務 一郎")
    factories.operator(owner)
    people.appoint(owner, Office.COUNCIL)
    assert erase(in_years(6)) == []
    assert owner.name == "兼務 一郎"
    assert owner.disabled_at is None


def test_the_command_lists_first_and_erases_when_told(app: Flask) -> None:
    with app.app_context(), writing():
        case = ended(S.DECLINED, "秘密の名前.pdf")
        key, later = case.key, in_years(1)
    with clock.at(later):
        listed = run(app, "retention", "--dry-run")
        assert f"evidence of case {key}: declined on 2026-11-22, kept 1 year" in listed.stdout
        assert "1 overdue; nothing was erased" in listed.stdout
        assert run(app, "retention").stdout == listed.stdout
        assert run(app, "retention", "--apply").stdout.endswith("1 erased.\n")
        assert run(app, "retention").stdout == "Nothing is overdue.\n"
    assert "秘密" not in listed.stdout
    assert run(app, "history", "verify").exit_code == 0
