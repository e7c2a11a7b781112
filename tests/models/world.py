"""A database in which every table has at least one row."""

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application, MemberRole, Office, Passkey, Reconciliation
from accreditation.schemes.rules import Verdict
from accreditation.services import evidence, operators
from accreditation.services.accounts import (
    addresses,
    entering,
    invitations,
    passkeys,
    second_factors,
    sessions,
)
from tests import factories
from workflows.application import ApplicationState


def fill() -> Application:
    """Make one accredited application with everything around it, and commit; gives it."""
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
    addresses.ask(owner, "moved@example.jp")
    second_factors.begin_authenticator(owner)
    second_factors.new_recovery_codes(owner)
    invitations.to_office("office@example.jp", Office.OFFICE, "ja", owner)
    invitations.to_operator("hand@example.jp", operator, MemberRole.EDITOR, owner)
    passkeys.ask(passkeys.RelyingParty("localhost", "http://localhost", "見本"), owner)
    key = {"credential_id": b"1", "public_key": b"2", "name": "見本の電話"}
    db.session.add(Passkey(person_id=owner.id, made_at=clock.now(), **key))
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
    db.session.commit()
    return made
