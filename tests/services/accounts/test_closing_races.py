"""Somebody is forgotten while they do something: whoever waits for the history looks again."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation.extensions import db, writing
from accreditation.models import (
    Call,
    EntityType,
    HistoryDetail,
    Mail,
    Office,
    Operator,
    Person,
    Site,
)
from accreditation.services import applications, history, operators
from accreditation.services.accounts import closing, entering, people, sessions
from accreditation.services.errors import ServiceError
from tests import factories
from tests.threads import behind

# SQLite lets nobody who will write read before it is their turn.
pytestmark = pytest.mark.postgresql

NEW = "a kettle sings before the snow"
OPERATOR = {"name_ja": "別の観光", "entity_type": EntityType.ASSOCIATION, "address": "金沢市"}
SITE = {"name_ja": "別の宿", "address_ja": "金沢市"}


def _change_password(person: Person) -> None:
    entering.change_password(person, NEW)


def _set_new_password(person: Person) -> None:
    written = select(Mail.body).where(Mail.recipient == person.email)
    body = db.session.scalars(written).one()
    entering.set_new_password(body.partition("/link/")[2].split()[0], NEW)


def _register(person: Person) -> None:
    operators.register(person, OPERATOR)


def _add_site(person: Person) -> None:
    operator = db.session.scalars(select(Operator)).one()
    operators.add_site(operator, person, "tour", SITE)


def _change_site(person: Person) -> None:
    site = db.session.scalars(select(Site)).one()
    operators.change_site(site, person, {"name_en": "New"}, site.version)


def _start(person: Person) -> None:
    site, call = db.session.scalars(select(Site)).one(), db.session.scalars(select(Call)).one()
    applications.start(call, site, person)


def _be_appointed(person: Person) -> None:
    people.appoint(person, Office.COUNCIL)


@pytest.mark.parametrize(
    "act",
    [
        _change_password,
        _set_new_password,
        _register,
        _add_site,
        _change_site,
        _start,
        _be_appointed,
    ],
)
def test_who_is_forgotten_meanwhile_does_nothing_more(
    app: Flask, act: Callable[[Person], None]
) -> None:
    with app.app_context(), writing():
        site = factories.site()
        person = factories.owner_of(site.operator)
        factories.call()
        sessions.begin(person)
        entering.ask_for_new_password(person.email)
        db.session.commit()
        known = person.id

    def of(do: Callable[[Person], None]) -> None:
        do(db.session.get_one(Person, known))

    done = behind(app, partial(of, act), then=partial(of, closing.forget))

    assert isinstance(done, ServiceError), done
    with app.app_context():
        details = db.session.scalars(select(HistoryDetail.content))
        assert known not in {one["person"] for one in details}
        assert db.session.get_one(Person, known).name == closing.ERASED
        assert history.verify() is None
