"""Whoever took part in a case does not decide on it by any door: page, JSON or command line."""

import click
import pytest
from flask import Flask

from accreditation.cli import accreditation
from accreditation.extensions import db, writing
from accreditation.models import Application, MemberRole, Office, Person
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, members, reviews
from accreditation.services.accounts import people
from accreditation.services.steps import take_step
from accreditation.web import routes
from tests import factories
from tests.console import run
from tests.pages import Pages
from workflows.application import ApplicationState as S

PARTS = ("owner", "sent_and_left", "reviewed", "settled")
NO = Verdict.NOT_CARRIED_OUT


@pytest.fixture(scope="module")
def doors(shared_app: Flask) -> tuple[str, dict[str, str]]:
    """A case on the council's list, and the address of somebody for each part in it."""
    with shared_app.app_context(), writing():
        case = factories.draft()
        operator, office = case.site.operator, factories.person(Office.OFFICE)
        people_of = {
            "owner": factories.owner_of(operator),
            "sent_and_left": factories.member(operator, MemberRole.OWNER),
            "reviewed": factories.person(),
            "settled": factories.person(Office.OFFICE),
        }
        sender = people_of["sent_and_left"]
        factories.answer_all(case)
        applications.accept_terms(case, sender)
        take_step(case, "submit", sender)
        members.remove(operator, sender.key, sender)
        take_step(case, "accept", office)
        people.appoint(people_of["reviewed"], Office.REVIEWER)
        factories.handed_in_review(case, people_of["reviewed"])
        factories.handed_in_review(case, otherwise={"2-1": NO})
        reviews.reconcile(case, reviews.Judgement("2-1", NO, "見本の理由"), people_of["settled"])
        take_step(case, "list", office)
        for person in people_of.values():
            for one in Office:
                people.appoint(person, one)
        db.session.commit()
        return case.key, {part: person.email for part, person in people_of.items()}


@pytest.mark.parametrize("part", PARTS)
def test_no_page_lets_them_decide(
    shared_app: Flask, doors: tuple[str, dict[str, str]], part: str
) -> None:
    key, emails = doors
    pages, given = Pages(shared_app, emails[part]), {"indicators": ["1", "2"], "conditions": ""}
    with shared_app.app_context():
        version = str(state_of(key).version)
    token = pages.token("/account")
    tried = {"csrf_token": token, "version": version, "reasons": "見本の理由", **given}
    for step in ("accredit", "accredit_with_conditions", "refuse"):
        conditions = "見本" if step == "accredit_with_conditions" else ""
        sent = tried | {"step": step, "conditions": conditions}
        answer = pages.client.post(f"/council/applications/{key}/decision", data=sent)
        assert answer.status_code in {404, 409}, (step, answer.status_code)
    with shared_app.app_context():
        assert state_of(key).state == S.LISTED


def test_somebody_who_took_no_part_gets_through_to_it(
    shared_app: Flask, doors: tuple[str, dict[str, str]]
) -> None:
    """The probe above is worth nothing unless the same form decides in other hands."""
    key, _ = doors
    pages = Pages.of(shared_app, *Office)
    with shared_app.app_context():
        version = str(state_of(key).version)
    given = {"step": "refuse", "reasons": "見本の理由", "version": version}
    pages.post(f"/council/applications/{key}/decision", given, page="/account")
    with shared_app.app_context():
        assert state_of(key).state == S.REFUSED


def state_of(key: str) -> Application:
    found: Application = db.session.scalars(db.select(Application).filter_by(key=key)).one()
    return found


def test_no_address_of_the_json_takes_anything(shared_app: Flask) -> None:
    with shared_app.app_context():
        sends = [one.rule for one in routes.listed(shared_app) if one.method == "POST"]
    assert sends
    assert [rule for rule in sends if "json" in rule or "/api" in rule] == []


def test_no_command_takes_a_step_of_a_case(app: Flask) -> None:
    """The command line appoints people and stops the issue; it decides, reviews and grants nothing.

    Whom it appoints has to pass the same guards on the page.
    """
    assert isinstance(accreditation, click.Group)
    found = {name for group in accreditation.commands.values() for name in names_of(group)}
    words = {word for name in found for word in name.split()}
    steps = {"accredit", "refuse", "accept", "decide", "hand_in", "fund", "grant", "list-case"}
    assert words & steps == set()
    with app.app_context(), writing():
        case = factories.application(S.LISTED)
        owner = factories.owner_of(case.site.operator)
        key, email = case.key, owner.email
        db.session.commit()
    assert run(app, "people", "appoint", email, "council").exit_code == 0
    with app.app_context():
        found_owner = db.session.scalars(db.select(Person).where(Person.email == email)).one()
        assert Office.COUNCIL in found_owner.offices
    Pages(app, email).get(f"/council/applications/{key}", 404)


def names_of(command: click.Command, before: str = "") -> list[str]:
    name = f"{before} {command.name}".strip()
    if isinstance(command, click.Group):
        return [one for part in command.commands.values() for one in names_of(part, name)]
    return [name]
