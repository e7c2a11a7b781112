"""Passwords: how they are kept, and what makes one too weak."""

import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from accreditation.services.errors import ServiceError
from workflows.engine import N_

SHORTEST = 15  # characters where it stands alone: NIST SP 800-63B-4, section 3.1.1.2
SHORTEST_OF_TWO = 8  # the same section: where a second factor is asked for too
LONGEST = 256
NONE = "!"  # what is kept where no password opens the account
_CHECKED = 72  # characters that the strength estimate reads; more only makes it slower
_STRONG_ENOUGH = 3  # of 4: more than 10^8 guesses
_LEAST_REST = 8  # letters and digits besides the words that anybody would try first
_OWN_WORDS = ("accreditation", "kanazawa", "金沢", "sdgs", "tourism", "認定")
# OWASP's parameters for argon2id: 19 MiB, 2 rounds, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(32))


def normal_password(password: str) -> str:
    """Write a password in one form, so that it fits from every keyboard and system.

    Source: NIST SP 800-63B-4, section 3.1.1.2 (normalisation NFKC before hashing).
    """
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """Hash a password for the database."""
    return _hasher.hash(normal_password(password))


def fits(password: str, kept: str | None) -> bool:
    """Say whether a password is the one that was hashed; without any it takes the same time."""
    try:
        _hasher.verify(kept or _nobody, normal_password(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def stands_alone(password: str) -> bool:
    """Say whether a password is long enough without a second factor."""
    return len(normal_password(password)) >= SHORTEST


def require_good(password: str, *about: str, second_factor: bool = False) -> None:
    """Refuse a short or common password; ServiceError (field `password`) says why.

    `about` is what is known of its owner: name and address make poor passwords.
    """
    if why := objection(password, about, SHORTEST_OF_TWO if second_factor else SHORTEST):
        shortest = SHORTEST_OF_TWO if second_factor else SHORTEST
        raise ServiceError(why, field="password", shortest=shortest, longest=LONGEST)


def objection(password: str, about: tuple[str, ...] = (), shortest: int = SHORTEST) -> str | None:
    """Say what speaks against a password (a message id), or None."""
    password = normal_password(password)
    if len(password) < shortest:
        return N_("Please use at least %(shortest)s characters; a sentence is fine.")
    if len(password) > LONGEST:
        return N_("Please use at most %(longest)s characters.")
    known = {word for text in (*about, *_OWN_WORDS) for word in _words(text)}
    found = zxcvbn(password[:_CHECKED], user_inputs=sorted(known))
    if found["score"] < _STRONG_ENOUGH or _is_made_of(known, password):
        return N_("This password is too common or too easy to guess. Please choose another one.")
    return None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s@.]+", text.casefold()) if len(word) > 1]


def _is_made_of(known: set[str], password: str) -> bool:
    """Whether hardly anything is left of a password without the words that are known."""
    rest = password.casefold()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return sum(character.isalnum() for character in rest) < _LEAST_REST
