"""Practices told by two people at once, in real threads on the real database."""

from functools import partial

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Person, Site
from accreditation.services import operators
from tests import factories
from tests.threads import at_once


@pytest.mark.parametrize("reads_first", [False, pytest.param(True, marks=pytest.mark.postgresql)])
def test_practices_told_twice_at_once_are_all_there_once(app: Flask, *, reads_first: bool) -> None:
    with app.app_context(), writing():
        site = factories.site()
        owner = factories.owner_of(site.operator)
        operators.tell_practices(site, owner, {1: ("節電する", "")})
        ids = site.id, owner.id
        db.session.commit()

    def tell(indicator: int) -> None:
        texts = {1: ("もっと節電する", ""), indicator: ("学ぶ", "")}
        found = db.session.get_one(Site, ids[0])
        operators.tell_practices(found, db.session.get_one(Person, ids[1]), texts)

    def read() -> object:
        db.session.info["seen"] = db.session.get_one(Site, ids[0])
        return list(db.session.info["seen"].practices)

    acts = [partial(tell, indicator) for indicator in (2, 3)]
    assert at_once(app, *acts, before=read if reads_first else None) == [None, None]
    with app.app_context():
        told = [(one.indicator, one.text_ja) for one in db.session.get_one(Site, ids[0]).practices]
    assert told == [(1, "もっと節電する"), (2, "学ぶ"), (3, "学ぶ")]
