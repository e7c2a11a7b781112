"""Every route as every role: who gets in is written out here, and nobody else does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Certificate, Evidence, Incentive, MemberRole, Office, Review
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, evidence
from accreditation.services.steps import take_step
from accreditation.web.routes import ROUTES
from tests import factories
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages

EVERYBODY = frozenset(
    {
        "stranger",
        "owner",
        "rival",
        "office",
        "reviewer",
        "idle_reviewer",
        "council",
        "editor",
        "viewer",
        "administrator",
    }
)
SIGNED_IN = EVERYBODY - {"stranger"}
OFFICE, COUNCIL = frozenset({"office"}), frozenset({"council"})
OWNER, ADMINISTRATOR = frozenset({"owner"}), frozenset({"administrator"})
ACTING = OWNER | {"editor"}
MEMBERS = ACTING | {"viewer"}
REVIEWER = frozenset({"reviewer"})
REVIEWERS = frozenset({"reviewer", "idle_reviewer"})
LOGGED = {"event", "log_level", "why", "route", "method", "offices", "request"}
CANARY = "KANARIENVOGEL"


# Endpoint -> who gets in by which method, on a case that was decided and of which the operator is
# "owner"'s; a route that is not named twice lets the same people in by all its methods.
Allowed = dict[str, frozenset[str]]


def _each(prefix: str, names: str, allowed: frozenset[str]) -> Allowed:
    return {f"{prefix}.{name}": allowed for name in names.split()}


ALLOWED: Allowed = {
    "static": EVERYBODY,
    **_each("public", "home register entry check verify verify_json verify_pdf", EVERYBODY),
    **_each("public", "about glossary accessibility privacy contact", EVERYBODY),
    **_each("system", "health ready figures robots security mailbox mail", EVERYBODY),
    **_each("auth", "sign_up sign_in second sign_in_link forgotten link invitation", EVERYBODY),
    **_each("auth", "ask_passkey enter_by_passkey", EVERYBODY),
    **_each("auth", "organisation organisation_back", EVERYBODY),
    **_each("auth", "sign_out confirm account password security end_session", SIGNED_IN),
    **_each("auth", "end_other_sessions authenticator remove_authenticator", SIGNED_IN),
    **_each("auth", "recovery_codes ask_new_passkey add_passkey remove_passkey", SIGNED_IN),
    **_each("auth", "address close keep_open", SIGNED_IN),
    **_each("applicant", "home new_operator", SIGNED_IN),
    **_each("applicant", "operator site practices application indicators indicator", MEMBERS),
    **_each("applicant", "preview check people leave", MEMBERS),
    **_each("applicant", "new_site start attach detach withdraw surrender", ACTING),
    **_each("applicant", "change_role remove_member revoke_invitation", OWNER),
    "applicant.evidence": MEMBERS | OFFICE | REVIEWER | COUNCIL,
    "applicant.notice": MEMBERS | OFFICE,
    **_each("office", "home application step compare assign review_step reconcile", OFFICE),
    **_each("office", "calls new_call call programmes new_programme programme original", OFFICE),
    "office.incentive_step": OFFICE,
    "reviewer.home": REVIEWERS,
    **_each("reviewer", "review declare indicator hand_in reconsider", REVIEWER),
    **_each("council", "home application decide", COUNCIL),
    **_each("council", "accreditations accreditation accreditation_step", COUNCIL),
    **_each("administrator", "home person appoint dismiss close end_sessions", ADMINISTRATOR),
    **_each("administrator", "reset_factors invitations invite revoke", ADMINISTRATOR),
    **_each("administrator", "outbox try_outbox erasures", ADMINISTRATOR),
}
CLOSED_BY_SETTING = {"system.figures", "auth.organisation", "auth.organisation_back"}
# Where fewer people may send than read.
SENDS: Allowed = {
    **_each("applicant", "operator site practices indicators indicator check", ACTING),
    "applicant.people": OWNER,
}


@dataclass
class World:
    """A decided case, the people around it, and the words that fill every address."""

    app: Flask
    emails: dict[str, str]
    words: dict[str, Any]


@pytest.fixture(scope="module")
def world(shared_app: Flask) -> World:
    """Make the case and one person for each role; nothing that is asked here changes anything."""
    app = shared_app
    with clock.at(MADE_UP_NOW), app.app_context(), writing():
        file, review = _decided_case()
        certificate = db.session.scalars(db.select(Certificate)).one()
        incentive = db.session.scalars(db.select(Incentive)).one()
        case = certificate.application
        people = {
            "owner": factories.owner_of(case.site.operator),
            "rival": factories.owner_of(factories.operator()),
            "office": factories.person(Office.OFFICE),
            "reviewer": review.reviewer,
            "idle_reviewer": factories.person(Office.REVIEWER),
            "council": factories.person(Office.COUNCIL),
            "editor": factories.member(case.site.operator, MemberRole.EDITOR),
            "viewer": factories.member(case.site.operator, MemberRole.VIEWER),
            "administrator": factories.person(Office.ADMINISTRATOR),
        }
        words = {
            "operator": case.site.operator.key,
            "site": case.site.key,
            "application": case.key,
            "evidence": file.key,
            "review": review.key,
            "call": case.call.key,
            "programme": incentive.programme.key,
            "incentive": incentive.key,
            "accreditation": certificate.accreditation.number,
            "number": certificate.accreditation.number,
            "name": "accept",
            "item": "1-2",
            "token": "a" * 43,
            "mail_id": 1,
            "filename": "css/base.css",
            "account": people["rival"].key,
            "key": "x" * 10,
            "session_id": 0,
            "passkey_id": 0,
        }
        emails = {role: someone.email for role, someone in people.items()}
        db.session.commit()
    with clock.at(MADE_UP_NOW):
        app.extensions["jobs"].sweep()
    return World(app, emails, words)


def _decided_case() -> tuple[Evidence, Review]:
    case = factories.draft(factories.call(factories.programme()))
    owner, office = factories.owner_of(case.site.operator), factories.person(Office.OFFICE)
    factories.answer_all(case)
    file = factories.file_of(case, f"{CANARY}.pdf")
    evidence.attach(case, "1-2", file)
    applications.accept_terms(case, owner)
    take_step(case, "submit", owner)
    take_step(case, "accept", office)
    review = factories.handed_in_review(case)
    factories.handed_in_review(case, otherwise={"1-2": Verdict.NOT_CARRIED_OUT})
    take_step(case, "list", office)
    factories.decide(case)
    return file, review


def _path(world: World, endpoint: str) -> str:
    rule = next(world.app.url_map.iter_rules(endpoint))
    given = {name: world.words[name] for name in rule.arguments}
    if "<int:number>" in rule.rule:
        given["number"] = 1
    with world.app.test_request_context():
        return url_for(endpoint, **given)


def _client(world: World, role: str) -> FlaskClient:
    return Pages(world.app, world.emails.get(role)).client


def test_every_route_has_its_rule(shared_app: Flask) -> None:
    """A route without a rule, or a rule without a route, fails here."""
    endpoints = {rule.endpoint for rule in shared_app.url_map.iter_rules()}
    assert endpoints == set(ROUTES)
    assert endpoints == set(ALLOWED)


def test_the_methods_of_a_route_are_those_of_its_rule(shared_app: Flask) -> None:
    """A route answers to the methods that its rule names, and to no others."""
    for rule in shared_app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods == ROUTES[rule.endpoint].methods, rule.endpoint


def test_an_address_takes_the_reference_as_it_is_written(world: World) -> None:
    """The key in small letters is the address; the reference in capitals leads there too."""
    reference = world.words["application"].upper()
    for role, path in (("owner", "my"), ("office", "office"), ("council", "council")):
        answer = _client(world, role).get(f"/{path}/applications/{reference}")
        assert answer.status_code == 200
        assert reference in answer.text, "every page writes it in one shape"
        assert f">{reference.lower()}<" not in answer.text


def test_a_route_without_a_rule_opens_to_nobody(app: Flask) -> None:
    """Default deny: a forgotten rule closes the page."""
    people = (Pages(app), Pages.of(app, Office.OFFICE), Pages.of(app, Office.COUNCIL))
    clients = [one.client for one in people]
    app._got_first_request = False  # noqa: SLF001 - a route added late, as a forgetful colleague's
    app.add_url_rule("/forgotten", "forgotten", lambda: CANARY)
    for client in clients:
        answer = client.get("/forgotten")
        assert answer.status_code == 404
        assert CANARY not in answer.text


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_who_gets_in(world: World, role: str) -> None:
    """Walk every route by every method; a refused one shows nothing of the case and is logged."""
    with capture_logs() as logged:
        wrong = _walked(world, role, logged)
    assert not wrong
    told = [one for one in logged if one["event"] == "refused"]
    assert {name for one in told for name in one} == LOGGED
    assert not any(email in str(told) for email in world.emails.values())


def _walked(world: World, role: str, logged: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Walk as somebody; gives what is not as it is written out."""
    wrong: list[tuple[Any, ...]] = []
    client = _client(world, role)
    for endpoint, allowed in ALLOWED.items():
        if (role, endpoint) == ("reviewer", "reviewer.reconsider"):
            continue  # after the decision there is nothing left to reconsider
        path = _path(world, endpoint)
        for method in sorted(ROUTES[endpoint].methods):
            who = SENDS.get(endpoint, allowed) if method == "POST" else allowed
            before = len(logged)
            answer = client.open(path, method=method)
            content = answer.get_data()
            answer.close()
            let_in = _got_in(endpoint, answer.status_code, answer.headers.get("Location", ""))
            if let_in != (role in who):
                wrong.append((endpoint, method, answer.status_code))
            if not let_in and CANARY.encode() in content:
                wrong.append((f"{endpoint} shows the case", method, answer.status_code))
            if answer.status_code >= 500:
                wrong.append((endpoint, method, answer.status_code))
            if not let_in and "refused" not in {one["event"] for one in logged[before:]}:
                wrong.append((f"{endpoint} is not logged", method, answer.status_code))
    return wrong


@pytest.mark.parametrize("role", ["stranger", "owner", "office", "reviewer", "council"])
def test_asking_for_the_head_of_a_page_is_asking_for_the_page(world: World, role: str) -> None:
    """HEAD answers as GET does, and takes no view for a form that was sent."""
    client, wrong = _client(world, role), []
    for endpoint in (name for name, access in ROUTES.items() if "GET" in access.methods):
        path = _path(world, endpoint)
        with client.get(path) as asked, client.head(path) as head:
            if (head.status_code, head.location) != (asked.status_code, asked.location):
                wrong.append((endpoint, asked.status_code, head.status_code))
    assert not wrong


def _got_in(endpoint: str, status: int, location: str) -> bool:
    """Whether the guard let somebody in: a form without its token is refused only behind it."""
    led_away = status in {301, 302, 303} and "/sign-in" in location
    if led_away and endpoint != "auth.second":  # which leads on itself who has nothing to give
        return False
    if endpoint in CLOSED_BY_SETTING:  # then everybody is told the same
        return True
    return status not in {401, 403, 404}
