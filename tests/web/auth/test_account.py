from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Mail, Person
from tests import factories
from tests.pages import Pages

NEW = "a kettle sings before the snow"


def account(app: Flask) -> str:
    with app.app_context(), writing():
        person = factories.person(name="見本 太郎", language="en")
        db.session.commit()
        return person.email


def stored(app: Flask, email: str) -> Person:
    with app.app_context():
        person: Person = db.session.scalars(db.select(Person).filter_by(email=email)).one()
        db.session.expunge(person)
        return person


def test_name_and_language_are_changed(app: Flask) -> None:
    email = account(app)
    pages = Pages(app, email)
    html = pages.post("/account?lang=en", {"name": "見本　 次郎", "language": "ja"})
    assert '<html lang="ja">' in html
    person = stored(app, email)
    assert (person.name, person.language) == ("見本 次郎", "ja")


def test_bad_input_is_said_and_what_was_typed_stays(app: Flask) -> None:
    email = account(app)
    pages = Pages(app, email)
    html = pages.post("/account", {"name": "長" * 201, "language": "en"}, status=422)
    assert "This has 201 characters, but only 200 fit here." in html
    assert "長" * 201 in html
    html = pages.post("/account", {"name": "次郎", "language": "tlh"}, status=422)
    assert 'value="次郎"' in html
    assert pages.post("/account", {"name": "", "language": "ja"}, status=422)
    person = stored(app, email)
    assert (person.name, person.language) == ("見本 太郎", "en")


def test_nothing_else_of_an_account_can_be_changed_by_its_form(app: Flask) -> None:
    email = account(app)
    Pages(app, email).post(
        "/account",
        {"name": "太郎", "language": "en", "email": "other@example.jp", "demonstration": ""},
    )
    assert stored(app, email).demonstration


def test_the_password_is_changed_other_sessions_end_and_a_mail_goes_out(app: Flask) -> None:
    email = account(app)
    here, elsewhere = Pages(app, email), Pages(app, email)
    values = {"old_password": factories.PASSWORD, "password": NEW}
    assert "Your password is changed." in here.post("/account/password", values)
    assert here.client.get("/account").status_code == 200
    assert elsewhere.client.get("/account").status_code == 302
    Pages(app).post("/sign-in", {"email": email, "password": factories.PASSWORD}, status=422)
    Pages(app).post("/sign-in", {"email": email, "password": NEW})
    with app.app_context():
        mail = db.session.scalars(db.select(Mail).filter_by(recipient=email)).one()
        assert "password" in mail.subject
        assert NEW not in mail.body


def test_the_old_password_is_asked_for(app: Flask) -> None:
    email = account(app)
    pages = Pages(app, email)
    for old, why in (("", "Please enter your password."), (NEW, "This is not your password.")):
        values = {"old_password": old, "password": NEW}
        html = pages.post("/account/password", values, status=422)
        assert why in html
        assert NEW not in html
    Pages(app).post("/sign-in", {"email": email, "password": factories.PASSWORD})


def test_a_weak_new_password_is_refused(app: Flask) -> None:
    email = account(app)
    values = {"old_password": factories.PASSWORD, "password": "見本 太郎 金沢 kanazawa"}
    html = Pages(app, email).post("/account/password", values, status=422)
    assert "too easy to guess" in html


def test_tries_at_the_old_password_are_limited(app: Flask) -> None:
    pages = Pages(app, account(app))
    for number in range(11):
        values = {"old_password": f"wrong words {number}", "password": NEW}
        pages.post("/account/password", values, status=422 if number < 10 else 429)


def test_account_pages_ask_a_stranger_to_sign_in(app: Flask) -> None:
    for path in ("/account", "/account/password"):
        answer = app.test_client().get(path)
        assert answer.headers["Location"] == f"/sign-in?next={path}"
