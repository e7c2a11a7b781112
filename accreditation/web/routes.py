"""The policy: every route, who may read it and who may send to it. One without opens to nobody."""

from dataclasses import asdict, dataclass
from inspect import getdoc

from flask import Flask

from accreditation.services import policy
from accreditation.services.policy import Rule

TAKE_FILES = {"applicant.indicator", "applicant.attach", "applicant.detach"}

# Nobody needs to be known for these: no session is read and no database asked.
UNASKED = frozenset(
    {"static", "system.health", "system.figures", "system.robots", "system.security"}
)

METHODS = ("GET", "POST")  # HEAD and OPTIONS are asked as GET is


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
    "system.robots": ANYBODY,
    "system.security": ANYBODY,
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
    "auth.organisation": ANYBODY,
    "auth.organisation_back": ANYBODY,
    "auth.sign_out": Access(write=policy.signed_in),
    "auth.confirm": Access(write=policy.signed_in),
    "auth.account": SIGNED_IN_POSTS,
    "auth.password": SIGNED_IN_POSTS,
    "auth.security": SIGNED_IN,
    "auth.end_session": Access(write=policy.signed_in, grave=True),
    "auth.end_other_sessions": Access(write=policy.signed_in, grave=True),
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
    "office.original": Access(policy.office_reads_evidence, policy.office_reads_evidence),
    "office.compare": Access(write=policy.office_reads),
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
    "administrator.outbox": ADMINISTRATOR,
    "administrator.erasures": ADMINISTRATOR,
    "administrator.try_outbox": Access(write=policy.is_administrator),
}


@dataclass(frozen=True)
class Route:
    """One address and method. `roles` is the rule's name, `who` its meaning in a sentence.

    `grave` says that a proof of who acts is asked for that is not older than 15 minutes.
    """

    rule: str
    method: str
    endpoint: str
    roles: str
    who: str
    grave: bool


def listed(app: Flask) -> list[Route]:
    """List every address by every method to which it answers, in the order of the addresses."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        access = ROUTES[rule.endpoint]
        for method in (one for one in METHODS if one in (rule.methods or ())):
            asked = access.rule(method)
            who = (getdoc(asked) or "").partition("\n")[0]
            grave = access.grave and method == "POST"
            found.append(Route(rule.rule, method, rule.endpoint, asked.__name__, who, grave))
    return found


def as_rows(app: Flask) -> list[dict[str, object]]:
    """Give the list as plain data, for JSON."""
    return [asdict(route) for route in listed(app)]
