import re
from datetime import timedelta

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Mail, OneTimeLink, Person, SignIn
from accreditation.services.accounts import links
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages

NEW = "a kettle sings before the snow"


def account(app: Flask, *, disabled: bool = False) -> str:
    with app.app_context(), writing():
        person = factories.person(language="en")
        person.disabled_at = clock.now() if disabled else None
        db.session.commit()
        return person.email


def mails(app: Flask, email: str) -> list[tuple[str, str]]:
    with app.app_context():
        chosen = db.select(Mail).filter_by(recipient=email).order_by(Mail.id)
        return [(mail.subject, mail.body) for mail in db.session.scalars(chosen)]


def link(app: Flask, email: str) -> str:
    found = re.findall(r"http://127\.0\.0\.1:8765(/link/\S+)", mails(app, email)[-1][1])
    assert len(found) == 1
    return str(found[0])


def ask(app: Flask, path: str, email: str) -> str:
    Pages(app).post(path, {"email": email})
    return link(app, email)


def test_an_account_is_opened_by_the_mailed_link(app: Flask) -> None:
    pages = Pages(app)
    html = pages.post("/sign-up", {"email": "Hanako@Example.jp "})
    assert "hanako@example.jp" in html
    path = link(app, "hanako@example.jp")
    assert 'value="hanako@example.jp"' in pages.get(path)
    html = pages.post(path, {"name": "  見本　花子 ", "password": NEW})
    assert "Welcome. Your account is open." in html
    assert "見本 花子" in pages.get("/account")
    assert Pages(app).post("/sign-in", {"email": "hanako@example.jp", "password": NEW})


def test_the_language_of_the_page_becomes_that_of_the_account(app: Flask) -> None:
    Pages(app, language="ja").post("/sign-up", {"email": "ja@example.jp"})
    path = link(app, "ja@example.jp")
    Pages(app).post(path, {"name": "見本 花子", "password": NEW})
    with app.app_context():
        assert (
            db.session.scalars(db.select(Person).filter_by(email="ja@example.jp")).one().language
            == "ja"
        )


@pytest.mark.parametrize("path", ["/sign-up", "/forgotten-password"])
def test_the_answer_never_tells_who_has_an_account(app: Flask, path: str) -> None:
    addresses = [account(app), account(app, disabled=True), "nobody@example.jp"]
    answers = [Pages(app).post(path, {"email": one}).replace(one, "") for one in addresses]
    plain = [re.sub(r'nonce="[^"]*"', "", answer) for answer in answers]
    assert plain[0] == plain[1] == plain[2]


def test_only_the_owner_reads_that_there_is_an_account_already(app: Flask) -> None:
    known, closed = account(app), account(app, disabled=True)
    for email in (known, closed, "new@example.jp"):
        Pages(app).post("/sign-up", {"email": email})
    assert len(mails(app, known)) == len(mails(app, "new@example.jp")) == 1
    assert mails(app, known)[0][0] != mails(app, "new@example.jp")[0][0]
    assert mails(app, closed) == []
    Pages(app).post(link(app, known), {"password": NEW})
    assert Pages(app).post("/sign-in", {"email": known, "password": NEW})


def test_a_new_password_is_set_by_the_mailed_link_and_ends_every_session(app: Flask) -> None:
    email = account(app)
    before, browser = Pages(app, email), Pages(app)
    path = ask(app, "/forgotten-password", email)
    assert "Your new password is set." in browser.post(path, {"password": NEW})
    assert browser.client.get("/account").status_code == 200
    assert before.client.get("/account").status_code == 302
    assert Pages(app).post("/sign-in", {"email": email, "password": factories.PASSWORD}, status=422)
    assert len(mails(app, email)) == 2


def test_nobody_unknown_gets_a_mail(app: Flask) -> None:
    closed = account(app, disabled=True)
    for email in ("nobody@example.jp", closed):
        Pages(app).post("/forgotten-password", {"email": email})
        assert mails(app, email) == []


def test_looking_at_a_link_does_not_use_it(app: Flask) -> None:
    path = ask(app, "/sign-up", "new@example.jp")
    for _ in range(3):
        Pages(app).get(path)
        assert Pages(app).client.head(path).status_code == 200
    assert Pages(app).post(path, {"name": "見本 花子", "password": NEW})


def test_a_link_works_once(app: Flask) -> None:
    path = ask(app, "/sign-up", "new@example.jp")
    late = Pages(app)
    token = late.token(path)
    Pages(app).post(path, {"name": "見本 花子", "password": NEW})
    values = {"csrf_token": token, "name": "見本 次郎", "password": NEW}
    answer = late.client.post(path, data=values, headers={"Accept-Language": "en"})
    assert answer.status_code == 410
    assert "This link does not work any more" in answer.text
    assert 'href="/sign-up"' in answer.text
    assert 'href="/forgotten-password"' in answer.text
    assert "This link does not work any more" in late.get(path, status=410)
    with app.app_context():
        assert len(db.session.scalars(db.select(Person)).all()) == 1


def test_a_link_ends_after_24_hours(app: Flask) -> None:
    path = ask(app, "/sign-up", "new@example.jp")
    with clock.at(MADE_UP_NOW + timedelta(hours=23, minutes=59)):
        Pages(app).get(path)
    with clock.at(MADE_UP_NOW + timedelta(hours=24)):
        Pages(app).get(path, status=410)


def test_using_one_link_ends_all_others_of_the_address(app: Flask) -> None:
    email = account(app)
    first = ask(app, "/forgotten-password", email)
    second = ask(app, "/forgotten-password", email)
    Pages(app).post(second, {"password": NEW})
    Pages(app).get(first, status=410)


def test_a_made_up_link_is_dead(app: Flask) -> None:
    for token in ("x", "0" * 43, "日本語", "' OR 1=1 --"):
        Pages(app).get(f"/link/{token}", status=410)


def test_a_weak_password_is_refused_beside_the_field_and_the_link_still_works(app: Flask) -> None:
    path = ask(app, "/sign-up", "new@example.jp")
    pages = Pages(app)
    for weak, why in (
        ("", "Please choose a password."),
        ("short words", "at least 15 characters"),
        ("passwordpassword", "too common"),
        ("x" * 257, "at most 256 characters"),
    ):
        html = pages.post(path, {"name": "髙橋 﨑 𠮷子", "password": weak}, status=422)
        assert why in html
        assert 'value="髙橋 﨑 𠮷子"' in html
    html = pages.post(path, {"name": " ", "password": NEW}, status=422)
    assert "Please enter your name." in html
    html = pages.post(path, {"name": "長" * 201, "password": NEW}, status=422)
    assert "This has 201 characters, but only 200 fit here." in html
    assert pages.post(path, {"name": "髙橋 﨑 𠮷子", "password": NEW})


@pytest.mark.parametrize("path", ["/sign-up", "/forgotten-password"])
@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "hanako",
        "hanako@",
        "@example.jp",
        "a b@example.jp",
        "花子@example.jp",
        "a" * 250 + "@example.jp",
        "a@example.jp\nBcc: b@example.jp",
    ],
)
def test_a_malformed_address_is_refused_and_stays(app: Flask, path: str, wrong: str) -> None:
    html = Pages(app).post(path, {"email": wrong}, status=422)
    assert "Error:" in html
    with app.app_context():
        assert db.session.scalars(db.select(Mail)).all() == []


def test_only_hashes_of_tokens_are_kept(app: Flask) -> None:
    path = ask(app, "/sign-up", "new@example.jp")
    token = path.removeprefix("/link/")
    Pages(app).post(path, {"name": "見本 花子", "password": NEW})
    with app.app_context():
        kept = db.session.scalars(db.select(OneTimeLink.token_hash)).all()
        sessions = db.session.scalars(db.select(SignIn.token_hash)).all()
        assert token not in kept
        assert all(re.fullmatch("[0-9a-f]{64}", one) for one in [*kept, *sessions])
        assert links.of_token(token) is None


def test_mails_to_one_address_are_limited(app: Flask) -> None:
    pages = Pages(app)
    for number in range(6):
        pages.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
        path = "/sign-up" if number % 2 else "/forgotten-password"
        pages.post(path, {"email": "new@example.jp"}, status=200 if number < 5 else 429)


def test_asking_for_links_is_limited_for_each_network_address(app: Flask) -> None:
    pages = Pages(app)
    for number in range(11):
        status = 200 if number < 10 else 429
        pages.post("/sign-up", {"email": f"guest{number}@example.jp"}, status=status)
    pages.post("/forgotten-password", {"email": "guest@example.jp"}, status=429)
