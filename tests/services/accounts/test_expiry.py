"""What has run out goes after its time, and nothing else does."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Base, Mail, OneTimeLink, SignIn
from accreditation.services.accounts import entering, expiry, links, sessions
from accreditation.services.accounts.expiry import KEPT_DAYS
from tests import factories
from workflows.application import ApplicationState

pytestmark = pytest.mark.usefixtures("context")

KEPT = timedelta(days=KEPT_DAYS)


def counted(*tables: type[Base]) -> list[int]:
    found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    db.session.rollback()
    return found


def clear_after(time: timedelta) -> None:
    with clock.at(clock.now() + time):
        expiry.clear()


def test_a_session_goes_a_month_after_it_ended_or_would_have() -> None:
    person = factories.person()
    sessions.begin(person)
    ended = sessions.of_token(sessions.begin(person))
    assert ended is not None
    sessions.end(ended)
    db.session.commit()
    clear_after(KEPT)
    assert counted(SignIn) == [2]
    clear_after(KEPT + timedelta(minutes=1))
    assert counted(SignIn) == [1]
    clear_after(KEPT + timedelta(hours=24, minutes=1))
    assert counted(SignIn) == [0]


def test_a_link_goes_a_month_after_it_was_used_or_ran_out() -> None:
    entering.ask_to_sign_up("one@example.jp", "ja")
    entering.ask_to_sign_up("two@example.jp", "ja")
    links.end_to("one@example.jp")
    db.session.commit()
    clear_after(KEPT)
    assert counted(OneTimeLink) == [2]
    clear_after(KEPT + timedelta(minutes=1))
    assert counted(OneTimeLink) == [1]
    clear_after(KEPT + timedelta(hours=links.LINK_HOURS, minutes=1))
    assert counted(OneTimeLink) == [0]


def test_mails_with_links_go_once_they_were_sent_and_those_of_cases_stay() -> None:
    entering.ask_to_sign_up("one@example.jp", "ja")
    entering.ask_to_sign_up("two@example.jp", "ja")
    factories.application(ApplicationState.SUBMITTED)
    sent = select(Mail).where(Mail.recipient != "two@example.jp")
    for mail in db.session.scalars(sent):
        mail.sent_at = clock.now()
    db.session.commit()
    clear_after(KEPT + timedelta(minutes=1))
    left = db.session.scalars(select(Mail).where(Mail.application_id.is_(None)))
    assert [mail.recipient for mail in left] == ["two@example.jp"], "one not sent yet is owed"
    assert db.session.scalars(select(Mail).where(Mail.application_id.is_not(None))).first()
