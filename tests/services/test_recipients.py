"""Who is told of a step, and in which words."""

import re

import pytest

from accreditation.extensions import db
from accreditation.models import (
    Application,
    Mail,
    Membership,
    Office,
    Person,
)
from accreditation.services import applications, mail, recipients, reviews
from accreditation.services.accounts import closing
from accreditation.services.steps import take_step
from tests import factories
from workflows.application import ApplicationState as S
from workflows.engine import Party

pytestmark = pytest.mark.usefixtures("context")


def test_everybody_concerned_gets_one_mail_in_their_language() -> None:
    case = factories.application(S.SUBMITTED)
    foreigner = factories.person(language="en")
    db.session.add(Membership(operator=case.site.operator, person=foreigner))
    db.session.flush()

    take_step(case, "return", factories.person(Office.OFFICE), note="写真が足りません")

    written = [one for one in mail.of_application(case) if "写真が足りません" in one.body]
    assert {(one.recipient, one.language) for one in written} == {
        (factories.owner_of(case.site.operator).email, "ja"),
        (foreigner.email, "en"),
    }


def test_japanese_mails_and_their_subjects_have_japanese_punctuation() -> None:
    case = factories.application(S.RETURNED)
    take_step(case, "resubmit", _ready(case))
    take_step(case, "accept", factories.person(Office.OFFICE))
    for _ in range(2):
        factories.handed_in_review(case)
    take_step(case, "list", factories.person(Office.OFFICE))
    factories.decide(case, "accredit_with_conditions", conditions=["見本の条件"])

    written = [one for one in mail.of_application(case) if one.language == "ja"]

    assert len({one.subject for one in written}) > 4
    for one in written:
        assert not re.findall(r"[,;()!?]|:(?!//|\d)", one.subject + one.body), one.body


def _ready(case: Application) -> Person:
    owner = factories.owner_of(case.site.operator)
    applications.accept_terms(case, owner)
    return owner


def test_a_mail_says_in_its_subject_what_the_history_says() -> None:
    case = factories.application(S.SUBMITTED)
    foreigner = factories.person(language="en")
    db.session.add(Membership(operator=case.site.operator, person=foreigner))
    db.session.flush()

    take_step(case, "return", factories.person(Office.OFFICE), note="写真が足りません")

    (written,) = [one for one in mail.of_application(case) if one.recipient == foreigner.email]
    assert written.subject == f"Returned for changes: {case.site.name_en}"
    assert f"/my/applications/{case.key}\n" in written.body
    assert "Reason:\n写真が足りません\n" in written.body
    assert f"({case.key.upper()})" in written.body, "the reference as the pages write it"


def told_of(case: Application, step: str) -> dict[str, str]:
    """Take a step as the operator; give the mails that it writes, by their recipients."""
    before = {one.id for one in mail.of_application(case)}
    take_step(case, step, factories.owner_of(case.site.operator))
    return {one.recipient: one.body for one in mail.of_application(case) if one.id not in before}


def test_of_a_draft_that_is_withdrawn_the_office_hears_nothing() -> None:
    office, case = factories.person(Office.OFFICE), factories.draft()
    told = told_of(case, "withdraw")
    assert factories.owner_of(case.site.operator).email in told
    assert office.email not in told


def test_reviewers_are_told_that_a_case_was_withdrawn() -> None:
    case, office = factories.application(S.IN_REVIEW), factories.person(Office.OFFICE)
    waiting = factories.open_review(case, factories.person(Office.REVIEWER, language="en"))
    both = factories.person(Office.REVIEWER, Office.OFFICE, language="en")
    reviews.assign(case, both, office)
    done, released = factories.handed_in_review(case), factories.open_review(case)
    take_step(released, "release", office, note="日程")

    told = told_of(case, "withdraw")

    for person in (waiting.reviewer, both):
        assert "You need not review it any more." in told[person.email]
        assert told[person.email].count("/reviews\n") == 1
    assert "/office/applications/" in told[office.email]
    assert not {done.reviewer.email, released.reviewer.email} & set(told)


def test_whoever_was_asked_to_review_gets_no_mail_of_the_office() -> None:
    case, both = (
        factories.application(S.IN_REVIEW),
        factories.person(Office.REVIEWER, Office.OFFICE),
    )
    review = reviews.assign(case, both, factories.person(Office.OFFICE))
    assert both not in set(recipients.of_party(Party.OFFICE, case))
    take_step(review, "release", factories.person(Office.OFFICE), note="日程")
    assert both in set(recipients.of_party(Party.OFFICE, case))


@pytest.mark.parametrize("step", ["send_back", "withdraw"])
def test_nobody_is_mailed_whose_account_is_closed(step: str) -> None:
    case, office = factories.application(S.IN_REVIEW), factories.person(Office.OFFICE)
    review = factories.handed_in_review(case)
    waiting = factories.open_review(case)
    colleague = factories.person()
    db.session.add(Membership(operator=case.site.operator, person=colleague))
    closed = [review.reviewer, waiting.reviewer, office, colleague]
    for person in closed:
        closing.close(person)
    before = {one.id for one in mail.of_application(case)}
    if step == "send_back":
        take_step(review, step, factories.person(Office.OFFICE), note="日程")
    else:
        take_step(case, step, factories.owner_of(case.site.operator))
    told = {one.recipient for one in mail.of_application(case) if one.id not in before}
    assert not {person.email for person in closed} & told


def test_the_office_hears_nothing_of_its_own_operators_reviewers() -> None:
    case = factories.application(S.IN_REVIEW)
    own, other = factories.person(Office.OFFICE), factories.person(Office.OFFICE)
    db.session.add(Membership(operator=case.site.operator, person=own))
    reviewer = factories.person(Office.REVIEWER)
    review = reviews.assign(case, reviewer, other)

    take_step(review, "declare_conflict", reviewer, note="親族が働いている")

    told = set(recipients.of_party(Party.OFFICE, review))
    assert other in told
    assert own not in told
    addressed = set(db.session.scalars(db.select(Mail.recipient).filter_by(author_id=reviewer.id)))
    assert other.email in addressed
    assert own.email not in addressed
