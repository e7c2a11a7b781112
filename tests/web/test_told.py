"""Every route that changes something writes it into the history, or stands here with its reason."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import func, select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Application,
    Call,
    HistoryEntry,
    Incentive,
    MemberRole,
    Office,
    Operator,
    Person,
    Programme,
    Review,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import results, reviews
from tests import factories
from tests.fields import untouched
from tests.pages import Pages
from tests.web.applicant.test_profile import OPERATOR, SITE
from tests.web.auth.staff import equipped, last_mail, link_in
from tests.web.office.test_programmes import GOOD as PROGRAMME
from workflows.application import ApplicationState as S

NEW = "a kettle sings before the snow"
DRAFT = "a draft: what was sent is frozen with its hash, and that is written down"
ASKING = "nothing is changed but the mail that is asked for; using its link is written down"
OWN_SESSION = "its row says when a session of one's own began and ended"
EXEMPT = {
    "applicant.attach": DRAFT,
    "applicant.detach": DRAFT,
    "applicant.indicator": DRAFT,
    "applicant.indicators": DRAFT,
    "applicant.preview": "nothing is changed: it answers what the rule would say",
    "auth.account": "one's own name and language; what was decided under a name keeps it",
    "auth.add_passkey": "written down: tests/services/accounts/test_passkeys.py",
    "auth.address": ASKING,
    "auth.ask_new_passkey": "only a question is put to a device",
    "auth.ask_passkey": "only a question is put to a device",
    "auth.confirm": OWN_SESSION,
    "auth.end_other_sessions": OWN_SESSION,
    "auth.end_session": OWN_SESSION,
    "auth.enter_by_passkey": OWN_SESSION,
    "auth.forgotten": ASKING,
    "auth.remove_passkey": "written down: tests/services/accounts/test_passkeys.py",
    "auth.second": OWN_SESSION,
    "auth.sign_in": OWN_SESSION,
    "auth.sign_in_link": ASKING,
    "auth.sign_out": OWN_SESSION,
    "auth.sign_up": ASKING,
    "office.original": "written down: tests/web/office/test_originals.py",
    "reviewer.indicator": "a draft: findings count once they are handed in, which is written down",
}
# Who walks -> the endpoints at which they write something.
WALKED = {
    "applicant": "new_operator operator new_site site practices start check withdraw surrender"
    " people revoke_invitation change_role remove_member leave",
    "office": "step assign review_step reconcile new_call call new_programme programme"
    " incentive_step compare",
    "reviewer": "declare hand_in reconsider",
    "council": "decide accreditation_step",
    "administrator": "appoint dismiss close end_sessions reset_factors invite revoke try_outbox",
    "auth": "authenticator remove_authenticator recovery_codes password close keep_open link"
    " invitation",
}
CALL = {
    "title_ja": "令和9年度 募集",
    "title_en": "Call 2027",
    "fiscal_year": "2026",
    "opens_on": "2026/11/01",
    "closes_on": "2026/11/30",
}
REASON = {"note": "見本の理由"}


class Walk:
    """Posts as people do, and asks of every post that the history grew."""

    def __init__(self, app: Flask) -> None:
        """Begin where nothing was posted yet."""
        self.app = app
        self.posted: set[str] = set()

    def post(self, pages: Pages, path: str, page: str = "", **values: Any) -> str:
        """Send a form with what its page filled in, changed by what is given."""
        before = self._entries()
        given = untouched(pages.get(page or path), path) | values
        html = pages.post(path, given, page=page or path)
        endpoint, _ = self.app.url_map.bind("").match(path, method="POST")
        assert self._entries() > before, f"{endpoint} wrote nothing down"
        self.posted.add(endpoint.partition(".")[2])
        return html

    def made(self, make: Callable[[], Any]) -> Any:
        """Let something happen before the walk."""
        with self.app.app_context(), writing():
            found = make()
            db.session.commit()
        return found

    def read(self, chosen: Any) -> Any:
        """Read one value."""
        with self.app.app_context():
            return db.session.scalars(chosen).first()

    def _entries(self) -> int:
        return int(self.read(select(func.count()).select_from(HistoryEntry)))


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(app)


def test_every_route_that_changes_something_is_walked_or_exempt(app: Flask) -> None:
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    walked = {f"{room}.{one}" for room, names in WALKED.items() for one in names.split()}
    assert posts == walked | set(EXEMPT)
    assert not walked & set(EXEMPT)


def check(walk: Walk, room: str) -> None:
    assert walk.posted == set(WALKED[room].split())


def test_what_operators_do(app: Flask, walk: Walk) -> None:
    pages = Pages.of(app)
    call = walk.made(lambda: factories.call().key)
    walk.post(pages, "/my/operators/new", **OPERATOR)
    operator = f"/my/operators/{walk.read(select(Operator.key))}"
    walk.post(pages, operator, name_en="Specimen")
    html = walk.post(pages, f"{operator}/sites/new", **SITE)
    site = re.findall(r"/my/sites/[a-z0-9]+", html)[0]
    walk.post(pages, site, name_en="Inn")
    walk.post(pages, f"{site}/apply", call=call)
    key = walk.read(select(Application.key))
    walk.made(lambda: factories.answer_all(db.session.scalars(select(Application)).one()))
    walk.post(pages, f"/my/applications/{key}/check", accepted="y")
    walk.post(pages, f"/my/applications/{key}/withdraw")
    people_of(walk, pages, operator)
    site = walk.made(lambda: held(operator.rpartition("/")[2]))
    told = {"practice-1-japanese": "節電", "practice-1-english": "Saving power"}
    walk.post(pages, f"/my/sites/{site}/practices", **told)
    number = walk.read(select(Accreditation.number))
    walk.post(pages, f"/my/accreditations/{number}/give-up")
    check(walk, "applicant")


def held(operator: str) -> str:
    owned = db.session.scalars(select(Operator).where(Operator.key == operator)).one()
    return factories.application(S.ACCREDITED, of=factories.site(owned)).site.key


def people_of(walk: Walk, pages: Pages, operator: str) -> None:
    """Invite, take back, change and remove those who act for an operator."""
    people = f"{operator}/people"
    html = walk.post(pages, people, email="friend@example.jp", role="viewer")
    revoke = re.findall(rf"{operator}/invitations/[a-z0-9]+/revoke", html)[0]
    walk.post(pages, revoke, people)
    key = operator.rpartition("/")[2]

    def join() -> list[tuple[str, str]]:
        owned = db.session.scalars(select(Operator).where(Operator.key == key)).one()
        pair = [factories.member(owned, MemberRole.EDITOR) for _ in range(2)]
        return [(one.key, one.email) for one in pair]

    (first, _), (_, second) = walk.made(join)
    walk.post(pages, f"{people}/{first}/role", people, role="viewer")
    walk.post(pages, f"{people}/{first}/remove", people)
    walk.post(Pages(walk.app, second), f"{operator}/leave", people)


def differing() -> Application:
    """Make a case in review whose two reviewers differ on one item."""
    case = factories.application(S.IN_REVIEW, indicators=(1, 2, 3))
    factories.handed_in_review(case)
    otherwise = {"3-1": Verdict.NOT_CARRIED_OUT}
    factories.handed_in_review(case, person_in_english(), otherwise=otherwise)
    return case


def person_in_english() -> Person:
    return factories.person(Office.REVIEWER, language="en")


def alike() -> str:
    """Make a case whose site has a name that looks like an accredited one's; gives its key."""
    for name, state in ("ホテルロビー", S.ACCREDITED), ("ホテル口ビー", S.SUBMITTED):
        case = factories.application(state, of=factories.site(name_ja=name))
    return case.key


def granted() -> str:
    """Make an incentive; gives its page and the step that cancels it."""
    call = factories.call(factories.programme())
    factories.application(S.ACCREDITED, in_call=call)
    incentive = db.session.scalars(select(Incentive)).one()
    page = f"/office/programmes/{incentive.programme.key}?incentive={incentive.key}"
    return f"{page} /office/incentives/{incentive.key}/steps/cancel"


def test_what_the_office_does(app: Flask, walk: Walk) -> None:
    pages = Pages.of(app, Office.OFFICE)
    walk.post(pages, "/office/calls/new", **CALL)
    walk.post(pages, f"/office/calls/{walk.read(select(Call.key))}", title_en="Another")
    walk.post(pages, "/office/programmes/new", **PROGRAMME)
    programme = walk.read(select(Programme.key))
    walk.post(pages, f"/office/programmes/{programme}", name_en="Another")
    case = f"/office/applications/{walk.made(lambda: factories.application(S.SUBMITTED).key)}"
    walk.post(pages, f"{case}/steps/accept", case)
    reviewer = walk.made(lambda: factories.person(Office.REVIEWER).key)
    walk.post(pages, f"{case}/reviewers", case, reviewer=reviewer)
    case = f"/office/applications/{walk.made(lambda: differing().key)}"
    settled = {"item-3-1-verdict": "carried_out", "item-3-1-reason": "写真で確認した"}
    walk.post(pages, f"{case}/items/3-1", case, **settled)
    review = walk.read(select(Review.key).where(Review.state == "handed_in"))
    walk.post(pages, f"/office/reviews/{review}/steps/send_back", case, **REASON)
    case = f"/office/applications/{walk.made(alike)}"
    walk.post(pages, f"{case}/names", case, note="住所も電話番号も別")
    page, cancel = walk.made(granted).split()
    walk.post(pages, cancel, page, **REASON)
    check(walk, "office")


def test_what_reviewers_do(app: Flask, walk: Walk) -> None:
    email, review = walk.made(invited)
    pages = Pages(app, email)
    walk.post(pages, f"{review}/declaration", review, step="declare_none")
    walk.made(lambda: judge(review.rpartition("/")[2]))
    walk.post(pages, f"{review}/hand-in", review)
    email, review = walk.made(reconsidering)
    walk.post(Pages(app, email), f"{review}/items/3-1", **{"item-3-1-reason": "もう一度見た"})
    check(walk, "reviewer")


def invited() -> tuple[str, str]:
    reviewer = person_in_english()
    case = factories.application(S.IN_REVIEW)
    review = reviews.assign(case, reviewer, factories.person(Office.OFFICE))
    return reviewer.email, f"/reviews/{review.key}"


def judge(key: str) -> None:
    review = db.session.scalars(select(Review).where(Review.key == key)).one()
    for item in results.asked(review.application):
        reviews.find(review, reviews.Judgement(item.id, Verdict.CARRIED_OUT, "確認した"))


def reconsidering() -> tuple[str, str]:
    review = reviews.of_application(differing())[-1]
    return review.reviewer.email, f"/reviews/{review.key}"


def test_what_the_council_does(app: Flask, walk: Walk) -> None:
    pages = Pages.of(app, Office.COUNCIL)
    case = f"/council/applications/{walk.made(lambda: factories.application(S.LISTED).key)}"
    walk.post(pages, f"{case}/decision", case, step="accredit")
    page = f"/council/accreditations/{walk.read(select(Accreditation.number))}"
    walk.post(pages, f"{page}/steps/suspend", page, **REASON)
    check(walk, "council")


def test_what_administrators_do(app: Flask, walk: Walk) -> None:
    pages = Pages.of(app, Office.ADMINISTRATOR)
    email, _ = equipped(app)
    person = f"/administration/people/{walk.read(select(Person.key).filter_by(email=email))}"
    walk.post(pages, f"{person}/appoint", person, office="office")
    walk.post(pages, f"{person}/dismiss", person, office="office")
    walk.post(pages, f"{person}/end-sessions", person)
    walk.post(pages, f"{person}/reset-factors", person)
    walk.post(pages, f"{person}/close", person)
    values = {"email": "new@example.jp", "office": "reviewer", "language": "ja"}
    html = walk.post(pages, "/administration/invitations/new", **values)
    revoke = re.findall(r"/administration/invitations/[a-z0-9]+/revoke", html)[0]
    walk.post(pages, revoke, "/administration/invitations")
    walk.post(pages, "/administration/outbox/try", "/administration/outbox")
    check(walk, "administrator")


def test_what_people_do_to_their_accounts(app: Flask, walk: Walk) -> None:
    email = walk.made(lambda: factories.person(language="en").email)
    pages = Pages(app, email)
    html = pages.post("/account/authenticator")
    secret = re.findall(r'class="secret"[^>]*>([A-Z2-7 ]+)<', html)[0].replace(" ", "")
    walk.post(pages, "/account/authenticator", code=TOTP(secret).at(clock.now()))
    walk.post(pages, "/account/recovery-codes")
    walk.post(pages, "/account/authenticator/remove")
    walk.post(pages, "/account/password", old_password=factories.PASSWORD, password=NEW)
    walk.post(pages, "/account/close")
    walk.post(pages, "/account/keep", "/account")
    Pages(app).post("/sign-up", {"email": "guest@example.jp"})
    link = link_in(last_mail(app, "guest@example.jp"))
    walk.post(Pages(app), link, name="見本 花子", password=NEW)
    values = {"email": "hand@example.jp", "office": "reviewer", "language": "en"}
    Pages.of(app, Office.ADMINISTRATOR).post("/administration/invitations/new", values)
    invitation = link_in(last_mail(app, "hand@example.jp"))
    walk.post(Pages(app), invitation, name="見本 手子", password=NEW)
    check(walk, "auth")
