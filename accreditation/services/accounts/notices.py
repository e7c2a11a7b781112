"""Notices to the owner of an account: whatever changed how one gets into it is told by mail."""

from accreditation import clock
from accreditation.models import Person
from accreditation.services import mail
from accreditation.services.accounts import people


def tell(person: Person, act: str, what: str, *, actor: Person | None = None) -> None:
    """Record a change of how one gets into an account, and mail its owner.

    `act` names it in the history; `what` (a message id) is the mail's subject. `actor` is who
    did it, by default the owner.
    """
    people.record(person, act, actor or person)
    mail.write(person, "account/notice", what=what, moment=clock.now())
