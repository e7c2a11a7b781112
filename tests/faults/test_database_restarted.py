"""PostgreSQL ends every connection, as a restart does: between requests, and within one (F6)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask, Response
from sqlalchemy import event, func, select

from accreditation.extensions import db, writing
from accreditation.models import Decision, Office
from tests import factories
from tests.cluster import Cluster
from tests.fields import hidden
from tests.pages import Pages, check_page
from workflows.application import ApplicationState as S

pytestmark = pytest.mark.postgresql
END_ALL = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = %s AND pid <> pg_backend_pid()"
)
DECIDING = {"step": "accredit", "indicators": ["1", "2"], "conditions": "", "reasons": ""}


@pytest.fixture
def name(app: Flask) -> str:
    """The name of the test's own database."""
    with app.app_context():
        return str(db.engine.url.database)


def end_connections(cluster: Cluster, name: str) -> None:
    with psycopg.connect(f"host={cluster.folder} user=postgres dbname=postgres") as other:
        other.execute(END_ALL, (name,))


def test_between_two_requests_nobody_notices(app: Flask, cluster: Cluster, name: str) -> None:
    pages = Pages.of(app, Office.OFFICE)
    for _ in range(2):
        pages.get("/office")
        pages.get("/verify")
        end_connections(cluster, name)
    pages.get("/office")


def test_after_an_answer_was_made_it_still_goes_out(
    app: Flask, cluster: Cluster, name: str
) -> None:
    pages = Pages.of(app, Office.OFFICE)

    def end(response: Response) -> Response:
        end_connections(cluster, name)
        return response

    app.after_request_funcs[None].insert(0, end)  # the last of them to be called
    for _ in range(2):
        pages.get("/office")
        pages.get("/verify")


@contextmanager
def ended_at(app: Flask, cluster: Cluster, name: str, at: int) -> Iterator[list[str]]:
    """Let the database end every connection before the statement of this number."""
    with app.app_context():
        engine = db.engine
    begun: list[str] = []

    def before(*given: Any) -> None:
        begun.append(str(given[2]))
        if len(begun) == at:
            end_connections(cluster, name)

    event.listen(engine, "before_cursor_execute", before)
    yield begun
    event.remove(engine, "before_cursor_execute", before)


def test_within_a_request_it_is_said_and_done_once_when_sent_again(
    app: Flask, cluster: Cluster, name: str
) -> None:
    with app.app_context(), writing():
        path = f"/council/applications/{factories.application(S.LISTED).key}"
        db.session.commit()
    council = Pages.of(app, Office.COUNCIL)
    form = dict(hidden(council.get(path))) | DECIDING | {"csrf_token": council.token("/contact")}
    said = {"Sec-Fetch-Site": "same-origin"}
    for at in (1, 12, 40, 50):
        with ended_at(app, cluster, name, at) as begun:
            answer = council.client.post(f"{path}/decision", data=form, headers=said)
        assert len(begun) >= at
        assert answer.status_code == 503, at
        assert int(answer.headers["Retry-After"]) > 0
        check_page(answer.text)
        fresh = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        assert fresh
        kept = set(hidden(answer.text))
        assert {("step", "accredit"), ("indicators", "1"), ("indicators", "2")} <= kept
        assert ("form_key", form["form_key"]) in kept
        form["csrf_token"] = fresh[1]
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Decision)) == 0
    assert council.client.post(f"{path}/decision", data=form, headers=said).status_code == 303
    assert council.client.post(f"{path}/decision", data=form, headers=said).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
