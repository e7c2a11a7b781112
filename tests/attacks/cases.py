"""What the stage of the attacks holds: cases in every state, and the words of every address."""

import re
from collections import defaultdict
from typing import Any

from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Call,
    Evidence,
    Incentive,
    Invitation,
    Mail,
    MemberRole,
    Office,
    Operator,
    Passkey,
    Person,
    Programme,
    Review,
    SignIn,
    Site,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, evidence, operators, results, reviews
from accreditation.services.accounts import addresses, closing, entering, invitations
from accreditation.services.steps import take_step
from tests import factories
from workflows.application import ApplicationState as S

Words = dict[str, list[Any]]


class Cast:
    """The people of the stage, by the role that they play."""

    def __init__(self) -> None:
        """Make an account for each role, and the operator that the owner acts for."""
        self.owner = factories.person(language="en")
        self.newcomer = factories.person(language="en")
        self.leaving = factories.person(language="en")
        self.half = factories.person(Office.OFFICE, language="en")
        self.office = factories.person(Office.OFFICE, language="en")
        self.reviewer = factories.person(Office.REVIEWER, language="en")
        self.council = factories.person(Office.COUNCIL, language="en")
        self.administrator = factories.person(Office.ADMINISTRATOR, language="en")
        self.clerk = factories.person(Office.REVIEWER, language="en")
        self.operator = factories.operator(self.owner, website="https://example.jp/inn")
        self.editor = factories.member(self.operator, MemberRole.EDITOR)

    @property
    def people(self) -> dict[str, Person]:
        """Everybody who signs in, by role."""
        return {role: one for role, one in vars(self).items() if isinstance(one, Person)}


def make() -> Cast:
    """Fill the database; the caller commits."""
    cast = Cast()
    call = factories.call(factories.programme())
    _under_way(cast, call)
    _decided(cast, call)
    _alike(call)
    factories.site(cast.operator)  # that nobody has applied for
    factories.programme()
    _accounts(cast)
    return cast


def _site(cast: Cast) -> Site:
    texts = {"description_ja": "見本の説明", "website": "https://example.jp/site"}
    return factories.site(cast.operator, name_kana="ミホン", **texts)


def _under_way(cast: Cast, call: Call) -> None:
    """Make a case in each state before the decision; the reviewer has one of each kind."""
    made = {
        state: factories.application(state, in_call=call, of=_site(cast), indicators=(1, 2, 3))
        for state in (S.DRAFT, S.RETURNED, S.WITHDRAWN, S.SUBMITTED, S.IN_REVIEW, S.LISTED)
    }
    draft = made[S.DRAFT]
    factories.answer_all(draft)
    evidence.attach(draft, "1-1", factories.file_of(draft))
    reviews.assign(made[S.IN_REVIEW], cast.reviewer, cast.office)
    _differing(cast, call)
    opened = factories.application(S.IN_REVIEW, in_call=call, of=_site(cast))
    review = factories.open_review(opened, cast.reviewer)
    for item in results.asked(opened):
        reviews.find(review, reviews.Judgement(item.id, Verdict.CARRIED_OUT, "確認した"))


def _differing(cast: Cast, call: Call) -> None:
    case = factories.application(S.IN_REVIEW, in_call=call, of=_site(cast), indicators=(1, 2, 3))
    factories.handed_in_review(case, cast.reviewer)
    factories.handed_in_review(case, otherwise={"3-1": Verdict.NOT_CARRIED_OUT})


def _decided(cast: Cast, call: Call) -> None:
    case = factories.draft(call, _site(cast))
    factories.answer_all(case)
    evidence.attach(case, "1-2", factories.file_of(case))
    applications.accept_terms(case, cast.owner)
    take_step(case, "submit", cast.owner)
    take_step(case, "accept", cast.office)
    factories.handed_in_review(case)
    factories.handed_in_review(case, otherwise={"1-2": Verdict.NOT_CARRIED_OUT})
    take_step(case, "list", cast.office)
    conditions = {"conditions": ["見本の条件"], "indicators": [1, 2]}
    take_step(case, "accredit_with_conditions", cast.council, note="", details=conditions)
    operators.tell_practices(case.site, cast.owner, {1: ("節電", "Saving power")})
    factories.application(S.REFUSED, in_call=call, of=_site(cast))


def _alike(call: Call) -> None:
    """Make a case whose site has a name that looks like an accredited one's."""
    for name, state in ("ホテルロビー", S.ACCREDITED), ("ホテル口ビー", S.SUBMITTED):
        factories.application(state, in_call=call, of=factories.site(name_ja=name))


def _accounts(cast: Cast) -> None:
    """Leave every kind of link open, and give the newcomer what is needed to sign in."""
    invitations.to_operator("friend@example.jp", cast.operator, MemberRole.VIEWER, cast.owner)
    invitations.to_office("clerk@example.jp", Office.OFFICE, "en", cast.administrator)
    entering.ask_to_sign_up("guest@example.jp", "en")
    entering.ask_to_sign_in(cast.newcomer.email)
    entering.ask_for_new_password(cast.owner.email)
    addresses.ask(cast.newcomer, "moved@example.jp")
    closing.ask(cast.leaving)
    key = {"credential_id": b"k" * 16, "public_key": b"p", "name": "見本の電話"}
    db.session.add(Passkey(person_id=cast.newcomer.id, made_at=clock.now(), **key))


def words_of(cast: Cast) -> Words:
    """Give for each variable of an address what stands on the stage; call it once all is there."""
    found = defaultdict(list, {name: _keys(kind) for name, kind in KEYED.items()})
    own = select(Application.key).join(Site).where(Site.operator_id == cast.operator.id)
    found["application"] = list(db.session.scalars(own.order_by(Application.id)))
    found["application"].append(db.session.scalars(_newest(Application)).one())
    found["operator"], found["account"] = [cast.operator.key], [cast.newcomer.key, cast.clerk.key]
    decided = select(Accreditation.number).join(Site).where(Site.operator_id == cast.operator.id)
    found["accreditation"] = found["number"] = [db.session.scalars(decided).one()]
    accredited = select(Site.key).join(Accreditation).where(Site.operator_id == cast.operator.id)
    found["site"] = [db.session.scalars(accredited).one(), cast.operator.sites[-1].key]
    bodies = "\n".join(db.session.scalars(select(Mail.body)))
    found["token"] = re.findall(r"/(?:link|invitation)/(\S+)", bodies)
    found["mail_id"] = [db.session.scalars(_newest(Mail, "id")).one()]
    found["item"], found["name"], found["filename"] = ["1-1", "3-1"], ["accept"], ["css/base.css"]
    found["key"] = [db.session.scalars(_newest(Invitation)).one()]
    found["session_id"] = [db.session.scalars(_newest(SignIn, "id")).one()]
    found["passkey_id"] = [db.session.scalars(_newest(Passkey, "id")).one()]
    return dict(found)


def _newest(kind: Any, column: str = "key") -> Any:
    return select(getattr(kind, column)).order_by(kind.id.desc()).limit(1)


KEYED: dict[str, Any] = {
    "evidence": Evidence,
    "review": Review,
    "call": Call,
    "programme": Programme,
    "incentive": Incentive,
    "operator": Operator,
}


def _keys(kind: Any) -> list[str]:
    return list(db.session.scalars(select(kind.key).order_by(kind.id)))
