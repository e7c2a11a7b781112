import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import HistoryEntry, Mail, Office, OneTimeLink, SignIn
from accreditation.services.accounts import entering, links, people, sessions
from accreditation.services.errors import ServiceError
from tests import factories
from tests.conftest import MADE_UP_NOW

pytestmark = pytest.mark.usefixtures("context")

NEW = "a kettle sings before the snow"


def mailed_token(email: str) -> str:
    mail = db.session.scalars(
        db.select(Mail).filter_by(recipient=email).order_by(Mail.id.desc())
    ).first()
    assert mail is not None
    return str(mail.body).partition("/link/")[2].split()[0]


def test_passwords_are_kept_by_argon2id_with_the_recommended_cost() -> None:
    # The tests' own hasher is cheap; what the module makes is read from a fresh process.
    script = "from accreditation.services.accounts import passwords; print(passwords.hashed('x'))"
    made = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert made.stdout.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_address_has_one_account() -> None:
    people.create("Taro@Example.jp", "見本 太郎", NEW, "ja")
    with pytest.raises(ServiceError, match="account for this address"):
        people.create(" taro@example.jp", "見本 次郎", NEW, "ja")


def test_a_link_opens_an_account_once() -> None:
    entering.ask_to_sign_up("taro@example.jp", "ja")
    token = mailed_token("taro@example.jp")
    person = entering.sign_up(token, "見本 太郎", NEW)
    assert (person.email, person.language) == ("taro@example.jp", "ja")
    with pytest.raises(ServiceError, match="does not work any more"):
        entering.sign_up(token, "見本 次郎", NEW)


def test_a_refused_password_leaves_the_link_alive() -> None:
    entering.ask_to_sign_up("taro@example.jp", "ja")
    token = mailed_token("taro@example.jp")
    db.session.commit()
    with pytest.raises(ServiceError) as refused:
        entering.sign_up(token, "見本 太郎", "too short")
    assert refused.value.field == "password"
    db.session.rollback()
    assert links.of_token(token) is not None


def test_a_link_serves_its_purpose_only() -> None:
    person = factories.person()
    entering.ask_for_new_password(person.email)
    with pytest.raises(ServiceError, match="does not work any more"):
        entering.sign_up(mailed_token(person.email), "見本 次郎", NEW)
    entering.ask_to_sign_up("new@example.jp", "ja")
    with pytest.raises(ServiceError, match="does not work any more"):
        entering.set_new_password(mailed_token("new@example.jp"), NEW)


def test_a_link_runs_out() -> None:
    entering.ask_to_sign_up("taro@example.jp", "ja")
    token = mailed_token("taro@example.jp")
    with clock.at(MADE_UP_NOW + timedelta(hours=links.LINK_HOURS)):
        assert links.of_token(token) is None
        with pytest.raises(ServiceError):
            entering.sign_up(token, "見本 太郎", NEW)


def test_a_changed_password_ends_links_and_sessions() -> None:
    person = factories.person()
    entering.ask_for_new_password(person.email)
    kept, ended = sessions.begin(person), sessions.begin(person)
    here = sessions.of_token(kept)
    entering.change_password(person, NEW, keep=here)
    db.session.expire_all()
    assert sessions.of_token(kept) is not None
    assert sessions.of_token(ended) is None
    assert links.of_token(mailed_token_before(person.email)) is None
    assert entering.check_password(person.email, NEW) is person
    assert entering.check_password(person.email, factories.PASSWORD) is None


def mailed_token_before(email: str) -> str:
    mail = db.session.scalars(db.select(Mail).filter_by(recipient=email).order_by(Mail.id)).first()
    assert mail is not None
    return str(mail.body).partition("/link/")[2].split()[0]


def test_an_account_that_was_disabled_while_a_link_was_out_stays_closed() -> None:
    person = factories.person()
    entering.ask_for_new_password(person.email)
    person.disabled_at = clock.now()
    with pytest.raises(ServiceError, match="does not work any more"):
        entering.set_new_password(mailed_token(person.email), NEW)
    assert entering.check_password(person.email, factories.PASSWORD) is None


def test_a_session_ends_on_sign_out_with_its_hours_and_with_the_account() -> None:
    person = factories.person()
    token = sessions.begin(person)
    found = sessions.of_token(token)
    assert found is not None
    assert found.person is person
    with clock.at(MADE_UP_NOW + timedelta(hours=24, seconds=1)):
        assert sessions.of_token(token) is None
    person.disabled_at = clock.now()
    assert sessions.of_token(token) is None
    person.disabled_at = None
    sessions.end(found)
    assert sessions.of_token(token) is None
    assert sessions.of_token("made up") is None


@pytest.mark.parametrize("office", list(Office))
def test_a_session_with_an_office_lasts_twelve_hours(office: Office) -> None:
    token = sessions.begin(factories.person(office))
    with clock.at(MADE_UP_NOW + timedelta(hours=12)):
        assert sessions.of_token(token) is not None
    with clock.at(MADE_UP_NOW + timedelta(hours=12, seconds=1)):
        assert sessions.of_token(token) is None


def test_tokens_are_kept_as_hashes_only() -> None:
    person = factories.person()
    token = sessions.begin(person)
    entering.ask_for_new_password(person.email)
    begun = db.session.scalars(db.select(SignIn.token_hash)).all()
    links = db.session.scalars(db.select(OneTimeLink.token_hash)).all()
    assert token not in begun
    assert mailed_token(person.email) not in links


def test_an_appointment_twice_is_once_and_ends() -> None:
    person, actor = factories.person(), factories.person(Office.OFFICE)
    people.appoint(person, Office.REVIEWER, actor)
    people.appoint(person, Office.REVIEWER, actor)
    assert person.offices == {Office.REVIEWER}
    people.dismiss(person, Office.REVIEWER, actor)
    assert person.offices == frozenset()
    acts = db.session.scalars(
        db.select(HistoryEntry.act).filter_by(subject_type="person", subject_id=person.id)
    )
    assert list(acts) == ["sign_up", "appoint", "dismiss"]


def statements(act: Callable[[], None]) -> list[str]:
    """Do something and commit; give the statements that the database was sent meanwhile."""
    sent: list[str] = []

    def hear(*given: Any) -> None:
        sent.append(given[2])

    event.listen(db.engine, "before_cursor_execute", hear)
    act()
    db.session.commit()
    event.remove(db.engine, "before_cursor_execute", hear)
    return sent


@pytest.mark.parametrize(
    "ask", [entering.ask_for_new_password, partial(entering.ask_to_sign_up, language="ja")]
)
def test_asking_for_a_link_is_the_same_work_whoever_has_an_account(
    ask: Callable[[str], None],
) -> None:
    known, closed = factories.person(), factories.person()
    closed.disabled_at = clock.now()
    db.session.commit()
    addresses = (known.email, closed.email, "nobody@example.jp")
    done = [statements(partial(ask, email)) for email in addresses]
    inserted = [[one for one in sent if one.startswith("INSERT")] for sent in done]
    assert inserted[0] == inserted[1] == inserted[2]
    assert len(inserted[0]) == 2
    written = [one.recipient for one in db.session.scalars(db.select(Mail))]
    assert set(written) <= {known.email, "nobody@example.jp"}
    alive = db.select(OneTimeLink.email).where(OneTimeLink.used_at.is_(None))
    assert list(db.session.scalars(alive)) == written


@pytest.mark.parametrize("name", ["", " \u3000", "\x00\u202e", "長" * 201])
def test_a_name_that_is_empty_or_too_long_is_refused(name: str) -> None:
    person = factories.person()
    for act in (
        partial(people.create, "taro@example.jp", name, NEW, "ja"),
        partial(people.change_profile, person, name, "ja"),
    ):
        with pytest.raises(ServiceError) as refused:
            act()
        assert refused.value.field == "name"


def test_a_name_is_tidied() -> None:
    person = people.create("taro@example.jp", f" 見本\u3000太郎{'長' * 195} ", NEW, "ja")
    assert person.name == f"見本 太郎{'長' * 195}"
    people.change_profile(person, "\u202e見本  次郎", "ja")
    assert person.name == "見本 次郎"


def test_a_closed_account_is_appointed_to_nothing_but_can_be_dismissed() -> None:
    person = factories.person(Office.REVIEWER)
    person.disabled_at = clock.now()
    with pytest.raises(ServiceError, match="closed"):
        people.appoint(person, Office.COUNCIL)
    people.dismiss(person, Office.REVIEWER)
    assert person.offices == frozenset()
