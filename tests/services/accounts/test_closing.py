"""Closing an account and forgetting a person: what goes, and what stays true."""

from collections.abc import Callable

import pytest
from sqlalchemy import String, cast, select, update

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    HistoryDetail,
    HistoryEntry,
    Mail,
    Membership,
    Office,
    OneTimeLink,
    Person,
    SignIn,
)
from accreditation.services import history, register, reviews
from accreditation.services.accounts import addresses, closing, entering, people, sessions
from accreditation.services.steps import take_step
from tests import factories
from tests.services.accounts.letters import tokens
from workflows.application import ApplicationState

pytestmark = pytest.mark.usefixtures("context")

NAME = "忘却 花子"


def acts(person: Person) -> list[str]:
    entries = history.of_subject("person", person.id)
    return [entry.act for entry in entries]


def deliver_mails() -> None:
    db.session.execute(update(Mail).values(sent_at=clock.now()))


def everything() -> str:
    """Write down every row of every table, as a search for what should be gone."""
    tables = db.metadata.sorted_tables
    rows = [db.session.execute(select(*(cast(c, String) for c in t.columns))) for t in tables]
    return "\n".join(str(tuple(row)) for found in rows for row in found)


def test_a_closed_account_opens_nothing_and_gets_no_mail() -> None:
    person = factories.person()
    token = sessions.begin(person)
    entering.ask_for_new_password(person.email)
    closing.close(person)
    closing.close(person)
    db.session.expire_all()
    assert person.disabled_at == clock.now()
    assert sessions.of_token(token) is None
    assert entering.check_password(person.email, factories.PASSWORD) is None
    assert db.session.scalars(select(OneTimeLink.used_at)).all() == [clock.now()]
    written = len(db.session.scalars(select(Mail)).all())
    entering.ask_for_new_password(person.email)
    entering.ask_to_sign_up(person.email, "ja")
    assert len(db.session.scalars(select(Mail)).all()) == written
    assert acts(person) == ["sign_up", "close"]
    assert history.verify() is None


def test_of_a_forgotten_person_neither_name_nor_address_nor_words_are_left() -> None:
    person = factories.person(name="旧姓 花子")
    people.change_profile(person, NAME, "ja")
    email = person.email
    entering.ask_for_new_password(email)
    sessions.begin(person)
    case = factories.draft(of=factories.site(factories.operator(person)))
    take_step(case, "withdraw", person, note="わたしの事情")
    entries = db.session.scalars(select(HistoryEntry.hash).order_by(HistoryEntry.sequence)).all()

    closing.forget(person)
    db.session.commit()

    left = everything()
    for gone in (NAME, "旧姓 花子", email, "わたしの事情"):
        assert gone not in left, gone
    assert db.session.scalars(select(SignIn)).all() == []
    assert db.session.scalars(select(OneTimeLink)).all() == []
    members = select(Membership).where(Membership.person_id == person.id)
    assert db.session.scalars(members).all() == []
    assert history.verify() is None
    kept = db.session.scalars(select(HistoryEntry.hash).order_by(HistoryEntry.sequence)).all()
    assert kept[: len(entries)] == entries
    assert acts(person)[-2:] == ["close", "forget"]


def test_the_address_is_free_again_and_belongs_to_somebody_new() -> None:
    person = factories.person()
    email = person.email
    closing.forget(person)
    other = people.create(email, "別人", factories.PASSWORD, "ja", demonstration=True)
    assert other.id != person.id
    assert entering.check_password(email, factories.PASSWORD) is other


def test_a_forgotten_reviewer_leaves_the_findings_and_the_decision() -> None:
    case = factories.application(ApplicationState.IN_REVIEW)
    reviewer = factories.person(Office.REVIEWER, name=NAME)
    review = factories.handed_in_review(case, reviewer)
    factories.handed_in_review(case)
    take_step(case, "list", factories.person(Office.OFFICE))
    factories.decide(case)
    people.dismiss(reviewer, Office.REVIEWER)
    deliver_mails()
    public = register.find("R08-0001").name("ja")
    assert any(NAME in one.body for one in db.session.scalars(select(Mail)))

    closing.forget(reviewer)
    db.session.commit()

    assert NAME not in everything()
    found = reviews.of_application(case)[0]
    assert found.id == review.id
    assert found.findings
    assert found.reviewer.name == closing.ERASED
    assert register.find("R08-0001").name("ja") == public
    assert history.verify() is None


def test_a_forgotten_reviewers_mails_go_whole_and_the_others_stay_as_they_are() -> None:
    reviewer = factories.person(Office.REVIEWER, name="小林")
    site = factories.site(name_ja="小林旅館")
    case = factories.application(ApplicationState.IN_REVIEW, of=site)
    review = reviews.assign(case, reviewer, factories.person(Office.OFFICE))
    take_step(review, "declare_conflict", reviewer, note="姉が主人の妻です")
    people.dismiss(reviewer, Office.REVIEWER)
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    assert not any("姉" in one.body for one in mails), "the office reads the reason in the case"
    gone = {one.id for one in mails if one.recipient == reviewer.email}
    naming = {one.id for one in mails if "小林" in one.body.replace("小林旅館", "")}
    assert naming - gone, "the office was told who it was"
    kept = {one.id: one.body for one in mails if one.id not in gone | naming}
    deliver_mails()

    closing.forget(reviewer)
    db.session.commit()

    left = {one.id: one.body for one in db.session.scalars(select(Mail))}
    assert left == kept
    assert any("小林旅館" in body for body in left.values())
    assert "姉が主人の妻です" not in everything()


def test_what_a_forgotten_person_wrote_to_others_goes() -> None:
    case, person = factories.application(ApplicationState.SUBMITTED), factories.person()
    people.appoint(person, Office.OFFICE)
    take_step(case, "return", person, note="わたしの事情")
    people.dismiss(person, Office.OFFICE)
    assert any("わたしの事情" in one.body for one in db.session.scalars(select(Mail)))
    with pytest.raises(closing.StillNeededError, match="waiting to be sent with their words: 1"):
        closing.forget(person)
    deliver_mails()
    closing.forget(person)
    db.session.commit()
    assert "わたしの事情" not in everything()


def test_what_others_did_keeps_their_names() -> None:
    office = factories.person(Office.OFFICE, name="事務 一郎")
    case = factories.application(ApplicationState.SUBMITTED)
    take_step(case, "return", office, note="写真を足してください")
    closing.forget(factories.person())
    names = [one.content["name"] for one in db.session.scalars(select(HistoryDetail))]
    assert "事務 一郎" in names


def _appointed(person: Person) -> None:
    people.appoint(person, Office.COUNCIL)


def _invited(person: Person) -> None:
    people.appoint(person, Office.REVIEWER)
    case = factories.application(ApplicationState.IN_REVIEW)
    reviews.assign(case, person, factories.person(Office.OFFICE))
    people.dismiss(person, Office.REVIEWER)


def _reviewed(person: Person) -> None:
    people.appoint(person, Office.REVIEWER)
    factories.handed_in_review(factories.application(ApplicationState.IN_REVIEW), person)
    people.dismiss(person, Office.REVIEWER)


def _reviewed_and_listed(person: Person) -> None:
    people.appoint(person, Office.REVIEWER)
    case = factories.application(ApplicationState.IN_REVIEW)
    factories.handed_in_review(case, person)
    factories.handed_in_review(case)
    take_step(case, "list", factories.person(Office.OFFICE))
    people.dismiss(person, Office.REVIEWER)


def _with_a_draft(person: Person) -> None:
    factories.draft(of=factories.site(factories.operator(person)))


def _with_a_case(person: Person) -> None:
    site = factories.site(factories.operator(person))
    factories.application(ApplicationState.SUBMITTED, of=site)


def _accredited(person: Person) -> None:
    factories.accreditation(of=factories.site(factories.operator(person)))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_appointed, "still appointed to council"),
        (_invited, "still asked to review case"),
        (_reviewed, "reviewed case .*, which is not decided yet"),
        (_reviewed_and_listed, "reviewed case .*, which is not decided yet"),
        (_with_a_draft, "with the running case"),
        (_with_a_case, "with the running case"),
        (_accredited, "accredited as R08-0001"),
    ],
)
def test_who_is_still_needed_stays(make: Callable[[Person], None], reason: str) -> None:
    person = factories.person(name=NAME)
    make(person)
    deliver_mails()
    with pytest.raises(closing.StillNeededError, match=reason) as refused:
        closing.forget(person)
    assert len(refused.value.reasons) == 1
    assert (person.name, person.disabled_at) == (NAME, None)


def test_an_operator_that_others_act_for_holds_nobody() -> None:
    person, other = factories.person(name=NAME), factories.person()
    _accredited(person)
    held = db.session.scalars(select(Accreditation)).one()
    held.site.operator.memberships.append(Membership(person=other))
    db.session.flush()
    closing.close(other)
    assert closing.hindrances(person), "a closed account acts for nobody"
    other.disabled_at = None
    db.session.flush()
    closing.forget(person)
    db.session.commit()
    db.session.expire_all()
    assert [one.person for one in held.site.operator.memberships] == [other]
    assert register.find("R08-0001").standing.value == "valid"


def test_what_has_ended_holds_nobody() -> None:
    person = factories.person()
    _accredited(person)
    held = db.session.scalars(select(Accreditation)).one()
    assert closing.hindrances(person)
    deliver_mails()
    with clock.at(clock.end_of(held.valid_until)):
        assert closing.hindrances(person) == []
    take_step(held, "surrender", person, note="見本の理由")
    deliver_mails()
    assert closing.hindrances(person) == []


def test_mails_to_a_former_address_go_too() -> None:
    person, other = factories.person(), factories.person()
    before = person.email
    addresses.ask(person, "moved@example.jp")
    addresses.move(tokens("moved@example.jp")[-1])
    assert person.email == "moved@example.jp"
    entering.ask_for_new_password(other.email)
    deliver_mails()
    closing.forget(person)
    db.session.commit()
    left = everything()
    assert before not in left
    assert "moved@example.jp" not in left
    assert other.email in set(db.session.scalars(select(Mail.recipient)))
