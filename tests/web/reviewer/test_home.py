"""The reviewer's list: what to do first, and how far each review is."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import event

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Office, Person, Review
from accreditation.schemes.rules import Verdict
from accreditation.services import assignments, reviews
from accreditation.services.steps import take_step
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages
from workflows.application import ApplicationState


def _applied(name: str) -> str:
    return f"Site {name}"


def test_a_new_reviewer_reads_that_nothing_waits(app: Flask) -> None:
    with app.app_context(), writing():
        email = factories.person(Office.REVIEWER, language="en").email
        db.session.commit()
    html = Pages(app, email).get("/reviews")
    assert "0 reviews wait for you." in html
    assert "Nothing to do now." in html


def _assign(reviewer: Person, name: str) -> Review:
    site = factories.site(name_en=_applied(name))
    application = factories.application(ApplicationState.IN_REVIEW, of=site)
    return factories.open_review(application, reviewer)


def test_what_is_to_do_comes_first_with_its_progress(app: Flask) -> None:
    with app.app_context(), writing():
        reviewer = factories.person(Office.REVIEWER, language="en")
        done = factories.application(
            ApplicationState.IN_REVIEW, of=factories.site(name_en=_applied("done"))
        )
        factories.handed_in_review(done, reviewer)
        begun = _assign(reviewer, "begun")
        judged = reviews.Judgement("1-1", Verdict.CARRIED_OUT, "seen")
        reviews.find(begun, judged)
        reviews.find(begun, reviews.Judgement("1-2", Verdict.CARRIED_OUT, ""))
        _assign(factories.person(Office.REVIEWER), "of somebody else")
        email = reviewer.email
        db.session.commit()
    html = Pages(app, email).get("/reviews")
    assert "1 review waits for you." in html
    assert html.index("Site begun") < html.index("Site done")
    assert "1 of 20" in html  # a finding without its reason does not count
    assert "20 of 20" in html
    assert "Site of somebody else" not in html


def test_a_finished_review_counts_no_days(app: Flask) -> None:
    with app.app_context(), writing():
        reviewer = factories.person(Office.REVIEWER, language="en")
        case = factories.application(
            ApplicationState.IN_REVIEW, of=factories.site(name_en=_applied("done"))
        )
        factories.handed_in_review(case, reviewer)
        _assign(reviewer, "begun")
        recused = factories.application(ApplicationState.IN_REVIEW)
        review = reviews.assign(recused, reviewer, factories.person(Office.OFFICE))
        take_step(review, "declare_conflict", reviewer, note="My sister works there.")
        email = reviewer.email
        db.session.commit()
    with clock.at(MADE_UP_NOW + timedelta(days=3)):
        html = Pages(app, email).get("/reviews")
    assert html.count("(3 days)") == 1, "only the one that waits"


def test_the_list_takes_a_fixed_number_of_queries(context: Flask) -> None:
    del context
    key = factories.person(Office.REVIEWER).id

    def queries() -> int:
        db.session.commit()
        db.session.expunge_all()
        seen: list[object] = []

        def note(*given: object) -> None:
            seen.append(given)

        person = db.session.get_one(Person, key)
        event.listen(db.engine, "before_cursor_execute", note)
        for one in assignments.of_person(person):
            assert one.review.application.site.operator.name_ja
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    _assign(db.session.get_one(Person, key), "one")
    first = queries()
    for name in ("two", "three"):
        _assign(db.session.get_one(Person, key), name)
    assert queries() == first


def test_only_reviewers_have_such_a_list(app: Flask) -> None:
    with app.app_context(), writing():
        email = factories.person(Office.OFFICE).email
        db.session.commit()
    Pages(app, email).get("/reviews", status=403)


def test_strangers_sign_in_first(app: Flask) -> None:
    assert app.test_client().get("/reviews").location.startswith("/sign-in?next=")
