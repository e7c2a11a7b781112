"""Whom a leak may concern: found by table, period and actor; what is not known is said."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import MemberRole, Office, Person
from accreditation.services.accounts import closing, entering, sessions
from accreditation.services.privacy import breach
from accreditation.services.privacy.map import TABLES
from tests import factories
from tests.console import run
from tests.models import world
from workflows.application import ApplicationState

HOUR = timedelta(hours=1)


def emails(table: str, until: datetime | None = None, actor: Person | None = None) -> set[str]:
    last = until or clock.now() + HOUR
    found = breach.affected(table, clock.now() - HOUR, last, actor)
    return {one.email for one in found.people}


@pytest.mark.usefixtures("context")
def test_the_people_of_a_table_are_found_and_no_others() -> None:
    owner, stranger = factories.person(), factories.person()
    operator = factories.operator(owner)
    colleague = factories.member(operator, MemberRole.VIEWER)
    case = factories.draft(of=factories.site(operator))
    factories.file_of(case)
    theirs = {owner.email, colleague.email}
    for table in ("operators", "sites", "applications", "evidence"):
        assert emails(table) == theirs, table
    sessions.begin(stranger)
    assert emails("sign_ins") == {stranger.email}
    assert emails("people") >= theirs | {stranger.email}


@pytest.mark.usefixtures("context")
def test_what_came_after_the_period_does_not_count() -> None:
    early = factories.person()
    sessions.begin(early)
    with clock.at(clock.now() + 2 * HOUR):
        sessions.begin(factories.person())
        until = clock.now() - HOUR
    assert emails("sign_ins", until) == {early.email}


@pytest.mark.usefixtures("context")
def test_a_reviewer_could_read_their_own_cases_only_and_the_office_all() -> None:
    mine, other = (factories.application(ApplicationState.IN_REVIEW) for _ in range(2))
    reviewer, office = factories.person(Office.REVIEWER), factories.person(Office.OFFICE)
    factories.open_review(mine, reviewer)
    owners = [factories.owner_of(one.site.operator).email for one in (mine, other)]
    assert owners[0] in emails("submissions", actor=reviewer)
    assert owners[1] not in emails("submissions", actor=reviewer)
    assert set(owners) <= emails("submissions", actor=office)


@pytest.mark.usefixtures("context")
def test_what_hangs_on_a_case_leads_to_its_operator() -> None:
    cases = [factories.application(ApplicationState.IN_REVIEW) for _ in range(3)]
    owners = [factories.owner_of(one.site.operator).email for one in cases]
    reviewers = [factories.person(Office.REVIEWER) for _ in cases]
    for case, reviewer in zip(cases[:2], reviewers, strict=False):
        factories.handed_in_review(case, reviewer)
    both = {*owners[:2], *(one.email for one in reviewers[:2])}
    assert emails("findings") == emails("reviews") == both
    assert emails("findings", actor=reviewers[1]) == {owners[1], reviewers[1].email}
    seen = emails("history_details", actor=reviewers[0])
    assert owners[0] in seen
    assert not {owners[1], owners[2]} & seen
    factories.accreditation()
    certified = emails("documents")
    assert len(certified) == 1
    assert not certified & set(owners)


@pytest.mark.usefixtures("context")
def test_addresses_without_an_account_are_named_and_what_was_erased_is_said() -> None:
    entering.ask_to_sign_up("nobody@example.jp", "ja")
    found = breach.affected("mails", clock.now() - HOUR, clock.now() + HOUR)
    assert found.addresses == ["nobody@example.jp"]
    assert not any("erasures" in one for one in found.unknown)
    closing.forget(factories.person())
    later = breach.affected("mails", clock.now() - HOUR, clock.now() + HOUR)
    assert any("1 erasures" in one for one in later.unknown)


def test_every_table_of_the_map_answers(app: Flask) -> None:
    with app.app_context(), writing():
        world.fill()
        actor = factories.person(Office.REVIEWER)
        for table in (name for name, held in TABLES.items() if held.personal):
            breach.affected(table, clock.now() - HOUR, clock.now() + HOUR)
            breach.affected(table, clock.now() - HOUR, clock.now() + HOUR, actor)
        assert {"submissions", "decisions"} == {
            one for one in ("submissions", "decisions") if emails(one)
        }


def test_the_command(app: Flask) -> None:
    with app.app_context(), writing():
        factories.person(name="漏洩 花子")
        db.session.commit()
        email = db.session.scalars(select(Person.email)).one()
    done = run(app, "breach", "people", "2026-11-01", "2026-11-30")
    assert (done.exit_code, done.stdout) == (0, f"{email}\t漏洩 花子\n")
    assert "Not known: " in done.stderr
    assert run(app, "breach", "people", "2026-10-01", "2026-10-30").stdout == ""
    wrong = run(app, "breach", "calls", "2026-11-01", "2026-11-30")
    assert wrong.exit_code == 1
    assert "tables with personal data: accreditations, answers" in wrong.stderr
