"""A database in which every table has at least one row."""

from datetime import timedelta

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Authenticator,
    Base,
    Challenge,
    Erasure,
    IdempotencyKey,
    Invitation,
    LinkPurpose,
    MemberRole,
    Office,
    OneTimeLink,
    Operator,
    Passkey,
    Person,
    Reconciliation,
    RecoveryCode,
    Switch,
    SwitchName,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import evidence, operators
from accreditation.services.accounts import entering, sessions
from tests import factories
from workflows.application import ApplicationState


def fill() -> None:
    """Make one accredited application with everything around it, and commit."""
    made = factories.application(
        ApplicationState.ACCREDITED, in_call=factories.call(factories.programme())
    )
    operator, site = made.site.operator, made.site
    owner = factories.owner_of(operator)
    draft = factories.draft(made.call, factories.site(operator))
    evidence.attach(draft, "1-1", factories.file_of(draft))
    operators.tell_practices(site, owner, {1: ("節電", "Saving power")})
    sessions.begin(owner)
    entering.ask_to_sign_up("new@example.jp", "ja")
    db.session.add(
        Reconciliation(
            application_id=made.id,
            item="1-1",
            verdict=Verdict.CARRIED_OUT,
            reason="見本の理由",
            settled_by=owner,
            settled_at=clock.now(),
        )
    )
    db.session.add_all(_of_account(owner))
    db.session.add_all(_invitations(owner, operator))
    db.session.add(Switch(name=SwitchName.ISSUANCE))
    db.session.add(Erasure(what="mails", subject="case x", announced_on=clock.today()))
    db.session.commit()


def _of_account(person: Person) -> list[Base]:
    now, later, number = clock.now(), clock.now() + timedelta(days=1), person.id
    return [
        Authenticator(person_id=number, secret="sealed", made_at=now),
        Challenge(challenge_hash="c" * 64, person_id=number, expires_at=later),
        IdempotencyKey(
            key_hash="k" * 64,
            person_id=number,
            act="submit",
            subject_type="application",
            subject_id=1,
            fingerprint="f" * 64,
            done_at=now,
        ),
        OneTimeLink(
            token_hash="l" * 64,
            purpose=LinkPurpose.NEW_ADDRESS,
            email=person.email,
            person_id=number,
            language="ja",
            made_at=now,
            expires_at=later,
        ),
        Passkey(person_id=number, credential_id=b"p", public_key=b"k", name="電話", made_at=now),
        RecoveryCode(person_id=number, code_hash="r" * 64, made_at=now),
    ]


def _invitations(by: Person, operator: Operator) -> list[Base]:
    """Make one to an office and one to an operator."""
    given = {
        "email": "invited@example.jp",
        "language": "ja",
        "invited_by_id": by.id,
        "invited_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=1),
    }
    to_office = Invitation(token_hash="o" * 64, office=Office.REVIEWER, **given)
    editor = MemberRole.EDITOR
    to_operator = Invitation(token_hash="i" * 64, operator_id=operator.id, role=editor, **given)
    return [to_office, to_operator]
