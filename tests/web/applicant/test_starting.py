from datetime import timedelta

from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Application
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from tests.web.applicant.desk import desk
from workflows.application import ApplicationState as S


def test_a_call_that_is_closed_says_when_the_next_one_opens(app: Flask) -> None:
    with app.app_context(), writing():
        site = factories.site(factories.operator(factories.person(language="en")))
        call = factories.call(
            opens_at=clock.now() + timedelta(days=8), closes_at=clock.now() + timedelta(days=9)
        )
        db.session.commit()
        email, path, title = (
            factories.owner_of(site.operator).email,
            f"/my/sites/{site.key}/apply",
            call.title_en,
        )
    pages = Pages(app, email)
    html = pages.get(path)
    assert "No call is open for this site now" in html
    assert f"“{title}” opens on November 30, 2026" in html
    assert "JST" in html
    assert "Please choose a call that is open." in pages.post(
        path, {"call": "x"}, page="/account", status=422
    )
    with clock.at(MADE_UP_NOW + timedelta(days=10)):
        later = Pages(app, email)
        assert "has not announced the next call" in later.get(path)


def test_after_a_decision_the_next_call_is_named_with_its_dates(app: Flask) -> None:
    at = desk(app, S.REFUSED)
    with app.app_context(), writing():
        made = db.session.scalars(db.select(Application).filter_by(key=at.key)).one()
        opens = clock.now() + timedelta(days=40)
        factories.call(title_en="Spring", opens_at=opens, closes_at=opens + timedelta(days=5))
        db.session.commit()
        path = f"/my/sites/{made.site.key}/apply"
    for page in (path, "/my"):
        html = at.pages.get(page)
        assert "was decided already" in html
        assert "“Spring” opens on January 1, 2027" in html
        assert "closes on January 6, 2027" in html
        assert "No call is open" not in html


def test_a_site_with_an_application_is_led_to_it(app: Flask) -> None:
    at = desk(app)
    with app.app_context():
        made = db.session.scalars(db.select(Application).filter_by(key=at.key)).one()
        path = f"/my/sites/{made.site.key}/apply"
    assert at.key.upper() in at.pages.get(path)


def test_an_accredited_site_is_told_that_it_renews(app: Flask) -> None:
    at = desk(app, S.ACCREDITED)
    with app.app_context(), writing():
        made = db.session.scalars(db.select(Application).filter_by(key=at.key)).one()
        path = f"/my/sites/{made.site.key}/apply"
        decided = made.call.title_en
        assert decided
    html = at.pages.get(path)
    assert f"In “{decided}” the application of this site was decided already." in html
    assert "No call is open" not in html
    assert "has not announced the next call" in html
    with app.app_context(), writing():
        factories.call(title_en="The next call")
        db.session.commit()
    assert "Start the renewal" in at.pages.get("/my")
    html = at.pages.get(path)
    assert "A renewal keeps the number" in html
    assert "R08-0001" in html
    call = html.split('name="call"')[1].split('value="')[1].split('"')[0]
    assert "Renewal" in at.pages.post(path, {"call": call})
