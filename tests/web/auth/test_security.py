"""Where one is signed in, how one gets in, and moving or closing one's account."""

from datetime import timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Mail, Office, Person, SignIn
from accreditation.services.accounts import expiry, passwords
from accreditation.web.browsers import described
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from tests.web.auth.staff import by_password, equipped, last_mail, link_in

NEW = "a kettle sings before the snow"


@pytest.fixture
def email(app: Flask) -> str:
    with app.app_context(), writing():
        person = factories.person(name="見本 太郎", language="en")
        db.session.commit()
        return person.email


def is_in(pages: Pages) -> bool:
    return pages.client.get("/account").status_code == 200


def session_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(db.select(SignIn.id).order_by(SignIn.id)))


def test_sessions_are_listed_and_one_is_ended(app: Flask, email: str) -> None:
    elsewhere = Pages(app)
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604.1"
    elsewhere.client.environ_base["HTTP_USER_AGENT"] = agent
    elsewhere.post("/sign-in", {"email": email, "password": factories.PASSWORD})
    here = Pages(app, email)
    html = here.get("/account/security")
    assert "Safari, iPhone" in html
    assert "This one" in html
    first = session_ids(app)[0]
    assert "The session is ended." in here.post(
        f"/account/sessions/{first}/end", page="/account/security"
    )
    assert is_in(here)
    assert not is_in(elsewhere)


def test_nobody_ends_the_sessions_of_others(app: Flask, email: str) -> None:
    victim = Pages(app, email)
    stranger = Pages.of(app)
    first = session_ids(app)[0]
    stranger.post(f"/account/sessions/{first}/end", page="/account/security", status=404)
    assert is_in(victim)


def test_all_other_sessions_are_ended_at_once(app: Flask, email: str) -> None:
    others = [Pages(app, email) for _ in range(3)]
    here = Pages(app, email)
    here.post("/account/sessions/end-others", page="/account/security")
    assert is_in(here)
    assert not any(map(is_in, others))


def test_a_short_password_is_enough_beside_a_second_factor_only(app: Flask, email: str) -> None:
    short = "snow&tea 8x"
    assert len(short) < passwords.SHORTEST
    values = {"old_password": factories.PASSWORD, "password": short}
    html = Pages(app, email).post("/account/password", values, status=422)
    assert "at least 15 characters" in html
    strong, _ = equipped(app)
    pages = Pages(app, strong)
    assert "At least 8 characters" in pages.get("/account/password")
    assert "Your password is changed." in pages.post("/account/password", values)
    why = "Your password is too short to be used alone."
    assert why in pages.post("/account/authenticator/remove", status=422)
    assert "Second factor" in pages_after_sign_in(app, strong, short)


def pages_after_sign_in(app: Flask, email: str, password: str) -> str:
    return Pages(app).post("/sign-in", {"email": email, "password": password})


def test_an_office_keeps_its_last_second_factor(app: Flask) -> None:
    email, _ = equipped(app, Office.COUNCIL)
    html = Pages(app, email).post("/account/authenticator/remove", status=422)
    assert "Your office asks for a second factor." in html
    _, html = by_password(app, email)
    assert "Second factor" in html


def test_the_address_moves_when_the_new_one_says_so(app: Flask, email: str) -> None:
    pages = Pages(app, email)
    pages.post("/account/address", {"email": "Neu@Example.jp"})
    pages_after_sign_in(app, email, factories.PASSWORD)
    html = Pages(app).post(link_in(last_mail(app, "neu@example.jp")))
    assert "Your account has its new address." in html
    Pages(app).post("/sign-in", {"email": email, "password": factories.PASSWORD}, status=422)
    Pages(app).post("/sign-in", {"email": "neu@example.jp", "password": factories.PASSWORD})
    rescue = link_in(last_mail(app, email))
    html = Pages(app).post(rescue, {"password": NEW})
    assert "The account has this address again." in html
    assert not is_in(pages)
    Pages(app).post("/sign-in", {"email": email, "password": NEW})


def test_an_address_that_has_an_account_is_answered_the_same(app: Flask, email: str) -> None:
    with app.app_context(), writing():
        taken = factories.person(language="en").email
        db.session.commit()
    pages = Pages(app, email)
    said = [
        pages.post("/account/address", {"email": one}).replace(one, "")
        for one in (taken, "free@example.jp")
    ]
    assert "Please look into your mail" in said[0]
    assert "nothing was changed" in last_mail(app, taken)
    assert "/link/" in last_mail(app, "free@example.jp")


def test_ones_own_address_is_no_new_one(app: Flask, email: str) -> None:
    html = Pages(app, email).post("/account/address", {"email": email}, status=422)
    assert "This is your address already." in html


def test_an_account_closes_after_three_days_unless_its_owner_thinks_better(
    app: Flask, email: str
) -> None:
    pages = Pages(app, email)
    assert "This account is about to be closed" in pages.post("/account/close")
    assert "stays open" in pages.post("/account/keep", page="/account")
    pages.post("/account/close")
    for hours, disabled in ((71, False), (72, True)):
        with app.app_context(), clock.at(MADE_UP_NOW + timedelta(hours=hours)):
            expiry.clear()
            found = db.session.scalars(db.select(Person).filter_by(email=email)).one()
            assert (found.disabled_at is not None) == disabled
    assert not is_in(pages)


def test_the_mail_about_closing_keeps_the_account_and_ends_every_session(
    app: Flask, email: str
) -> None:
    thief = Pages(app, email)
    thief.post("/account/close")
    values = {"old_password": factories.PASSWORD, "password": NEW}
    thief.post("/account/password", values)
    path = link_in(last_mails(app, email, "closed"))
    assert "Your account stays open." in Pages(app).post(path)
    assert not is_in(thief)


def last_mails(app: Flask, email: str, word: str) -> str:
    with app.app_context():
        chosen = db.select(Mail.body).where(Mail.recipient == email, Mail.subject.contains(word))
        return str(db.session.scalars(chosen).one())


def test_who_is_still_needed_is_told_so(app: Flask) -> None:
    pages = Pages.of(app, Office.REVIEWER)
    assert "You are still needed" in pages.get("/account/close")
    assert "You are still needed" in pages.post("/account/close", page="/account", status=422)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_browsers_are_named_in_two_words(agent: str, words: str) -> None:
    assert described(agent) == words
