"""Second factors: an authenticator's codes, recovery codes, passkeys; and who needs one."""

import hmac
import secrets
import unicodedata

import pyotp
from cryptography.fernet import InvalidToken
from sqlalchemy import delete, exists, func, select, update

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Authenticator, Office, Passkey, Person, RecoveryCode, SignIn
from accreditation.models.base import KEY_ALPHABET
from accreditation.services import history, vault
from accreditation.services.accounts import notices, passwords
from accreditation.services.accounts.tokens import token_hash
from accreditation.services.errors import ServiceError
from workflows.engine import N_

NEED_ONE = frozenset({Office.OFFICE, Office.COUNCIL, Office.ADMINISTRATOR})
STEP = 30  # seconds that a code lasts: RFC 6238, section 5.2
DRIFT = 1  # steps by which the clock of a telephone may be wrong: the same section
RECOVERY_CODES = 10
_GROUPS, _GROUP = 6, 4  # about 119 bits: enough for a plain hash, OWASP ASVS 5.0, 6.5.2
_WRONG = N_("This code is not right. Codes change every half minute, and each works once.")


def has(person: Person) -> bool:
    """Say whether a person has set up a second factor."""
    confirmed = exists().where(
        Authenticator.person_id == person.id, Authenticator.confirmed_at.is_not(None)
    )
    passkey = exists().where(Passkey.person_id == person.id)
    return bool(db.session.scalar(select(confirmed | passkey)))


def needed(person: Person) -> bool:
    """Say whether a person's offices ask for a second factor."""
    return bool(person.offices & NEED_ONE)


def authenticator_of(person: Person) -> Authenticator | None:
    """Give a person's authenticator, if one is set up."""
    found = db.session.get(Authenticator, person.id)
    return found if found and found.confirmed_at else None


def begin_authenticator(person: Person) -> str:
    """Give the secret for a new authenticator, base 32; the same until it is confirmed."""
    history.lock(person)
    found = db.session.get(Authenticator, person.id)
    if found is None:
        found = Authenticator(
            person_id=person.id, secret=vault.lock_up(pyotp.random_base32()), made_at=clock.now()
        )
        db.session.add(found)
        db.session.flush()
    if found.confirmed_at:
        raise ServiceError(N_("An authenticator is set up already."))
    return vault.take_out(found.secret)


def address_of(person: Person, secret: str, site: str) -> str:
    """Give what the QR code of a new authenticator holds (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=site)


def shortest_password(person: Person) -> int:
    """Give how many characters a person's password needs at least."""
    return passwords.SHORTEST_OF_TWO if has(person) else passwords.SHORTEST


def confirm_authenticator(person: Person, code: str) -> list[str]:
    """Let the first code confirm a new authenticator; give the recovery codes, shown this once.

    ServiceError (field `code`) when it is not right.
    """
    history.lock(person)
    found = db.session.get(Authenticator, person.id)
    if found is None or found.confirmed_at or not _take_code(found, _plain(code)):
        raise ServiceError(_WRONG, field="code")
    found.confirmed_at = clock.now()
    notices.tell(person, "add_authenticator", N_("An authenticator was set up for your account"))
    return new_recovery_codes(person)


def check(person: Person, code: str) -> None:
    """Take a code of the authenticator, or a recovery code; each works once.

    ServiceError (field `code`) when it is not right.
    """
    plain, found = _plain(code), authenticator_of(person)
    if found and _take_code(found, plain):
        return
    if not _take_recovery_code(person, plain):
        raise ServiceError(_WRONG, field="code")


def new_recovery_codes(person: Person) -> list[str]:
    """Make recovery codes anew, shown this once; those before work no more."""
    history.lock(person)
    db.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
    )
    codes = [_random_code() for _ in range(RECOVERY_CODES)]
    for code in codes:
        kept = token_hash(_plain(code))
        db.session.add(RecoveryCode(person_id=person.id, code_hash=kept, made_at=clock.now()))
    notices.tell(person, "make_recovery_codes", N_("New recovery codes were made for your account"))
    return codes


def recovery_codes_left(person: Person) -> int:
    """Count the recovery codes that were not used yet."""
    chosen = select(func.count()).select_from(RecoveryCode)
    unused = chosen.where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def remove_authenticator(person: Person) -> None:
    """Take one's authenticator away; ServiceError when it is the last second factor needed."""
    history.lock(person)
    found = db.session.get(Authenticator, person.id)
    if found is None:
        return
    db.session.delete(found)
    db.session.flush()
    require_enough(person)
    what = N_("The authenticator of your account was removed")
    notices.tell(person, "remove_authenticator", what)


def reset(person: Person, actor: Person) -> None:
    """Take all second factors of somebody away who lost them, and end all their sessions.

    The administrator has made sure who they are; what their office asks for, they set up anew. A
    password that is too short to stand alone goes too: a mailed link sets another one.
    """
    history.lock(actor)
    if person.short_password:
        person.password_hash, person.short_password = passwords.NONE, False
    for table in (Authenticator, Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == person.id))
    ended = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    db.session.execute(ended.values(ended_at=clock.now()))
    what = N_("All second factors of your account were removed")
    notices.tell(person, "reset_factors", what, actor=actor)


def require_enough(person: Person) -> None:
    """Refuse to leave a person without a second factor who needs one; ServiceError says why."""
    if has(person):
        return
    if needed(person):
        why = N_("Your office asks for a second factor. Please set up another one first.")
        raise ServiceError(why)
    if person.short_password:
        why = N_("Your password is too short to be used alone. Please choose a longer one first.")
        raise ServiceError(why)


def current_code(person: Person) -> str | None:
    """Give the code that a person's authenticator shows now; for the demonstration only."""
    found = authenticator_of(person)
    return pyotp.TOTP(vault.take_out(found.secret)).at(clock.now()) if found else None


def _take_code(authenticator: Authenticator, code: str) -> bool:
    """Take a code of the present time step or its neighbours; of two at once, one is refused.

    None is right where the key to the secret was lost: then the recovery codes still work.
    """
    try:
        clockwork = pyotp.TOTP(vault.take_out(authenticator.secret))
    except InvalidToken:
        return False
    now = int(clock.now().timestamp()) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(clockwork.at(step * STEP), code):
            newer = update(Authenticator).where(
                Authenticator.person_id == authenticator.person_id, Authenticator.last_step < step
            )
            taken = newer.values(last_step=step).returning(Authenticator.person_id)
            return db.session.scalar(taken) is not None
    return False


def _take_recovery_code(person: Person, code: str) -> bool:
    unused = update(RecoveryCode).where(
        RecoveryCode.person_id == person.id,
        RecoveryCode.code_hash == token_hash(code),
        RecoveryCode.used_at.is_(None),
    )
    used = unused.values(used_at=clock.now()).returning(RecoveryCode.id)
    if db.session.scalar(used) is None:
        return False
    notices.tell(person, "use_recovery_code", N_("A recovery code of your account was used"))
    return True


def _plain(code: str) -> str:
    """Write a code as it is compared: however it was spaced, and on whichever keyboard."""
    text = unicodedata.normalize("NFKC", code).casefold()
    return "".join(character for character in text if character.isalnum() and character.isascii())


def _random_code() -> str:
    groups = ("".join(secrets.choice(KEY_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
