import io
import re
from typing import Literal

import pytest
from flask import Flask
from obstore.store import LocalStore
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from accreditation.extensions import db
from accreditation.schemes.rules import Verdict
from accreditation.services import evidence
from tests import factories
from tests.fields import hidden
from tests.web.applicant.desk import desk, file, typed
from workflows.application import ApplicationState as S


def test_indicators_are_chosen_and_the_required_ones_stay(app: Flask) -> None:
    at = desk(app)
    html = at.pages.get(f"{at.path}/indicators")
    assert 'name="indicators" type="checkbox" value="3"' in html
    assert 'type="checkbox" value="1"' not in html
    tasks = at.pages.post(f"{at.path}/indicators", {"indicators": ["3", "5"]})
    assert "4 chosen" in tasks
    assert "0 of 34 items answered" in tasks
    assert "There is no such indicator." in at.pages.post(
        f"{at.path}/indicators", {"indicators": ["99"]}, status=422
    )
    assert "2 chosen" in at.pages.post(f"{at.path}/indicators")


def test_a_page_is_saved_whole_and_leads_to_the_next_indicator(app: Flask) -> None:
    at = desk(app)
    values = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "since 2020\r\nmonthly")
    values |= {"item-1-1-files": [file(), file("figures.csv", b"a,b\n1,2\n")]}
    html = at.pages.post(at.page(), values)
    assert "Your answers are saved." in html
    assert "2. Work in partnership" in html
    assert at.answer("1-1") == (
        Verdict.CARRIED_OUT,
        "since 2020\nmonthly",
        ["bills.pdf", "figures.csv"],
    )
    assert at.answer("1-2") == (None, "", [])
    assert "Check your answers" in at.pages.post(at.page(2), at.shown(2))
    later = at.pages.post(at.page(), at.shown() | {"then": "later"})
    assert "1 of 20 items answered" in later


def test_a_description_is_called_needed_where_the_rule_needs_it(app: Flask) -> None:
    at = desk(app)
    html = at.pages.get(at.page())
    label = re.compile(r'<label class="label" for="item-([0-9-]+)-text">(.*?)</label>', re.DOTALL)
    words = dict(label.findall(html))
    assert len(words) == 13
    assert all("Needed when you carry it out" in said for said in words.values())
    assert not any("Optional" in said or "Required" in said for said in words.values())
    may_not_apply = set(re.findall(r'name="item-([0-9-]+)-verdict"[^>]*value="not_applic', html))
    assert {item for item, said in words.items() if "or when it does" in said} == may_not_apply


def test_the_rule_answers_at_once_and_saves_nothing(app: Flask) -> None:
    at = desk(app)
    values = at.shown()
    for number in range(1, 10):
        values |= typed(f"1-{number}", Verdict.CARRIED_OUT, "done")
    html = at.pages.client.post(
        f"{at.page()}/preview", data={**values, "csrf_token": at.pages.token(at.page())}
    ).text
    assert "Carried out: 9 of 13." in html
    assert "Indicator 1 is required" not in html
    assert "Indicator 2 is required" in html
    assert at.answer("1-1") == (None, "", [])


def test_one_bad_file_costs_nothing_of_the_rest(app: Flask) -> None:
    at = desk(app)
    values = (
        at.shown()
        | typed("1-1", Verdict.CARRIED_OUT, "kept")
        | typed("1-2", Verdict.NOT_CARRIED_OUT, "")
    )
    values |= {
        "item-1-1-files": [file("empty.pdf", b""), file("bills.pdf"), file("tool.exe", b"MZ")]
    }
    html = at.pages.post(at.page(), values, status=422)
    assert "1-1: “empty.pdf”: The file is empty." in html
    assert "1-1: “tool.exe”: This type of file" in html
    assert "<title>Error:" in html
    assert at.answer("1-1") == (Verdict.CARRIED_OUT, "kept", ["bills.pdf"])
    assert at.answer("1-2")[0] == Verdict.NOT_CARRIED_OUT
    again = dict(hidden(html)) | typed("1-1", Verdict.CARRIED_OUT, "kept, and more")
    at.pages.post(at.page(), again)
    assert at.answer("1-1")[1] == "kept, and more"


class Watched:
    """The store of files, noticing whether a transaction was open while something was put there."""

    def __init__(self, store: LocalStore) -> None:
        self.store, self.seen = store, list[bool]()

    def put(self, path: str, content: bytes, *, mode: Literal["create", "overwrite"]) -> None:
        self.seen.append(db.session().in_transaction())
        self.store.put(path, content, mode=mode)

    def head(self, path: str) -> object:
        return self.store.head(path)


def test_nobody_waits_while_files_are_read_and_stored(app: Flask) -> None:
    at = desk(app)
    values = at.shown() | {"item-1-1-files": [file(), file("figures.csv", b"a,b\n1,2\n")]}
    app.extensions["store"] = watched = Watched(app.extensions["store"])
    at.pages.post(at.page(), values)
    assert watched.seen == [False, False]
    assert at.answer("1-1")[2] == ["bills.pdf", "figures.csv"]


def test_a_file_over_the_limit_is_named_beside_its_item(app: Flask) -> None:
    at = desk(app)
    large = b"%PDF" + b"x" * app.extensions["settings"].upload_bytes
    values = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "kept")
    upload = FileStorage(io.BytesIO(large), "l.pdf")
    values |= {"item-1-1-files": upload, "csrf_token": at.pages.token(at.page())}
    boundary, body = encode_multipart(values)  # the client's own encoder leaves a file open
    kind = f"multipart/form-data; boundary={boundary}"
    answer = at.pages.client.post(at.page(), data=body, content_type=kind)
    assert answer.status_code == 422
    assert "“l.pdf”: The file is too large." in answer.text
    assert at.answer("1-1") == (Verdict.CARRIED_OUT, "kept", [])


def test_several_large_files_may_come_together_and_the_page_says_how_much(app: Flask) -> None:
    at, limit = desk(app), app.extensions["settings"].upload_megabytes
    html = at.pages.get(at.page())
    assert (
        f"each file up to {limit} MB, and up to {limit * evidence.AT_ONCE} MB at one time" in html
    )
    most = factories.PDF + b"\n" * (app.extensions["settings"].upload_bytes * 6 // 10)
    values = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "my long text")
    uploads = [FileStorage(io.BytesIO(most), name) for name in ("a.pdf", "b.pdf")]
    values |= {"item-1-1-files": uploads, "csrf_token": at.pages.token(at.page())}
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = at.pages.client.post(at.page(), data=body, content_type=kind)
    assert answer.status_code == 303
    assert at.answer("1-1") == (Verdict.CARRIED_OUT, "my long text", ["a.pdf", "b.pdf"])


def test_asking_for_the_head_of_a_page_saves_nothing(app: Flask) -> None:
    at = desk(app)
    values = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "by head")
    for path in (at.page(), f"{at.path}/indicators", f"{at.path}/check", f"{at.path}/withdraw"):
        assert at.pages.client.head(path, data=values).status_code == 200
    assert at.answer("1-1") == (None, "", [])
    assert "Your answers are saved." not in at.pages.get(at.path)
    sent = desk(app, S.SUBMITTED)
    assert sent.pages.client.head(sent.page()).location == sent.path


def test_a_text_that_is_too_long_is_kept_in_the_page_and_others_are_saved(app: Flask) -> None:
    at, long = desk(app), "長" * 4001
    values = (
        at.shown()
        | typed("1-1", Verdict.CARRIED_OUT, long)
        | typed("1-2", Verdict.CARRIED_OUT, "fine")
    )
    html = at.pages.post(at.page(), values, status=422)
    assert "1-1: This has 4001 characters, but only 4000 fit here." in html
    assert long in html
    assert at.answer("1-1") == (None, "", [])
    assert at.answer("1-2")[1] == "fine"


def test_only_what_may_not_apply_can_be_said_not_to(app: Flask) -> None:
    at = desk(app)
    assert at.pages.get(at.page()).count('value="not_applicable"') == len(
        re.findall(r"Does not apply", at.pages.get(at.page()))
    )
    values = at.shown() | typed("1-1", Verdict.NOT_APPLICABLE, "we would rather not")
    html = at.pages.post(at.page(), values, status=422)
    assert "1-1: This item applies to everybody." in html
    assert "we would rather not" in html
    bent = at.shown() | {"item-1-1-verdict": "perhaps"}
    assert "1-1: Please choose one of these." in at.pages.post(at.page(), bent, status=422)


def test_of_two_who_answer_the_second_sees_both_and_decides(app: Flask) -> None:
    at = desk(app)
    values = at.shown()
    at.pages.post(at.page(), values | typed("1-1", Verdict.CARRIED_OUT, "theirs"))
    mine = typed("1-1", Verdict.NOT_CARRIED_OUT, "mine") | typed("1-2", Verdict.CARRIED_OUT, "new")
    html = at.pages.post(at.page(), values | mine, status=422)
    assert "Saved meanwhile in another window or by somebody else" in html
    assert "theirs" in html
    assert "mine" in html
    assert at.answer("1-1")[1] == "theirs"
    assert at.answer("1-2")[1] == "new", "what nobody else touched is saved"
    at.pages.post(at.page(), dict(hidden(html)) | mine)
    assert at.answer("1-1") == (Verdict.NOT_CARRIED_OUT, "mine", [])


def test_what_a_page_did_not_touch_stays_as_somebody_else_saved_it(app: Flask) -> None:
    at = desk(app)
    at.pages.post(at.page(), at.shown() | typed("1-1", Verdict.CARRIED_OUT, "old"))
    values = at.shown()
    at.pages.post(at.page(), values | typed("1-1", Verdict.CARRIED_OUT, "newer"))
    untouched = typed("1-1", Verdict.CARRIED_OUT, "old") | typed("1-2", Verdict.CARRIED_OUT, "mine")
    at.pages.post(at.page(), values | untouched)
    assert at.answer("1-1")[1] == "newer"
    assert at.answer("1-2")[1] == "mine"


def test_a_page_that_comes_back_never_undoes_what_another_window_saved(app: Flask) -> None:
    at = desk(app)
    at.pages.post(at.page(), at.shown() | typed("1-1", Verdict.CARRIED_OUT, "old"))
    stale = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "old")
    at.pages.post(at.page(), at.shown() | typed("1-1", Verdict.CARRIED_OUT, "newer"))
    wrong = stale | typed("1-2", Verdict.CARRIED_OUT, "長" * 4001)
    html = at.pages.post(at.page(), wrong, status=422)
    assert ">\nnewer</textarea>" in html.replace("\r", "")
    again = dict(hidden(html)) | typed("1-1", Verdict.CARRIED_OUT, "newer")
    at.pages.post(at.page(), again | typed("1-2", Verdict.CARRIED_OUT, "mine"))
    assert at.answer("1-1")[1] == "newer"
    assert at.answer("1-2")[1] == "mine"


def test_a_refused_text_still_meets_what_another_window_saved(app: Flask) -> None:
    at = desk(app)
    stale = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "長" * 4001)
    at.pages.post(at.page(), at.shown() | typed("1-1", Verdict.CARRIED_OUT, "newer"))
    html = at.pages.post(at.page(), stale, status=422)
    again = dict(hidden(html)) | typed("1-1", Verdict.CARRIED_OUT, "mine, shorter")
    assert "Saved meanwhile in another window or by somebody else" in at.pages.post(
        at.page(), again, status=422
    )
    assert at.answer("1-1")[1] == "newer"


def test_a_form_sent_twice_attaches_a_file_once(app: Flask) -> None:
    at = desk(app)
    values = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "text")
    for _ in range(2):
        at.pages.post(at.page(), values | {"item-1-1-files": file()})
    assert at.answer("1-1") == (Verdict.CARRIED_OUT, "text", ["bills.pdf"])


def test_the_buttons_beside_a_file_save_the_whole_page_too(app: Flask) -> None:
    at, item = desk(app), "1-1"
    values = at.shown() | typed("1-2", Verdict.CARRIED_OUT, "typed before")
    adding = values | {"item-1-1-files": file()}
    html = at.pages.post(f"{at.path}/items/{item}/evidence", adding, page=at.page())
    assert "bills.pdf" in html
    assert at.answer("1-2")[1] == "typed before"
    remove = re.search(r'formaction="([^"]+/remove)"', html)
    assert remove
    values = at.shown() | typed("1-2", Verdict.CARRIED_OUT, "typed after")
    assert "bills.pdf" not in at.pages.post(remove[1], values, page=at.page())
    assert at.answer("1-2")[1] == "typed after"
    assert "evidence" in at.pages.post(remove[1], at.shown(), page=at.page()), "twice is no harm"


def test_a_request_without_the_fields_of_an_item_leaves_its_answer_alone(app: Flask) -> None:
    at = desk(app)
    at.pages.post(at.page(), at.shown() | typed("1-1", Verdict.CARRIED_OUT, "kept"))
    at.pages.post(f"{at.path}/items/1-1/evidence", page=at.page())
    assert at.answer("1-1")[1] == "kept"


def test_items_and_indicators_that_are_not_asked_are_not_there(app: Flask) -> None:
    at = desk(app)
    at.pages.get(at.page(3), 404)
    at.pages.get(at.page(99), 404)
    at.pages.post(f"{at.path}/items/3-1/evidence", page=at.page(), status=404)


@pytest.mark.parametrize("state", [S.SUBMITTED, S.LISTED, S.WITHDRAWN])
def test_once_sent_nothing_is_changed_and_what_was_typed_is_shown(app: Flask, state: S) -> None:
    at = desk(app, state)
    before = at.answer("1-1")
    for path in ("indicators", "indicators/1", "check"):
        html = at.pages.get(f"{at.path}/{path}")
        assert at.key.upper() in html, "these pages lead to the application itself"
    values = {
        "item-1-1-version": "1",
        "item-1-1-verdict": "carried_out",
        "item-1-1-text": "too late",
    }
    html = at.pages.post(at.page(), values, page="/account", status=422)
    assert "can&#39;t be changed" in html
    assert "too late" in html
    assert at.answer("1-1") == before


def test_nobody_else_reads_or_writes_an_application(app: Flask) -> None:
    at, other = desk(app), desk(app)
    for path in ("", "/indicators", "/indicators/1", "/check", "/withdraw"):
        other.pages.get(f"{at.path}{path}", 404)
    other.pages.post(at.page(), typed("1-1", Verdict.CARRIED_OUT, "x"), page="/account", status=404)
    assert at.answer("1-1") == (None, "", [])
