"""A person of the operator at work on an application."""

import io
from dataclasses import dataclass

from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Application
from accreditation.schemes.rules import Verdict
from accreditation.services import applications
from tests import factories
from tests.fields import hidden
from tests.pages import Pages
from workflows.application import ApplicationState as S

Values = dict[str, object]


@dataclass
class Desk:
    """A person of the operator at work on an application."""

    app: Flask
    pages: Pages
    key: str

    @property
    def path(self) -> str:
        return f"/my/applications/{self.key}"

    def page(self, number: int = 1) -> str:
        return f"{self.path}/indicators/{number}"

    def shown(self, number: int = 1) -> Values:
        """Give the hidden fields of an indicator's page, as a browser sends them."""
        return dict(hidden(self.pages.get(self.page(number))))

    def answer(self, item: str) -> tuple[Verdict | None, str, list[str]]:
        with self.app.app_context():
            made = db.session.scalars(db.select(Application).filter_by(key=self.key)).one()
            found = applications.answers_of(made).get(item)
            if found is None:
                return None, "", []
            return found.verdict, found.text, [one.evidence.name for one in found.attachments]


def desk(app: Flask, state: S = S.DRAFT, indicators: tuple[int, ...] = (1, 2)) -> Desk:
    with app.app_context(), writing():
        site = factories.site(factories.operator(factories.person(language="en")))
        made = factories.application(state, of=site, indicators=indicators)
        db.session.commit()
        email, key = factories.owner_of(site.operator).email, made.key
    return Desk(app, Pages(app, email), key)


def typed(item: str, verdict: Verdict, text: str) -> Values:
    return {f"item-{item}-verdict": verdict.value, f"item-{item}-text": text}


def file(name: str = "bills.pdf", content: bytes = factories.PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name
