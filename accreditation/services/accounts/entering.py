"""Ways into an account: signing up, the password, a mailed link; and changing the password."""

from accreditation.models import LinkPurpose, Person, SignIn
from accreditation.services import history
from accreditation.services.accounts import links, notices, passwords, second_factors, sessions
from accreditation.services.accounts import people as accounts
from accreditation.services.errors import ServiceError
from workflows.engine import N_

P = LinkPurpose


def ask_to_sign_up(email: str, language: str) -> None:
    """Mail a link to sign up; a known address gets one to a new password instead.

    Whoever asks can't tell the two apart: the answer is the mail. A closed account gets none.
    """
    known = accounts.by_address(email)
    purpose = P.NEW_PASSWORD if known else P.SIGN_UP
    template = "account/known" if known else "account/sign_up"
    language = known.language if known else language
    wanted = known is None or accounts.may_enter(known)
    links.send(purpose, email, language, template, wanted=wanted)


def ask_for_new_password(email: str) -> None:
    """Mail a link to a new password, if there is such an account; the answer never tells."""
    _ask(email, P.NEW_PASSWORD)


def ask_to_sign_in(email: str) -> None:
    """Mail a link that signs in without the password, as for `ask_for_new_password`."""
    _ask(email, P.SIGN_IN)


def _ask(email: str, purpose: LinkPurpose) -> None:
    known = accounts.by_address(email)
    language = known.language if known else "ja"
    wanted = known is not None and accounts.may_enter(known)
    links.send(purpose, email, language, f"account/{purpose}", wanted=wanted)


def sign_up(token: str, name: str, password: str) -> Person:
    """Use a sign-up link: make the account.

    ServiceError when the link is dead, and (field `password`) when the password is too weak;
    then the caller rolls back and the link still works.
    """
    link = links.use(token, P.SIGN_UP)
    return accounts.create(link.email, name, password, link.language)


def set_new_password(token: str, password: str) -> Person:
    """Use a link to a new password: every session of the account ends.

    ServiceError as for `sign_up`.
    """
    person = _owner_of(token, P.NEW_PASSWORD)
    change_password(person, password)
    return person


def enter_by_link(token: str) -> Person:
    """Use a link that signs in; ServiceError when it is dead."""
    return _owner_of(token, P.SIGN_IN)


def _owner_of(token: str, purpose: LinkPurpose) -> Person:
    person = accounts.by_address(links.use(token, purpose).email)
    if person is None or not accounts.may_enter(person):
        raise ServiceError(links.DEAD_LINK)
    return person


def check_password(email: str, password: str) -> Person | None:
    """Give the person whom address and password fit; the time taken tells nothing.

    Demonstration accounts open nothing outside the demonstration.
    """
    person = accounts.by_address(email)
    known = person if person and accounts.may_enter(person) else None
    fits = passwords.fits(password, known.password_hash if known else None)
    return known if fits else None


def change_password(person: Person, password: str, keep: SignIn | None = None) -> None:
    """Set a new password and end all sessions, but for the one that is kept; tell the owner.

    Links mailed before stop working. ServiceError (field `password`) when it is too weak.
    """
    second_factor = second_factors.has(person)
    about = (person.email, person.name)
    passwords.require_good(password, *about, second_factor=second_factor)
    hashed = passwords.hashed(password)
    history.lock(person)
    person.password_hash = hashed
    person.short_password = not passwords.stands_alone(password)
    sessions.end_all(person, keep)
    links.end_of(person)
    notices.tell(person, "change_password", N_("Your password was changed"))
