"""One-time links: mailed, kept as hashes, used once and by POST only."""

from datetime import timedelta

from sqlalchemy import select, update

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import LinkPurpose, OneTimeLink, Person
from accreditation.services import history, mail
from accreditation.services.accounts.people import normal_address
from accreditation.services.accounts.tokens import new_token, token_hash
from accreditation.services.errors import ServiceError
from workflows.engine import N_

P = LinkPurpose
DEAD_LINK = N_("This link does not work any more. Please ask for a new one.")
LINK_HOURS = 24
SIGN_IN_MINUTES = 10
KEPT_HOURS = 72  # how long the owner of an account may take back what a thief did to it
_LASTS = {
    P.SIGN_UP: timedelta(hours=LINK_HOURS),
    P.NEW_PASSWORD: timedelta(hours=LINK_HOURS),
    P.NEW_ADDRESS: timedelta(hours=LINK_HOURS),
    P.SIGN_IN: timedelta(minutes=SIGN_IN_MINUTES),
    P.KEEP_ADDRESS: timedelta(hours=KEPT_HOURS),
    P.KEEP_ACCOUNT: timedelta(hours=KEPT_HOURS),
}
# These rescue an account: nothing that a thief can do in it ends them.
RESCUES = frozenset({P.KEEP_ADDRESS, P.KEEP_ACCOUNT})


def send(  # noqa: PLR0913 - what a link is for, to whom and about whom, each by its name
    purpose: LinkPurpose,
    email: str,
    language: str,
    template: str,
    *,
    person: Person | None = None,
    wanted: bool = True,
) -> None:
    """Mail a link to an address; a link that is not wanted is dead from the start.

    Its mail is written too, and taken back: the time that it takes tells nothing of who has an
    account. `person` is whose account it changes, where the address is not that account's.
    """
    token, lasts = new_token(), _LASTS[purpose]
    link = OneTimeLink(
        token_hash=token_hash(token),
        purpose=purpose,
        email=normal_address(email),
        person_id=person.id if person else None,
        language=language,
        made_at=clock.now(),
        expires_at=clock.now() + lasts,
        used_at=None if wanted else clock.now(),
    )
    db.session.add(link)
    minutes = int(lasts.total_seconds()) // 60
    written = mail.write_to(
        link.email, language, template, token=token, minutes=minutes, hours=minutes // 60
    )
    db.session.flush()
    if not wanted:
        db.session.delete(written)


def of_token(token: str) -> OneTimeLink | None:
    """Find a link that was neither used nor has run out."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token)))
    return link if link and link.used_at is None and link.expires_at > clock.now() else None


def use(token: str, purpose: LinkPurpose) -> OneTimeLink:
    """Use up a link; of two at once, one finds it used. ServiceError when it is dead.

    A link into an account ends all others into it.
    """
    history.lock()
    link = of_token(token)
    if link is None or link.purpose != purpose or not _end(OneTimeLink.id == link.id):
        raise ServiceError(DEAD_LINK)
    if purpose not in RESCUES:
        end_to(link.email)
    return link


def end_to(email: str) -> None:
    """End all links mailed to an address, but for those that rescue an account."""
    _end(OneTimeLink.email == email, OneTimeLink.purpose.not_in(RESCUES))


def end_of(person: Person) -> None:
    """End all links into an account, but for those that rescue it."""
    end_to(person.email)
    _end(OneTimeLink.person_id == person.id, OneTimeLink.purpose.not_in(RESCUES))


def end_later(link: OneTimeLink) -> None:
    """End the links that change the same account and were mailed after one, whatever their use."""
    _end(OneTimeLink.person_id == link.person_id, OneTimeLink.id > link.id)


def _end(*which: object) -> bool:
    """End links that were not used yet; say whether there was any."""
    alive = update(OneTimeLink).where(OneTimeLink.used_at.is_(None), *which)  # type: ignore[arg-type] # conditions, as SQLAlchemy's own where() takes them
    ended = alive.values(used_at=clock.now()).returning(OneTimeLink.id)
    return bool(db.session.scalars(ended).all())
