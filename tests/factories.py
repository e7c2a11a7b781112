"""Test data as plain functions. A case in any state is made by taking the real steps."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Call,
    EntityType,
    Evidence,
    IncentiveKind,
    MemberRole,
    Membership,
    Office,
    Operator,
    Person,
    Programme,
    Review,
    Site,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import (
    applications,
    calls,
    evidence,
    lookalikes,
    operators,
    results,
    reviews,
    schemes,
)
from accreditation.services.accounts import people
from accreditation.services.steps import take_step
from workflows.application import ApplicationState

PASSWORD = "seven damp hats"  # as short as may be: its strength is estimated in most tests
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    b"0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n172\n%%EOF\n"
)
LARGEST = 1024 * 1024
S = ApplicationState
_serial = count(1)


def person(*offices: Office, name: str = "", language: str = "ja", email: str = "") -> Person:
    """Make an account, appointed to the given offices."""
    number = next(_serial)
    made = people.create(
        email or f"person{number}@example.jp",
        name or f"試験 {number}号",
        PASSWORD,
        language,
        demonstration=True,
    )
    for office in offices:
        people.appoint(made, office)
    return made


def clerk(office: Office) -> Person:
    """Give the one person of an office who does its part in all stories of a database."""
    return people.by_address(f"{office}@clerks.example.jp") or person(
        office, email=f"{office}@clerks.example.jp"
    )


def member(of: Operator, role: MemberRole) -> Person:
    """Make an account that is something to an operator."""
    made = person()
    of.memberships.append(Membership(person_id=made.id, role=role))
    db.session.flush()
    return made


def operator(owner: Person | None = None, **values: Any) -> Operator:
    """Make an operator with a person who acts for it."""
    number = next(_serial)
    given = {
        "name_ja": f"見本観光{number}株式会社",
        "name_en": f"Specimen Tourism {number}",
        "entity_type": EntityType.SOLE_PROPRIETOR,
        "address": "石川県金沢市見本町1-1",
    }
    return operators.register(owner or person(), {**given, **values})


def site(of: Operator | None = None, kind: str = "accommodation", **values: Any) -> Site:
    """Make a site."""
    of = of or operator()
    number = next(_serial)
    given = {
        "name_ja": f"見本の宿{number}",
        "name_en": f"Specimen Inn {number}",
        "address_ja": "金沢市見本町1-1",
        "address_en": "1-1 Mihon-machi, Kanazawa",
    }
    return operators.add_site(of, owner_of(of), kind, {**given, **values})


def owner_of(of: Operator) -> Person:
    """Give the first person who acts for an operator."""
    return of.memberships[0].person


def call(*programmes: Programme, days: int = 30, **values: Any) -> Call:
    """Make a call that opened yesterday; each has a title of its own."""
    version, number = schemes.current(), next(_serial)
    assert version is not None
    given = {
        "title_ja": f"令和8年度 募集{number}",
        "title_en": f"Call 2026 {number}",
        "fiscal_year": 2026,
        "opens_at": clock.now() - timedelta(days=1),
        "closes_at": clock.now() + timedelta(days=days),
    }
    return calls.open_call(clerk(Office.OFFICE), version, {**given, **values}, programmes)


def programme(amount_yen: int = 100_000, budget_yen: int = 1_000_000, **values: Any) -> Programme:
    """Make a programme that pays money."""
    given = {
        "name_ja": "見本奨励金",
        "name_en": "Specimen grant",
        "benefit_ja": "",
        "benefit_en": "",
        "kind": IncentiveKind.MONEY,
        "fiscal_year": 2026,
        "amount_yen": amount_yen,
        "budget_yen": budget_yen,
    }
    return calls.make_programme(clerk(Office.OFFICE), {**given, **values})


def file_of(of: Application, name: str = "証拠.pdf", content: bytes = PDF) -> Evidence:
    """Store a piece of evidence."""
    owner = owner_of(of.site.operator)
    stored = evidence.store(evidence.Upload(name, content), LARGEST)
    return evidence.accept(of, owner, stored)


def draft(
    in_call: Call | None = None, of: Site | None = None, indicators: tuple[int, ...] = (1, 2)
) -> Application:
    """Make an application that has no answers yet."""
    of = of or site()
    made = applications.start(in_call or call(), of, owner_of(of.operator))
    applications.choose_indicators(made, set(indicators))
    return made


def answer_all(application: Application, verdict: Verdict = Verdict.CARRIED_OUT) -> None:
    """Answer every asked item the same way."""
    for item in results.asked(application):
        applications.save_answer(application, item.id, verdict, f"取組の説明 {item.id}")


def application(state: ApplicationState, **given: Any) -> Application:
    """Make an application in a state, by the steps that lead there."""
    if state == S.DRAFT:
        return draft(**given)
    before, move = _MOVES[state]
    made = application(before, **given)
    move(made)
    return made


def submit(of: Application) -> None:
    """Answer everything and send it."""
    owner = owner_of(of.site.operator)
    answer_all(of)
    applications.accept_terms(of, owner)
    take_step(of, "submit", owner)


def office_step(name: str, note: str = "") -> Callable[[Application], None]:
    """Give a move of the office."""
    return lambda of: _taken(of, name, clerk(Office.OFFICE), note)


def _taken(of: Application, name: str, by: Person, note: str = "") -> None:
    take_step(of, name, by, note=note)


def accept(of: Application) -> None:
    """Let the office accept a case, after comparing it with those like it."""
    office = clerk(Office.OFFICE)
    if found := lookalikes.of(of):
        lookalikes.compare(of, office, [one.mark for one in found.alike], "見本の確認")
    take_step(of, "accept", office)


def _list(of: Application) -> None:
    handed_in_review(of)
    handed_in_review(of)
    take_step(of, "list", clerk(Office.OFFICE))


# State -> the state before it, and the move that leads from there.
_MOVES: dict[ApplicationState, tuple[ApplicationState, Callable[[Application], None]]] = {
    S.WITHDRAWN: (S.DRAFT, lambda of: _taken(of, "withdraw", owner_of(of.site.operator))),
    S.SUBMITTED: (S.DRAFT, submit),
    S.RETURNED: (S.SUBMITTED, office_step("return", "見本の理由")),
    S.DECLINED: (S.SUBMITTED, office_step("decline", "見本の理由")),
    S.IN_REVIEW: (S.SUBMITTED, accept),
    S.LISTED: (S.IN_REVIEW, _list),
    S.ACCREDITED: (S.LISTED, lambda of: decide(of, "accredit")),
    S.REFUSED: (S.LISTED, lambda of: decide(of, "refuse")),
}


def open_review(of: Application, reviewer: Person | None = None) -> Review:
    """Assign a reviewer who declares to have no conflict of interest."""
    reviewer = reviewer or person(Office.REVIEWER)
    made = reviews.assign(of, reviewer, clerk(Office.OFFICE))
    take_step(made, "declare_none", reviewer)
    return made


def handed_in_review(
    of: Application,
    reviewer: Person | None = None,
    *,
    verdict: Verdict = Verdict.CARRIED_OUT,
    otherwise: dict[str, Verdict] | None = None,
) -> Review:
    """Hand in a review that finds the same on every item, but for those named in `otherwise`."""
    made = open_review(of, reviewer)
    for item in results.asked(of):
        found = (otherwise or {}).get(item.id, verdict)
        reviews.find(made, reviews.Judgement(item.id, found, f"確認した {item.id}"))
    take_step(made, "hand_in", made.reviewer)
    return made


def decide(of: Application, step: str = "accredit", **details: Any) -> None:
    """Let somebody of the council decide."""
    note = "見本の理由" if step == "refuse" else ""
    take_step(of, step, clerk(Office.COUNCIL), note=note, details=details)


def accreditation(**given: Any) -> Accreditation:
    """Make an accreditation by taking an application all the way."""
    made = application(S.ACCREDITED, **given)
    return db.session.scalars(
        select(Accreditation).where(Accreditation.site_id == made.site_id)
    ).one()


def in_years(years: int) -> date:
    """Give a day some years from the tests' made-up now."""
    return clock.today().replace(year=clock.today().year + years)
