"""A stage for attacks on the web: whatever is sent to it is answered, looked at and undone."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, url_for
from pyotp import TOTP
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accreditation import clock
from accreditation.extensions import db, limiter, writing
from accreditation.models import Mail, Person
from accreditation.services import mail
from accreditation.services.accounts import second_factors, sessions
from tests import factories
from tests.attacks import cases
from tests.attacks.corpus.good_values import GOOD
from tests.attacks.reading import Form, Forms, forms_of
from tests.attacks.roles import STRANGER, readers
from tests.attacks.undoing import undone

EQUIPPED = ("newcomer", "half")
STEP = timedelta(seconds=second_factors.STEP)
ALWAYS = {"c", "lang", "next", "page"}  # parameters that no link of these pages has
LONGEST = 2.0  # seconds for an answer, whatever was sent
OURS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
# What an answer must never tell: a trace, a file of ours, a statement, a library by its name.
TRACES = re.compile(
    r"Traceback \(most|File \"[^\"]+\", line \d|\bsqlalche\.me\b|\[SQL: |\bsqlite3\.|\bpsycopg\b"
    r"|\bwerkzeug\b|\bjinja2\b|\bwtforms\b|site-packages|accreditation/\w+/\w+\.py"
    r"|\b(?:Type|Value|Key|Attribute|Index|Unicode\w*|Operational|Integrity|Data|Template\w*)Error\b"
)


@dataclass(frozen=True, eq=False)
class Sent:
    """A form on a page, ready to be sent by somebody: filled in as it should be."""

    role: str
    page: str
    action: str
    endpoint: str
    values: dict[str, list[str]]
    form: Form = field(repr=False, compare=False)

    def with_values(self, **changed: list[str]) -> "Sent":
        """Give the same form with some fields filled in otherwise."""
        return replace(self, values={**self.values, **changed})


@dataclass
class Stage:
    """The application, and for each role a cookie with its token."""

    app: Flask
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    words: cases.Words = field(default_factory=dict)
    authenticators: dict[str, TOTP] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undo at its end whatever is done in this block."""
        with undone(self.app):
            yield

    @contextmanager
    def within(self) -> Iterator[None]:
        """Work with the database as the services do."""
        with self.app.app_context(), writing():
            yield

    def ask(
        self, role: str, path: str, method: str = "GET", *, bare: bool = False, **given: Any
    ) -> TestResponse:
        """Send a request as somebody, and look at the answer: never a fault, a trace, a long wait.

        A `bare` one has no other headers than those given.
        """
        client = self.app.test_client()
        if cookie := self.cookies.get(role):
            client.set_cookie("accreditation", cookie)
        limiter.reset()
        given["headers"] = {**({} if bare else OURS), **given.get("headers", {})}
        began = time.process_time()
        answer = client.open(path, method=method, buffered=True, **given)
        took = time.process_time() - began
        self.slowest = max(self.slowest, (took, f"{method} {path}"))
        assert took < LONGEST, (took, method, path, given)
        assert answer.status_code < 500, (answer.status_code, role, method, path, given)
        if answer.mimetype != "application/pdf" and (found := TRACES.search(answer.text)):
            raise AssertionError((found[0], role, method, path, given))
        return answer

    def send(self, sent: Sent, **given: Any) -> TestResponse:
        """Send a form as its page would; what is given replaces headers, data or query."""
        token = {"csrf_token": self.tokens[sent.role]}
        address = urlsplit(sent.action)
        usual = {"data": {**sent.values, **token}, "query_string": address.query}
        return self.ask(sent.role, address.path, "POST", **{**usual, **given})

    def try_out(self, sent: Sent, **given: Any) -> TestResponse:
        """Send a form, and undo what came of it."""
        with self.undone():
            return self.send(sent, **given)

    @cached_property
    def pages(self) -> dict[tuple[str, str], str]:
        """Every address that shows something, by every role that reads it: (role, path) -> text."""
        found: dict[tuple[str, str], str] = {}
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            for path, role in product(self.paths(rule), readers(rule.endpoint)):
                self._note(found, role, path)
        self._follow(found)
        return found

    def _note(self, found: dict[tuple[str, str], str], role: str, path: str) -> None:
        answer = self.ask(role, path)
        if answer.status_code == 200:
            found[role, path] = answer.text if answer.mimetype == "text/html" else ""

    def _follow(self, found: dict[tuple[str, str], str]) -> None:
        """Add the pages to which links with a query lead, one for each address and parameters."""
        known = set()
        for (role, _), html in list(found.items()):
            for link in Forms(html).links:
                mark = (urlsplit(link).path, *(name for name, _ in parse_qsl(urlsplit(link).query)))
                if len(mark) > 1 and mark[1:] != ("lang",) and mark not in known:
                    known.add(mark)
                    self._note(found, role, link)

    def paths(self, rule: Rule) -> list[str]:
        """Fill an address with every word that fits it; `number` counts, or names a certificate."""
        counts = {"number": [1, 3]} if "<int:number>" in rule.rule else {}
        names = sorted(rule.arguments)
        filled = product(*(counts.get(name) or self.words[name] for name in names))
        with self.app.test_request_context():
            return [url_for(rule.endpoint, **dict(zip(names, one, strict=True))) for one in filled]

    def endpoint_of(self, path: str, method: str = "GET") -> str:
        """Say which route an address belongs to."""
        found = self.app.url_map.bind("").match(urlsplit(path).path, method=method)
        return str(found[0])

    def reader_of(self, endpoint: str) -> str:
        """Give somebody who reads a route."""
        return readers(endpoint)[0]

    @cached_property
    def forms(self) -> list[Sent]:
        """Every form of every page, once for each endpoint, step, button and set of fields."""
        found: dict[tuple[object, ...], Sent] = {}
        for (role, path), html in self.pages.items():
            for form in forms_of(html):
                sent = self._ready(role, path, form)
                buttons = tuple(sent.values.get(name, [""])[0] for name in ("step", "then", "go"))
                mark = (sent.endpoint, tuple(form.names), buttons, _step(sent.action))
                found.setdefault(mark, sent)
        return list(found.values())

    @cached_property
    def posts(self) -> list[Sent]:
        """The forms that are sent by POST, and the one that no page shows at once."""
        confirming = Form("/confirm", "post", {"password": [factories.PASSWORD]})
        shown = [one for one in self.forms if one.form.method == "post"]
        return [*shown, self._ready("owner", "/account", confirming)]

    @cached_property
    def one_of_each(self) -> list[Sent]:
        """Of the forms that are sent to one endpoint, the one with the most fields."""
        by_size = sorted(self.posts, key=lambda one: len(one.form.names))
        return list({one.endpoint: one for one in by_size}.values())

    @cached_property
    def kinds(self) -> list[Sent]:
        """Those of them in which there is something to fill in."""
        return [one for one in self.one_of_each if one.form.names]

    @cached_property
    def searches(self) -> list[Sent]:
        """The forms that only ask."""
        return [one for one in self.forms if one.form.method == "get"]

    @cached_property
    def parameters(self) -> list[str]:
        """The names of all parameters that stand in an address: of searches and of links."""
        names = {name for one in self.searches for name in one.form.names} | ALWAYS
        for html in self.pages.values():
            for link in Forms(html).links:
                names |= {name for name, _ in parse_qsl(urlsplit(link).query)}
        return sorted(names)

    def _ready(self, role: str, page: str, form: Form) -> Sent:
        action = urlsplit(form.action or page)
        method = "POST" if form.method == "post" else "GET"
        endpoint = self.endpoint_of(action.path, method)
        path = f"{action.path}?{action.query}" if action.query and method == "POST" else action.path
        values = {name: self._filled(role, name, form) for name in form.names}
        if endpoint == "auth.sign_in":
            values = {"email": [self.emails["owner"]], "password": [factories.PASSWORD]}
        return Sent(role, page, path, endpoint, values, form)

    def _filled(self, role: str, name: str, form: Form) -> list[str]:
        shown = form.values.get(name, [])
        if any(shown):
            return shown
        if name in form.choices:
            return [next(filter(None, form.choices[name]), "")]
        word = name.rpartition("-")[2]
        if word == "code" and role in self.authenticators:
            return [self.authenticators[role].at(clock.now() + STEP)]
        return [GOOD.get(word, "")]


def _step(action: str) -> str:
    """Give the step that an address names: one form for each of them."""
    return action.rpartition("/")[2] if "/steps/" in action else ""


def made(app: Flask) -> Stage:
    """Set the stage and sign everybody in."""
    stage, tokens = Stage(app), {}
    with app.app_context(), writing():
        cast = cases.make()
        for role, one in cast.people.items():
            stage.emails[role] = one.email
            tokens[role] = sessions.begin(one, second_factor=role != "half")
        sessions.begin(cast.owner)  # another of theirs, which they may end
        stage.authenticators = {role: _equip(vars(cast)[role]) for role in EQUIPPED}
        db.session.commit()
        db.session.execute(update(Mail).values(sent_at=clock.now()))
        db.session.commit()
        app.extensions["jobs"].sweep()
        mail.write_to("late@example.jp", "en", "account/known", token="t" * 43, hours=1)
        db.session.commit()
        stage.words = cases.words_of(cast)
    for role in (STRANGER, *tokens):
        _enter(stage, role, tokens.get(role))
    return stage


def _equip(person: Person) -> TOTP:
    """Give a person an authenticator whose next code is still to be used."""
    made = TOTP(second_factors.begin_authenticator(person))
    second_factors.confirm_authenticator(person, made.at(clock.now()))
    return made


def _enter(stage: Stage, role: str, token: str | None) -> None:
    """Keep the cookie of a role, and the token that its forms carry."""
    client = stage.app.test_client()
    if token is not None:
        with client.session_transaction() as kept:
            kept.permanent = True
            kept["_user_id"] = token
    html = client.get("/sign-in/second" if role == "half" else "/sign-up", headers=OURS).text
    stage.tokens[role] = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', html)[0]
    cookie = client.get_cookie("accreditation")
    assert cookie is not None
    stage.cookies[role] = cookie.value
