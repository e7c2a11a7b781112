"""A database in which every table has at least one row."""

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Application, Reconciliation
from accreditation.schemes.rules import Verdict
from accreditation.services import evidence, operators
from accreditation.services.accounts import entering, sessions
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
