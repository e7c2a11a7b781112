"""The guard: asks the rule of a route (`routes`) before anything else happens."""

import string
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, abort, current_app, g, has_request_context, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import select

from accreditation.extensions import csrf, db, mark_request
from accreditation.models import (
    Accreditation,
    Application,
    Call,
    Evidence,
    Incentive,
    Operator,
    Person,
    Programme,
    Review,
    Site,
)
from accreditation.models.base import Keyed
from accreditation.services import policy
from accreditation.services.accounts import sessions
from accreditation.services.policy import can
from accreditation.web import refusal_log, resend, source
from accreditation.web.routes import ROUTES, TAKE_FILES, UNASKED
from accreditation.web.visitor import current_person, current_sign_in, half_sign_in

# How forms come. A script of ours that sends nothing but its token names no kind.
FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})

T = TypeVar("T")
K = TypeVar("K", bound=Keyed)

# A variable of an address -> how the thing it names is found.
LOADERS: dict[str, Callable[[str], Any]] = {
    "operator": lambda key: _by_key(Operator, key),
    "site": lambda key: _by_key(Site, key),
    "application": lambda key: _by_key(Application, key),
    "evidence": lambda key: _by_key(Evidence, key),
    "review": lambda key: _by_key(Review, key),
    "call": lambda key: _by_key(Call, key),
    "programme": lambda key: _by_key(Programme, key),
    "incentive": lambda key: _by_key(Incentive, key),
    "account": lambda key: _by_key(Person, key),
    "accreditation": lambda number: db.session.scalar(
        select(Accreditation).where(Accreditation.number == number)
    ),
}


def subject(kind: type[T]) -> T:
    """Give the thing that the address names, loaded and allowed by the guard."""
    found = g.subject
    if not isinstance(found, kind):
        message = f"this route has no {kind.__name__}"
        raise TypeError(message)
    return found


def person() -> Any:  # noqa: ANN401 - behind the guard of a signed-in page there is always a Person
    """Give the person who is signed in; only for pages that nobody else reaches."""
    return current_person()


def read_only() -> bool:
    """Say whether the person may read this page but not send its form."""
    access = ROUTES.get(request.endpoint or "") if has_request_context() else None
    if access is None or access.read is None or access.write is None or "subject" not in g:
        return False
    return not can(current_person(), access.write, g.subject)


def _by_key(kind: type[K], key: str) -> K | None:
    """Find a row by the key of its address, also as a reference is written: in capitals."""
    return db.session.scalar(select(kind).where(kind.key == key.lower()))


def _guard() -> ResponseReturnValue | None:
    mark_request(request.method)
    _read_query()
    source.choose()
    if request.endpoint is None or request.endpoint in UNASKED:
        return None  # for the first, Flask answers 404 or 405 itself
    access = ROUTES.get(request.endpoint)
    if access is None:
        abort(404)
    _limit_text()
    _limit_fields()
    _refuse_nul()
    rule = access.rule(request.method)
    if rule is not policy.anybody:
        _require_sign_in()
    g.subject = _load(request.view_args or {})
    if not can(current_person(), rule, g.subject):
        refusal_log.note("not_allowed")
        abort(403 if g.subject is None else 404)
    _protect()
    if access.grave and request.method == "POST":
        _require_proof()
    return None


def _require_sign_in() -> None:
    """Let only whole sessions through, and those strong enough for their person's offices."""
    if half_sign_in() is not None:
        refusal_log.note("second_factor_needed")
        raise resend.SecondFactorNeededError
    found = current_sign_in()
    if found is None:
        refusal_log.note("sign_in_needed")
        raise resend.SignInNeededError
    if sessions.is_too_weak(found) and request.blueprint != "auth":
        refusal_log.note("factor_to_set_up")
        raise resend.FactorToSetUpError


def _require_proof() -> None:
    found = current_sign_in()
    if found is None or not sessions.is_fresh(found):
        refusal_log.note("proof_needed")
        raise resend.ProofNeededError


def _limit_text() -> None:
    """Let only the forms that carry files be sent as much as files are."""
    if request.endpoint not in TAKE_FILES or request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _limit_fields() -> None:
    """Refuse a form of too many fields or, of a length not told before, too long.

    Fields of two bytes each would fill the memory; a text beyond the limit would be cut off
    without a word. Of a form with files the library looks after both itself.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    sent, most = request.get_data(), current_app.config["MAX_FORM_PARTS"]
    if sent.count(b"&") >= most or len(sent) >= (request.max_content_length or 0):
        abort(413)


def _read_query() -> None:
    """Take bytes that no browser leaves as they are for what it would make of them.

    Werkzeug reads the query as UTF-8, and what is none would be a fault of ours, on every page.
    """
    request.query_string = quote(request.query_string, safe=string.printable).encode()


def _refuse_nul() -> None:
    """Refuse the one character that no database stores, before any service meets it."""
    typed = (value for _name, value in request.values.items(multi=True))
    if "\x00" in request.path or any("\x00" in value for value in typed):
        abort(400)


def _protect() -> None:
    """Take forms only, sent from our own pages, with the token of their session.

    Any one of the three stops a form of another site; together they forgive a mistake in one. A
    body of another kind, such as JSON, would fill the fields of a form with what is no text.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.mimetype not in FORMS:
        abort(415)
    if not resend.is_ours():
        raise resend.StaleFormError
    try:
        csrf.protect()
    except CSRFError as error:
        raise resend.StaleFormError from error


def _load(arguments: dict[str, Any]) -> Any:  # noqa: ANN401 - any kind of row
    for name, value in arguments.items():
        if name in LOADERS:
            found = LOADERS[name](value)
            return found if found is not None else abort(404)
    return None


def register(app: Flask) -> None:
    """Ask the guard before every request."""
    app.before_request(_guard)
    app.teardown_request(source.forget)
    app.add_template_global(read_only, "read_only")
