"""The guard: every route has its rule here; a route without one opens to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request
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
    Programme,
    Review,
    Site,
)
from accreditation.models.base import Keyed
from accreditation.services import policy
from accreditation.services.policy import Rule, can
from accreditation.web import resend
from accreditation.web.sessions import current_person

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
    "accreditation": lambda number: db.session.scalar(
        select(Accreditation).where(Accreditation.number == number)
    ),
}

TAKE_FILES = {"applicant.indicator", "applicant.attach", "applicant.detach"}


@dataclass(frozen=True)
class Access:
    """Who may use a route; the rule is asked about the thing that the address names first."""

    rule: Rule
    methods: str = "GET"


ANYBODY = Access(policy.anybody)
ANYBODY_POSTS = Access(policy.anybody, "GET POST")
SIGNED_IN = Access(policy.signed_in)
SIGNED_IN_POSTS = Access(policy.signed_in, "GET POST")
OPERATOR = Access(policy.of_operator)
OPERATOR_POSTS = Access(policy.of_operator, "GET POST")
OFFICE = Access(policy.is_office)
OFFICE_POSTS = Access(policy.is_office, "GET POST")

ROUTES: dict[str, Access] = {
    "static": ANYBODY,
    "public.home": ANYBODY,
    "public.register": ANYBODY,
    "public.entry": ANYBODY,
    "public.check": ANYBODY,
    "public.verify": ANYBODY,
    "public.verify_json": ANYBODY,
    "public.verify_pdf": ANYBODY,
    "public.about": ANYBODY,
    "public.glossary": ANYBODY,
    "public.accessibility": ANYBODY,
    "public.privacy": ANYBODY,
    "public.contact": ANYBODY,
    "system.health": ANYBODY,
    "system.ready": ANYBODY,
    "system.mailbox": ANYBODY,
    "system.mail": ANYBODY,
    "auth.sign_up": ANYBODY_POSTS,
    "auth.sign_in": ANYBODY_POSTS,
    "auth.forgotten": ANYBODY_POSTS,
    "auth.link": ANYBODY_POSTS,
    "auth.sign_out": Access(policy.signed_in, "POST"),
    "auth.account": SIGNED_IN_POSTS,
    "auth.password": SIGNED_IN_POSTS,
    "applicant.home": SIGNED_IN,
    "applicant.new_operator": SIGNED_IN_POSTS,
    "applicant.operator": OPERATOR_POSTS,
    "applicant.new_site": OPERATOR_POSTS,
    "applicant.site": OPERATOR_POSTS,
    "applicant.practices": OPERATOR_POSTS,
    "applicant.start": OPERATOR_POSTS,
    "applicant.application": OPERATOR,
    "applicant.indicators": OPERATOR_POSTS,
    "applicant.indicator": OPERATOR_POSTS,
    "applicant.preview": Access(policy.of_operator, "POST"),
    "applicant.attach": Access(policy.of_operator, "POST"),
    "applicant.detach": Access(policy.of_operator, "POST"),
    "applicant.check": OPERATOR_POSTS,
    "applicant.withdraw": OPERATOR_POSTS,
    "applicant.surrender": Access(policy.holds_accreditation, "GET POST"),
    "applicant.evidence": Access(policy.reads_evidence),
    "applicant.notice": Access(policy.reads_notice),
    "office.home": OFFICE,
    "office.application": Access(policy.office_reads),
    "office.step": Access(policy.office_reads, "POST"),
    "office.assign": Access(policy.office_reads, "POST"),
    "office.review_step": Access(policy.office_reads_review, "POST"),
    "office.reconcile": Access(policy.office_reads, "POST"),
    "office.calls": OFFICE,
    "office.new_call": OFFICE_POSTS,
    "office.call": OFFICE_POSTS,
    "office.programmes": OFFICE,
    "office.new_programme": OFFICE_POSTS,
    "office.programme": OFFICE_POSTS,
    "office.incentive_step": Access(policy.is_office, "POST"),
    "reviewer.home": Access(policy.is_reviewer),
    "reviewer.review": Access(policy.own_review),
    "reviewer.declare": Access(policy.own_review, "POST"),
    "reviewer.indicator": Access(policy.opened_review, "GET POST"),
    "reviewer.hand_in": Access(policy.opened_review, "POST"),
    "reviewer.reconsider": Access(policy.opened_review, "GET POST"),
    "council.home": Access(policy.is_council),
    "council.application": Access(policy.council_reads),
    "council.decide": Access(policy.council_reads, "POST"),
    "council.accreditations": Access(policy.is_council),
    "council.accreditation": Access(policy.is_council),
    "council.accreditation_step": Access(policy.is_council, "POST"),
}

# Nobody needs to be known for these: no session is read and no database asked.
UNASKED = frozenset({"static", "system.health"})


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


def _by_key(kind: type[K], key: str) -> K | None:
    """Find a row by the key of its address, also as a reference is written: in capitals."""
    return db.session.scalar(select(kind).where(kind.key == key.lower()))


def _guard() -> ResponseReturnValue | None:
    mark_request(request.method)
    if request.endpoint is None or request.endpoint in UNASKED:
        return None  # for the first, Flask answers 404 or 405 itself
    access = ROUTES.get(request.endpoint)
    if access is None:
        abort(404)
    _limit_text()
    _refuse_nul()
    someone = current_person()
    if someone is None and access.rule is not policy.anybody:
        raise resend.SignInNeededError
    g.subject = _load(request.view_args or {})
    if not can(someone, access.rule, g.subject):
        abort(403 if g.subject is None else 404)
    _protect()
    return None


def _limit_text() -> None:
    """Let only the forms that carry files be sent as much as files are."""
    if request.endpoint not in TAKE_FILES or request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _refuse_nul() -> None:
    """Refuse the one character that no database stores, before any service meets it."""
    typed = (value for _name, value in request.values.items(multi=True))
    if "\x00" in request.path or any("\x00" in value for value in typed):
        abort(400)


def _protect() -> None:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
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
