from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

from flask import Flask
from sqlalchemy import event

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.schemes.rules import Verdict
from accreditation.services import applications
from tests.conftest import MADE_UP_NOW
from tests.fields import hidden
from tests.pages import Pages
from tests.web.applicant.cases import case, email_of, state_of, stored
from workflows.application import ApplicationState as S


def accepting(pages: Pages, path: str) -> dict[str, str]:
    """Read the check page; give its form with the terms accepted."""
    return dict(hidden(pages.get(f"{path}/check"))) | {"accepted": "y"}


def test_an_application_is_checked_and_sent(app: Flask) -> None:
    pages, key, path = case(app)
    html = pages.get(f"{path}/check")
    assert "The applicant promises" in html
    assert "Who applies" in html
    assert "取組の説明 1-1" in html
    assert f"{path}/indicators/1#item-1-1" in html
    sent = pages.post(f"{path}/check", accepting(pages, path))
    assert "Your application is sent." in sent
    assert key.upper() in sent
    assert "The office checks whether it is complete" in sent
    assert state_of(app, key) == S.SUBMITTED


def test_what_nobody_read_is_not_sent(app: Flask) -> None:
    pages, key, path = case(app)
    read = accepting(pages, path)
    with app.app_context(), writing():
        applications.save_answer(stored(key), "1-1", Verdict.CARRIED_OUT, "written by a colleague")
        db.session.commit()
    html = pages.post(f"{path}/check", read, status=409)
    assert "Something was changed since you opened this page." in html
    assert "written by a colleague" in html
    assert state_of(app, key) == S.DRAFT
    assert "Your application is sent." in pages.post(f"{path}/check", accepting(pages, path))


def test_without_the_terms_nothing_is_sent(app: Flask) -> None:
    pages, key, path = case(app)
    assert "Please accept the terms first." in pages.post(f"{path}/check", status=422)
    assert state_of(app, key) == S.DRAFT


def test_items_without_an_answer_are_named_and_keep_it_from_being_sent(app: Flask) -> None:
    pages, key, path = case(app, answered=False)
    html = pages.get(f"{path}/check")
    assert "Some items are not complete yet" in html
    html = pages.post(f"{path}/check", accepting(pages, path), status=409)
    assert "Some items have no answer or no description yet." in html
    assert f"{path}/indicators/2#item-2-1" in html
    with app.app_context():
        assert stored(key).terms_accepted_at is None, "nothing of a refused try is kept"


def test_an_answer_that_lacks_its_description_is_named_so(app: Flask) -> None:
    pages, key, path = case(app)
    said = {"1-1": Verdict.CARRIED_OUT, "1-2": Verdict.NOT_CARRIED_OUT}
    with app.app_context(), writing():
        for item, verdict in said.items():
            applications.save_answer(stored(key), item, verdict, "")
        db.session.commit()
    html = pages.get(f"{path}/check")
    assert html.count("Description missing") == 2, "in the list above and beside the answer"
    assert "No answer" not in html
    above = html.partition("Some items are not complete yet")[2].partition("</ul>")[0]
    assert "#item-1-1" in above
    assert "#item-1-2" not in above


def test_after_the_call_has_closed_a_draft_is_not_sent(app: Flask) -> None:
    pages, key, path = case(app)
    with clock.at(MADE_UP_NOW + timedelta(days=31)):
        pages = Pages(app, email_of(app, key))
        assert "The call has closed" in pages.get(path)
        html = pages.post(f"{path}/check", accepting(pages, path), status=409)
    assert "The call is not open" in html
    assert state_of(app, key) == S.DRAFT


def test_sent_twice_it_is_sent_once(app: Flask) -> None:
    pages, key, path = case(app)
    given = {"csrf_token": pages.token(f"{path}/check"), **accepting(pages, path)}
    for _ in range(2):
        answer = pages.client.post(f"{path}/check", data=given, follow_redirects=True)
        assert answer.status_code == 200
        assert key.upper() in answer.text
    with app.app_context():
        assert len(stored(key).submissions) == 1


def test_a_returned_application_shows_the_reason_and_is_sent_again(app: Flask) -> None:
    pages, key, path = case(app, S.RETURNED)
    html = pages.get(path)
    assert "The office asks for changes" in html
    assert "見本の理由" in html
    with clock.at(MADE_UP_NOW + timedelta(days=31)):
        pages = Pages(app, email_of(app, key))
        assert "Your application is sent." in pages.post(f"{path}/check", accepting(pages, path))
    assert state_of(app, key) == S.SUBMITTED


def test_an_application_is_withdrawn_after_asking_once_more(app: Flask) -> None:
    pages, key, path = case(app, S.SUBMITTED)
    long = pages.post(f"{path}/withdraw", {"note": "長" * 2001}, status=422)
    assert "This has 2001 characters, but only 2000 fit here." in long
    assert "長" * 2001 in long
    html = pages.post(f"{path}/withdraw", {"note": "we moved"})
    assert "The application is withdrawn." in html
    assert "we moved" in html
    assert state_of(app, key) == S.WITHDRAWN
    again = pages.post(f"{path}/withdraw", page="/account")
    assert "You have withdrawn this application." in again


def test_what_is_decided_is_not_withdrawn(app: Flask) -> None:
    pages, key, path = case(app, S.REFUSED)
    assert "Withdraw the application" not in pages.get(path)
    pages.post(f"{path}/withdraw", page="/account")
    assert state_of(app, key) == S.REFUSED


def test_the_check_page_takes_a_fixed_number_of_queries(app: Flask) -> None:
    def queries(indicators: tuple[int, ...]) -> int:
        pages, key, path = case(app, indicators=indicators)
        counted = []
        with app.app_context():
            assert applications.unanswered(stored(key)) == []
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
        pages.get(f"{path}/check")
        return len(counted)

    assert queries((1, 2)) == queries(tuple(range(1, 9)))


def at_once(app: Flask, pages: Pages, path: str, values: dict[str, str]) -> list[int]:
    """Post a form four times at the same moment; give the answers' statuses."""
    cookie = pages.client.get_cookie("accreditation")
    assert cookie
    given = {"csrf_token": pages.token(path), **values}

    def send() -> int:
        client = app.test_client()
        client.set_cookie("accreditation", cookie.value)
        return client.post(path, data=given).status_code

    with ThreadPoolExecutor(4) as pool:
        contexts = [copy_context() for _ in range(4)]
        return list(pool.map(lambda context: context.run(send), contexts))


def test_sent_four_times_at_once_it_is_sent_once(app: Flask) -> None:
    pages, key, path = case(app)
    assert at_once(app, pages, f"{path}/check", accepting(pages, path)) == [303] * 4
    with app.app_context():
        assert len(stored(key).submissions) == 1


def test_an_answer_saved_four_times_at_once_is_one_answer(app: Flask) -> None:
    pages, key, path = case(app, answered=False)
    page = f"{path}/indicators/1"
    shown = dict(hidden(pages.get(page)))
    values = {**shown, "item-1-1-verdict": "carried_out", "item-1-1-text": "monthly"}
    assert at_once(app, pages, page, values) == [303] * 4
    with app.app_context():
        assert [one.text for one in stored(key).answers] == ["monthly"]
