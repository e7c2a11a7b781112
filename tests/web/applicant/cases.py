"""Applications in a state, with the browser of somebody of their operator."""

from flask import Flask
from sqlalchemy import select

from accreditation.extensions import db, writing
from accreditation.models import (
    Application,
)
from tests import factories
from tests.pages import Pages
from workflows.application import ApplicationState as S

Found = tuple[Pages, str, str]  # the owner's browser, the application's key, its path


def case(app: Flask, state: S = S.DRAFT, *, answered: bool = True, **given: object) -> Found:
    with app.app_context(), writing():
        site = factories.site(factories.operator(factories.person(language="en")))
        made = factories.application(state, of=site, **given)
        if state == S.DRAFT and answered:
            factories.answer_all(made)
        db.session.commit()
        email, key = factories.owner_of(site.operator).email, made.key
    return Pages(app, email), key, f"/my/applications/{key}"


def stored(key: str) -> Application:
    return db.session.scalars(select(Application).filter_by(key=key)).one()


def state_of(app: Flask, key: str) -> S:
    with app.app_context():
        return stored(key).state


def email_of(app: Flask, key: str) -> str:
    with app.app_context():
        return factories.owner_of(stored(key).site.operator).email
