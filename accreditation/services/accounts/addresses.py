"""Moving an account to another mail address, and taking that back.

Whoever holds the address can set a new password, so a thief would begin here. The new address is
proved by a link; the old one is told and may take the change back for three days.
"""

from sqlalchemy import delete

from accreditation.extensions import db
from accreditation.models import Authenticator, LinkPurpose, Passkey, Person, RecoveryCode
from accreditation.services import history
from accreditation.services.accounts import entering, links, people
from accreditation.services.errors import ServiceError
from workflows.engine import N_

P = LinkPurpose


def ask(person: Person, email: str) -> None:
    """Mail a link to the new address; one that has an account already is told so by mail.

    Whoever asks can't tell the two apart: that an address has an account is nobody's business.
    The owner of a closed account is left in peace.
    """
    known = people.by_address(email)
    template = "account/address_taken" if known else "account/new_address"
    wanted = known is None or people.may_enter(known)
    links.send(P.NEW_ADDRESS, email, person.language, template, person=person, wanted=wanted)


def move(token: str) -> Person:
    """Use the link to a new address; the old one gets a link that takes it back.

    ServiceError when the link is dead or somebody has an account there by now.
    """
    link = links.use(token, P.NEW_ADDRESS)
    person = _person_of(link.person_id)
    if people.by_address(link.email) is not None:
        raise ServiceError(N_("There is an account for this address already."))
    before, person.email = person.email, link.email
    links.end_to(before)
    db.session.flush()
    people.record(person, "change_address", person)
    links.send(P.KEEP_ADDRESS, before, person.language, "account/address_changed", person=person)
    return person


def take_back(token: str, password: str) -> Person:
    """Use the old address's link: it is the account's again, with a new password.

    Every session ends, and every passkey, authenticator and recovery code made since then is gone
    with whoever made it, and so are the links with which they could take it back in turn.
    ServiceError when the link is dead, or (field `password`) for a weak one.
    """
    link = links.use(token, P.KEEP_ADDRESS)
    person, since = _person_of(link.person_id), link.made_at
    if people.by_address(link.email) not in {None, person}:
        raise ServiceError(N_("There is an account for this address already."))
    person.email, person.closes_at = link.email, None
    for table in (Passkey, Authenticator, RecoveryCode):
        theirs = delete(table).where(table.person_id == person.id, table.made_at >= since)
        db.session.execute(theirs)
    links.end_later(link)
    db.session.flush()
    people.record(person, "take_address_back", person)
    entering.change_password(person, password)
    return person


def _person_of(person_id: int | None) -> Person:
    person = db.session.get(Person, person_id)
    history.lock(person)
    if person is None or not people.may_enter(person):
        raise ServiceError(links.DEAD_LINK)
    return person
