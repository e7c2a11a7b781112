"""The guard: every route has its rule here; a route without one opens to nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

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
from accreditation.services.policy import Rule, can
from accreditation.web import resend
from accreditation.web.visitor import current_person, current_sign_in, half_sign_in

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

TAKE_FILES = {"applicant.indicator", "applicant.attach", "applicant.detach"}


@dataclass(frozen=True)
class Access:
    """Who may read a route (GET) and who may send to it (POST); without a rule, nobody.

    The rules are asked about the thing that the address names first. `grave` acts need a proof
    of who sends them that is not older than `sessions.FRESH`.
    """

    read: Rule | None = None
    write: Rule | None = None
    grave: bool = False

    @property
    def methods(self) -> frozenset[str]:
        """The methods to which the route answers."""
        given = (("GET", self.read), ("POST", self.write))
        return frozenset(method for method, rule in given if rule is not None)

    def rule(self, method: str) -> Rule:
        """Give the rule for a method; HEAD and OPTIONS are asked as GET is."""
        found = self.write if method == "POST" else self.read
        return found or policy.nobody


ANYBODY = Access(policy.anybody)
ANYBODY_POSTS = Access(policy.anybody, policy.anybody)
SIGNED_IN = Access(policy.signed_in)
SIGNED_IN_POSTS = Access(policy.signed_in, policy.signed_in)
SIGNED_IN_GRAVE = Access(policy.signed_in, policy.signed_in, grave=True)
OPERATOR = Access(policy.of_operator)
OPERATOR_POSTS = Access(policy.of_operator, policy.acts_for_operator)
OPERATOR_ACTS = Access(policy.acts_for_operator, policy.acts_for_operator)
OWNER_GRAVE = Access(write=policy.owns_operator, grave=True)
OFFICE = Access(policy.is_office)
OFFICE_POSTS = Access(policy.is_office, policy.is_office)
ADMINISTRATOR = Access(policy.is_administrator)
ADMINISTRATOR_GRAVE = Access(write=policy.is_administrator, grave=True)

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
    "system.figures": ANYBODY,
    "system.mailbox": ANYBODY,
    "system.mail": ANYBODY,
    "auth.sign_up": ANYBODY_POSTS,
    "auth.sign_in": ANYBODY_POSTS,
    "auth.second": ANYBODY_POSTS,
    "auth.sign_in_link": ANYBODY_POSTS,
    "auth.forgotten": ANYBODY_POSTS,
    "auth.link": ANYBODY_POSTS,
    "auth.invitation": ANYBODY_POSTS,
    "auth.ask_passkey": Access(write=policy.anybody),
    "auth.enter_by_passkey": Access(write=policy.anybody),
    "auth.sign_out": Access(write=policy.signed_in),
    "auth.confirm": Access(write=policy.signed_in),
    "auth.account": SIGNED_IN_POSTS,
    "auth.password": SIGNED_IN_POSTS,
    "auth.security": SIGNED_IN,
    "auth.end_session": Access(write=policy.signed_in),
    "auth.end_other_sessions": Access(write=policy.signed_in),
    "auth.authenticator": SIGNED_IN_GRAVE,
    "auth.remove_authenticator": SIGNED_IN_GRAVE,
    "auth.recovery_codes": SIGNED_IN_GRAVE,
    "auth.ask_new_passkey": Access(write=policy.signed_in),
    "auth.add_passkey": SIGNED_IN_GRAVE,
    "auth.remove_passkey": Access(write=policy.signed_in, grave=True),
    "auth.address": SIGNED_IN_GRAVE,
    "auth.close": SIGNED_IN_GRAVE,
    "auth.keep_open": Access(write=policy.signed_in),
    "applicant.home": SIGNED_IN,
    "applicant.new_operator": SIGNED_IN_POSTS,
    "applicant.operator": OPERATOR_POSTS,
    "applicant.people": Access(policy.of_operator, policy.owns_operator, grave=True),
    "applicant.change_role": OWNER_GRAVE,
    "applicant.remove_member": OWNER_GRAVE,
    "applicant.revoke_invitation": OWNER_GRAVE,
    "applicant.leave": Access(write=policy.of_operator),
    "applicant.new_site": OPERATOR_ACTS,
    "applicant.site": OPERATOR_POSTS,
    "applicant.practices": OPERATOR_POSTS,
    "applicant.start": OPERATOR_ACTS,
    "applicant.application": OPERATOR,
    "applicant.indicators": OPERATOR_POSTS,
    "applicant.indicator": OPERATOR_POSTS,
    "applicant.preview": Access(write=policy.of_operator),
    "applicant.attach": Access(write=policy.acts_for_operator),
    "applicant.detach": Access(write=policy.acts_for_operator),
    "applicant.check": OPERATOR_POSTS,
    "applicant.withdraw": OPERATOR_ACTS,
    "applicant.surrender": Access(policy.holds_accreditation, policy.holds_accreditation),
    "applicant.evidence": Access(policy.reads_evidence),
    "applicant.notice": Access(policy.reads_notice),
    "office.home": OFFICE,
    "office.application": Access(policy.office_reads),
    "office.step": Access(write=policy.office_reads),
    "office.assign": Access(write=policy.office_reads),
    "office.review_step": Access(write=policy.office_reads_review),
    "office.reconcile": Access(write=policy.office_reads),
    "office.calls": OFFICE,
    "office.new_call": OFFICE_POSTS,
    "office.call": OFFICE_POSTS,
    "office.programmes": OFFICE,
    "office.new_programme": Access(policy.is_office, policy.is_office, grave=True),
    "office.programme": Access(policy.is_office, policy.is_office, grave=True),
    "office.incentive_step": Access(write=policy.is_office, grave=True),
    "reviewer.home": Access(policy.is_reviewer),
    "reviewer.review": Access(policy.own_review),
    "reviewer.declare": Access(write=policy.own_review),
    "reviewer.indicator": Access(policy.opened_review, policy.opened_review),
    "reviewer.hand_in": Access(write=policy.opened_review),
    "reviewer.reconsider": Access(policy.opened_review, policy.opened_review),
    "council.home": Access(policy.is_council),
    "council.application": Access(policy.council_reads),
    "council.decide": Access(write=policy.council_reads, grave=True),
    "council.accreditations": Access(policy.is_council),
    "council.accreditation": Access(policy.is_council),
    "council.accreditation_step": Access(write=policy.is_council, grave=True),
    "administrator.home": ADMINISTRATOR,
    "administrator.person": ADMINISTRATOR,
    "administrator.appoint": ADMINISTRATOR_GRAVE,
    "administrator.dismiss": ADMINISTRATOR_GRAVE,
    "administrator.close": ADMINISTRATOR_GRAVE,
    "administrator.end_sessions": ADMINISTRATOR_GRAVE,
    "administrator.reset_factors": ADMINISTRATOR_GRAVE,
    "administrator.invitations": ADMINISTRATOR,
    "administrator.invite": Access(policy.is_administrator, policy.is_administrator, grave=True),
    "administrator.revoke": ADMINISTRATOR_GRAVE,
}

# Nobody needs to be known for these: no session is read and no database asked.
UNASKED = frozenset({"static", "system.health", "system.figures"})


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
    if request.endpoint is None or request.endpoint in UNASKED:
        return None  # for the first, Flask answers 404 or 405 itself
    access = ROUTES.get(request.endpoint)
    if access is None:
        abort(404)
    _limit_text()
    _refuse_nul()
    rule = access.rule(request.method)
    if rule is not policy.anybody:
        _require_sign_in()
    g.subject = _load(request.view_args or {})
    if not can(current_person(), rule, g.subject):
        abort(403 if g.subject is None else 404)
    _protect()
    if access.grave and request.method == "POST":
        _require_proof()
    return None


def _require_sign_in() -> None:
    """Let only whole sessions through, and those strong enough for their person's offices."""
    if half_sign_in() is not None:
        raise resend.SecondFactorNeededError
    found = current_sign_in()
    if found is None:
        raise resend.SignInNeededError
    if sessions.is_too_weak(found) and request.blueprint != "auth":
        raise resend.FactorToSetUpError


def _require_proof() -> None:
    found = current_sign_in()
    if found is None or not sessions.is_fresh(found):
        raise resend.ProofNeededError


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
    app.add_template_global(read_only, "read_only")
